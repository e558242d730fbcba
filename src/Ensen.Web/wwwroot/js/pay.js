// Pays once, whatever the network does. The intent's id is made before the first try and kept in this browser until the
// outcome is known, through retries, reloads and restarts. Three results: paid, not paid, checking (which resolves itself).
//
//   <form method="post" action="/pay/…" data-pay data-ask="/pay/intents/" data-store="name shown again after a restart">
//     <input type="hidden" name="intent" value="(a new id from the server)">
//     … <p data-pay-said role="status" hidden data-checking="…" data-refused="…" data-lost="…" data-paid="…"></p>
//   </form>
//   on any page a member may come back to: <div data-pay-pending data-ask="/pay/intents/" data-yen="{0}円" role="status" hidden …the same texts></div>
//
// POST action (Accept: application/json) and GET data-ask + intent both answer
//   {"result":"paid","url":"/…"} | {"result":"refused","message":"…"} | {"result":"checking"};
// a refusal with a url is told by that page instead. GET answers 404 while nothing of the intent is known. Without script the form is posted plainly and the server redirects; so it is when
// anything in here breaks: with the same intent, which is paid once.

import { arrive } from './arrive.js';
import { bodyOf, fetchWithin, kept as browser, parsed, senderOf, sendPlainly } from './browsers.js';
import { sign } from './device.js';
import { amount as read } from './digits.js';

let kept = 'ensen.intent'; // data-kept gives another: a till in the same browser keeps its own
const pauses = [700, 1500, 2500, 4000, 6000, 10000];
const sendAgainFor = 20000; // later the shop may have moved on: only ask, never send
const lostAfter = 45000; // longer than GeneralLedger.OutcomeKnownWithin: by now it is in the books or never will be

/** @returns {{id: string, sentAt: number, store: string, amount: string} | null} */
const pending = () => {
  const intent = parsed(browser.get(kept));
  return intent && intent.id ? intent : null;
};
const keep = intent => browser.set(kept, JSON.stringify(intent));
/** Another tab may have begun another since: that one stays. */
const forget = intent => {
  const open = pending();
  if (open && intent && open.id === intent.id) browser.drop(kept);
};
const wait = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
const tone = result => ({ paid: 'note good', checking: 'note warn' })[result] || 'note bad';

/** A new intent's id: a UUIDv7, as the ledger's own. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setUint32(0, Math.floor(Date.now() / 0x10000));
  new DataView(bytes.buffer).setUint16(4, Date.now() % 0x10000);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** One question to the server; null when it gave no usable answer. That nothing is known (404) is an answer. */
async function ask(address, options = {}) {
  try {
    const response = await fetchWithin(8000, address, { ...options, headers: { Accept: 'application/json' }, cache: 'no-store' });
    if (response.status === 404) return { result: 'unknown' };
    if (!(response.headers.get('content-type') || '').includes('json')) return response.redirected ? { result: 'elsewhere', url: response.url } : null;
    const answer = await response.json();
    if (answer.result) return answer;
    const refused = response.status >= 400 && response.status < 500 && ![408, 409, 425, 429].includes(response.status);
    return refused ? { result: 'refused', message: answer.detail } : null;
  } catch {
    return null;
  }
}

/**
 * Asks, and while the payment is young sends again with the same id, until the outcome is known. What another tab keeps or forgets
 * meanwhile says nothing of this one.
 * @param {{id: string, sentAt: number}} intent
 * @param {string} address where to ask
 * @param {() => Promise<object | null>} [send]
 */
async function settle(intent, address, send) {
  for (let turn = 0; ; turn++) {
    const age = Date.now() - intent.sentAt;
    let answer = await ask(address + encodeURIComponent(intent.id));
    if (!answer) answer = { result: 'checking' };
    if (answer.result === 'unknown' && send && age < sendAgainFor) answer = await send();
    else if (answer.result === 'unknown' && age > lostAfter) return { result: 'lost' };
    if (answer && answer.result !== 'checking' && answer.result !== 'unknown') return answer;
    await wait(pauses[Math.min(turn, pauses.length - 1)]);
  }
}

