// The key of this browser: made when somebody signs in, kept where no script can read it, and known to the server by its public half. What a
// page pays, sends or shows is signed with it, so that a cookie alone is worth nothing.
//
//   <input type="hidden" name="deviceKey" data-device-key>   on a form that signs in: filled with the public half of a new key
//   <form data-device="(name of the session's key)">         bodies of these are signed (sign)
//
// A browser without WebCrypto or IndexedDB signs nothing; the server asks it each time who it is (SignedByDevice.cs).

import { send, senderOf } from './browsers.js';

const patience = 4000;
const most = 20; // keys kept: one for each time that somebody came to sign in

const textOf = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const nameOf = bytes => textOf(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

const done = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** Some browsers never answer at all (WebKit's bug 226547): then there are no keys, and nobody is kept waiting for one. */
const within = (milliseconds, promise) => Promise.race([
  promise, new Promise((_, reject) => { setTimeout(() => reject(new Error('No answer from IndexedDB')), milliseconds); })]);

/** Does something with the keys that are kept, in one transaction. @param {(keys: IDBObjectStore) => Promise<any>} act */
async function withKeys(act) {
  const asked = indexedDB.open('ensen', 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore('device', { keyPath: 'name' });
  const database = await done(asked);
  try {
    return await act(database.transaction('device', 'readwrite').objectStore('device'));
  } finally {
    database.close();
  }
}

/** Makes a key and keeps it. Returns its public half in base64; nothing where the browser has no keys. */
async function make() {
  if (!window.crypto || !crypto.subtle || !window.indexedDB) return '';
  const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const shown = await crypto.subtle.exportKey('spki', publicKey);
  const name = nameOf(await crypto.subtle.digest('SHA-256', shown));
  await withKeys(async keys => {
    const before = await done(keys.getAll());
    before.sort((a, b) => b.at - a.at).slice(most - 1).forEach(old => keys.delete(old.name));
    return done(keys.put({ name, key: privateKey, next: 1, at: Date.now() }));
  });
  return textOf(shown);
}

/** The session's key and the next number of it, which is used up. @param {string} name */
const next = name => withKeys(async keys => {
  const found = await done(keys.get(name));
  if (!found) return null;
  await done(keys.put({ ...found, next: found.next + 1, at: Date.now() }));
  return found;
});

const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Signs what a form sends, where its session has a key: adds the number and the signature.
 * @param {HTMLFormElement} form @param {URLSearchParams} body
 */
export async function sign(form, body) {
  if (!form.dataset.device) return body;
  try {
    const found = await within(patience, next(form.dataset.device));
    if (!found) return body;
    const fields = [...body].filter(([name]) => name[0] !== '_').sort((a, b) => order(a[0], b[0]) || order(a[1], b[1]));
    const text = `ensen 1\n${new URL(form.action).pathname}\n${found.next}\n`
      + fields.map(([name, value]) => `${name.length}:${name}${value.length}:${value}`).join('');
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, found.key, new TextEncoder().encode(text));
    body.append('deviceNumber', String(found.next));
    body.append('deviceSignature', nameOf(signature));
  } catch (error) {
    console.warn(error); // Unsigned: the server asks who it is.
  }
  return body;
}

let made = null; // one key, whichever form of the page signs in

/** @param {HTMLInputElement} field */
export function start(field) {
  const form = field.form;
  let ready = false;
  made = made || make();
  const filled = within(patience, made).then(key => { field.value = key; }, console.warn).then(() => { ready = true; });
  // Whoever is quicker than the key waits for it.
  form.addEventListener('submit', event => {
    if (ready) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = senderOf(event);
    filled.then(() => send(form, button));
  }, true);
}
