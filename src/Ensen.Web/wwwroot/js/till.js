// The till when a payment arrives: a chime, the amount said aloud, and the page's parts drawn anew.
//
//   <div data-till data-say="{0}円 いただきました" data-say-refund="{0}円 返金しました">
//     <section data-part="last">…  <section data-part="today">…
//   with [data-live] somewhere on the page. Events carry {"amount": 1200} (payment) or {"yen": …, "points": …} (refund).

import { chime, speak } from './chime.js';
import { refresh } from './parts.js';

/** @param {HTMLElement} till */
export function start(till) {
  const say = (words, amount) => words && speak(words.replace('{0}', Number(amount).toLocaleString('en-US')));

  document.addEventListener('live:payment', ({ detail }) => {
    chime().then(() => say(till.dataset.say, detail.amount));
    refresh();
  });
  document.addEventListener('live:refund', ({ detail }) => {
    chime().then(() => say(till.dataset.sayRefund, detail.amount ?? (detail.yen + detail.points)));
    refresh();
  });
  document.addEventListener('live:change', () => refresh());
}
