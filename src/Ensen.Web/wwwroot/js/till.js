// The till when a payment arrives: a chime, the amount said aloud, and the page's parts drawn anew. A refusal has its own sound. The screen stays on.
//
//   <div data-till data-say="{0}円 いただきました" data-say-refund="{0}円 返金しました" data-say-off="つながっていません">
//     <section data-part="last">…  <section data-part="today">…        drawn anew, also twice a minute
//     <p data-quiet>…                                                   there until sound is allowed (a first touch)
//     <section data-awaits="ORDER" data-lapse-in="300">…                a code for one payment: leaves when its order is paid
//   with [data-live] somewhere on the page. Events carry {"amount": 1200, "receiptNumber": "7QX-2049", "orderId": "ORDER"}.

import { arrive } from './arrive.js';
import { mayBeHeard, stayAwake } from './browsers.js';
import { buzz, chime, speak } from './chime.js';
import { refresh } from './parts.js';
import { toast } from './toast.js';

const lookAnyway = 30000;
const till = () => document.querySelector('[data-till]');
const says = () => (till() || { dataset: {} }).dataset;
const words = (text, amount) => (text || '').replace('{0}', Number(amount).toLocaleString('en-US'));
let listening = false, lapse = 0;

/** Called for each page of the till; the document keeps its ears when one page gives way to another. */
export function start() {
  hush();
  endInTime();
  stayAwake();
  if (listening) return;
  listening = true;
  document.addEventListener('live:payment', ({ detail }) => heard(says().say, detail));
  document.addEventListener('live:refund', ({ detail }) => heard(says().sayRefund, detail));
  document.addEventListener('live:change', () => refresh());
  // A refusal is heard on both sides of the counter: the bell is for money.
  document.addEventListener('pay:said', ({ detail }) => {
    if (detail.result === 'refused' || detail.result === 'lost') buzz().then(() => speak(detail.message));
  });
  document.addEventListener('live:state', ({ detail }) => detail === 'off' && speak(says().sayOff));
  setInterval(() => { if (!document.hidden) refreshParts(); }, lookAnyway);
  // After the touch, never during it: what goes away moves what is under the finger.
  for (const touch of ['click', 'keyup']) addEventListener(touch, () => setTimeout(hush));
}

function heard(say, { amount, receiptNumber, orderId }) {
  if (!say) return;
  const sentence = words(say, amount);
  chime().then(() => speak(sentence));
  // A till that was scrolled down its list, or stands on another page, says it where it is looked at.
  const last = document.querySelector('[data-part=last]');
  if (!last || last.getBoundingClientRect().bottom < 80) toast(`${sentence} ${receiptNumber || ''}`);
  const { awaits: awaited } = (document.querySelector('[data-awaits]') || { dataset: {} }).dataset;
  if (awaited && awaited === orderId) arrive('/till');
  else refreshParts();
}

function refreshParts() {
  if (document.querySelector('[data-part]')) refresh().catch(() => {});
}

/** Browsers are silent until they are touched: say so for as long as it is so. */
function hush() {
  const note = document.querySelector('[data-quiet]');
  if (note) note.hidden = mayBeHeard();
}

function endInTime() {
  clearTimeout(lapse);
  const left = Number((document.querySelector('[data-lapse-in]') || { dataset: {} }).dataset.lapseIn);
  if (left > 0) lapse = setTimeout(refreshParts, left * 1000 + 500);
}