/** @param {HTMLElement} element the form, or the place on another page that tells of a payment left open */
export function start(element, attribute) {
  kept = element.dataset.kept || kept;
  if (attribute === 'data-pay') watch(element);
  else remind(element).catch(console.error);
}

/** @param {HTMLFormElement} form */
function watch(form) {
  const said = form.querySelector('[data-pay-said]');
  // data-intent names another field where what is sent has a number of its own: the receipt of a point till.
  const field = form.elements.namedItem(form.dataset.intent || 'intent');
  let busy = false;
  let intent = pending();

  const lock = on => {
    busy = on;
    for (const part of form.children) part.inert = on && !part.contains(said);
  };
  const say = (result, message) => {
    said.hidden = false;
    said.className = tone(result);
    said.textContent = message || said.dataset[result];
  };
  const finish = answer => {
    if (answer.result === 'elsewhere') return location.assign(back(answer.url)); // signed out while asking: the intent stays open
    forget(intent);
    if (answer.url) return arrive(answer.url);
    say(answer.result, answer.message);
    lock(false);
    if (!form.dataset.intent) field.value = newId(); // the next try is another payment
    const train = form.querySelector('[data-swipe]');
    if (train) train.dispatchEvent(new Event('swipe:reset'));
    said.scrollIntoView({ block: 'nearest' });
    said.dispatchEvent(new CustomEvent('pay:said', { bubbles: true, detail: { result: answer.result, message: said.textContent } }));
  };

  // Signed out, and the way back leads to this page as it was filled in, or at least with its amount: what is left of the address is where
  // to sign in.
  const back = address => {
    const door = new URL(address);
    // The form as it was sent is sealed in it, unless a page that lasts longer is named.
    if (!form.dataset.here && /[?&]again=/.test(door.searchParams.get('then') || '')) return door.href;
    const here = new URL(form.dataset.here || location.href, location.href);
    const field = form.elements.namedItem('amount'), amount = field && read(field.value);
    if (amount) here.searchParams.set('amount', amount);
    door.searchParams.set('then', here.pathname + here.search);
    return door.href;
  };

  const pay = async button => {
    const body = bodyOf(form, button);
    const send = () => ask(form.action, { method: 'POST', body });
    intent = { id: field.value.trim(), sentAt: Date.now(), store: form.dataset.store || '', amount: read(body.get('amount') || '') || '' };
    keep(intent);
    lock(true);
    await sign(form, body);
    const slow = setTimeout(say, 1200, 'checking');
    let answer = await send();
    if (answer && answer.result === 'elsewhere') forget(intent); // turned away at the door: nothing of it is known inside, nothing is open
    if (!answer || answer.result === 'checking' || answer.result === 'unknown') {
      say('checking');
      answer = await settle(intent, form.dataset.ask, send);
    }
    clearTimeout(slow);
    return answer;
  };

  form.addEventListener('submit', event => {
    event.preventDefault();
    if (busy) return;
    const button = senderOf(event);
    // Whatever breaks before the outcome is known: the plain form asks with the same intent. After it: the page shows what is so.
    pay(button).then(answer => {
      try {
        finish(answer);
      } catch (error) {
        console.error(error);
        location.assign(answer.url || location.href);
      }
    }, error => {
      console.error(error);
      sendPlainly(form, button);
    });
  });

  if (!intent) return;
  lock(true);
  say('checking');
  settle(intent, form.dataset.ask).then(finish).catch(() => lock(false));
}

/** @param {HTMLElement} place */
async function remind(place) {
  const open = pending();
  if (!open) return;
  const tell = result => {
    const amount = open.amount && place.dataset.yen.replace('{0}', Number(open.amount).toLocaleString('en-US'));
    place.hidden = false;
    place.className = tone(result);
    place.textContent = [open.store, amount, place.dataset[result]].filter(Boolean).join(' ');
  };
  tell('checking');
  const answer = await settle(open, place.dataset.ask);
  if (answer.result === 'elsewhere') return;
  forget(open);
  tell(answer.result);
  if (!answer.url) return;
  const link = place.appendChild(document.createElement('a'));
  link.href = answer.url;
  link.textContent = ' →';
}
