// The done screen: felt, heard, and said to a listener. <section data-done><p role="status" data-say-here>…</p></section>

import { keptInTab, mayBeHeard, shake } from './browsers.js';
import { chime } from './chime.js';

/** @param {HTMLElement} screen */
export function start(screen) {
  const here = screen.querySelector('[data-say-here]');
  if (!here || !here.textContent) return;
  const words = here.textContent;
  here.textContent = ''; // a live region speaks when it changes
  setTimeout(() => { here.textContent = words; }, 150);
  const known = `ensen.done.${location.pathname}`;
  if (keptInTab.get(known)) return; // a reload is not another payment
  keptInTab.set(known, '1');
  if (!mayBeHeard()) return; // the browser would allow neither
  shake([40, 60, 120]);
  chime();
}
