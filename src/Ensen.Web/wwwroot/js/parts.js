// Takes fresh copies of named parts of this page from the server: <section data-part="today">. The page stays the only
// place that knows how a part is drawn.

import { wake } from './ensen.js';

/** @param {string} [address] */
export async function refresh(address = location.href) {
  const response = await fetch(address, { cache: 'no-store' });
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const old of document.querySelectorAll('[data-part]')) {
    const fresh = page.querySelector(`[data-part="${CSS.escape(old.dataset.part)}"]`);
    if (!fresh || fresh.isEqualNode(old)) continue;
    old.replaceWith(fresh);
    wake(fresh);
  }
}
