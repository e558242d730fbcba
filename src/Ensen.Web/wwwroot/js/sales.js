// A page of sales that follows what happens: its parts are drawn anew when the stores' stream says that there is something new, at most every
// three seconds however busy the shop is, and twice a minute anyway. A table that was opened stays open.
//
//   <div hidden data-live="/shop/stream" data-sales></div>   with   <section data-part="sum">…

import { refresh } from './parts.js';

const between = 3000;
const lookAnyway = 30000;
let listening = false, waiting = 0;

export function start() {
  if (listening) return;
  listening = true;
  document.addEventListener('live:change', () => { waiting = waiting || setTimeout(look, between); });
  setInterval(look, lookAnyway);
}

/** Not while somebody reads a table that was opened or has the keyboard in a part: what they look at does not change under them. */
function look() {
  clearTimeout(waiting);
  waiting = 0;
  const read = document.querySelector('[data-part] details[open], [data-part] :focus');
  if (!document.hidden && !read && document.querySelector('[data-sales]')) refresh().catch(() => {});
}
