// Asks the device for a new passkey, or for a signature with one.
//
//   <form method="post" action="(keeps it, or lets in)" data-passkey="create | get" data-ask="(says what to ask the device)"
//     data-failed="…" data-cancelled="…" data-there="…" data-passkey-fill>
//     … <p data-passkey-said role="alert" hidden></p> <button>
//   </form>
//
// Both addresses are sent the fields of the form and answer JSON: {"options":{…},"ticket":"…"} | {"url":"/…"} | {"message":"…"}. What the device
// made goes to the action as `credential`, with the ticket; a form that has fields of these names is sent plainly and leads on by itself. With data-passkey-fill the browser offers passkeys beside the fields of the page, too
// (autocomplete="… webauthn"), where it can. A browser without passkeys hides the form: a password does the same.

import { bodyOf, fetchWithin, sendPlainly } from './browsers.js';

const bytesOf = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0));
const textOf = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

/** The options as the browser wants them: bytes where JSON has texts. */
function forDevice(options) {
  const named = list => (list || []).map(one => ({ ...one, id: bytesOf(one.id) }));
  const made = { ...options, challenge: bytesOf(options.challenge) };
  if (options.user) made.user = { ...options.user, id: bytesOf(options.user.id) };
  if (options.excludeCredentials) made.excludeCredentials = named(options.excludeCredentials);
  if (options.allowCredentials) made.allowCredentials = named(options.allowCredentials);
  return made;
}

/** What the device answered, as JSON has it. @param {PublicKeyCredential} credential */
function forServer({ id, rawId, type, response, authenticatorAttachment }) {
  const sent = { clientDataJSON: textOf(response.clientDataJSON) };
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) if (response[name]) sent[name] = textOf(response[name]);
  if (response.getTransports) sent.transports = response.getTransports();
  return JSON.stringify({ id, rawId: textOf(rawId), type, response: sent, clientExtensionResults: {}, authenticatorAttachment: authenticatorAttachment || undefined });
}

/** @param {HTMLFormElement} form */
export function start(form) {
  if (!window.PublicKeyCredential || !navigator.credentials || typeof AbortController === 'undefined') {
    form.hidden = true;
    return;
  }
  const said = form.querySelector('[data-passkey-said]');
  const button = form.querySelector('button');
  const say = words => {
    said.textContent = words;
    said.hidden = !words;
  };
  const ask = async (address, body) => {
    const answer = await fetchWithin(15000, address, { method: 'POST', body, headers: { Accept: 'application/json' }, cache: 'no-store' });
    if ((answer.headers.get('content-type') || '').includes('json')) return answer.json();
    if (answer.redirected) return { url: answer.url }; // signed out: where to sign in
    throw new Error(`${address}: ${answer.status}`);
  };

  let stop = null, again = 0;
  const run = async mediation => {
    if (stop) stop.abort();
    clearTimeout(again);
    const mine = stop = new AbortController();
    const asked = await ask(form.dataset.ask, bodyOf(form));
    if (mine.signal.aborted) throw new DOMException('Asked anew', 'AbortError');
    if (!asked.options) return asked;
    const publicKey = forDevice(asked.options);
    // A challenge lives for some minutes, a page for longer: what waits beside the fields is asked anew before.
    if (mediation) again = setTimeout(wait, asked.options.timeout - 60000);
    const credential = form.dataset.passkey === 'create'
      ? await navigator.credentials.create({ publicKey, signal: mine.signal })
      : await navigator.credentials.get({ publicKey, mediation, signal: mine.signal });
    clearTimeout(again);
    const fields = { ticket: asked.ticket, credential: forServer(credential) };
    if (form.elements.namedItem('credential')) {
      for (const name of Object.keys(fields)) form.elements.namedItem(name).value = fields[name];
      sendPlainly(form);
      return { sent: true };
    }
    const body = bodyOf(form);
    for (const name of Object.keys(fields)) body.set(name, fields[name]);
    return ask(form.action, body);
  };
  const finish = answer => {
    if (answer.sent) return;
    if (answer.url) return location.assign(answer.url);
    button.disabled = false;
    say(answer.message || '');
  };
  // A device that keeps no passkeys (NotSupportedError) offers none: the fields of the page stay, and nothing is wrong.
  const quiet = ['AbortError', 'NotAllowedError', 'NotSupportedError'];
  const wait = () => run('conditional').then(finish, error => {
    if (error.name === 'NotSupportedError') clearTimeout(again);
    if (!quiet.includes(error.name)) console.error(error);
  });

  form.addEventListener('submit', event => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    say('');
    run().then(finish, error => {
      button.disabled = false;
      say(error.name === 'NotAllowedError' || error.name === 'AbortError' ? form.dataset.cancelled
        : error.name === 'InvalidStateError' && form.dataset.there ? form.dataset.there
        : form.dataset.failed);
    });
  });

  if (!('passkeyFill' in form.dataset) || !PublicKeyCredential.isConditionalMediationAvailable) return;
  PublicKeyCredential.isConditionalMediationAvailable().then(can => { if (can) wait(); }, () => {});
}
