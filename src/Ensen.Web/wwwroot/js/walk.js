// The one step of the first walk that the server never sees: a receipt was proven here in the browser (prove.js says so).
//
//   <footer data-walk="8">…   8: the number of that step; the steps done are in a cookie, joined by dots

import { choose } from './cookie.js';

/** @param {HTMLElement} foot */
export function start(foot) {
  document.addEventListener('proven', () => {
    const kept = document.cookie.match(/(?:^|; )ensen-walk=([0-9.]*)/);
    const done = new Set((kept ? kept[1] : '').split('.').filter(Boolean));
    done.add(foot.dataset.walk);
    choose('ensen-walk', [...done].join('.'));
  }, { once: true });
}
