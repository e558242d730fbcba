// Goes to a page without leaving the document: no white flash, and the sound that a touch allowed stays allowed.

import { fetchWithin } from './browsers.js';
import { wake } from './ensen.js';

/** @param {string} address on this site; anything unexpected falls back to an ordinary navigation */
export async function arrive(address) {
  try {
    const response = await fetchWithin(4000, address, { headers: { Accept: 'text/html' } });
    if (!response.ok) throw new Error(`No page came: ${response.status}`);
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    history.pushState(null, '', response.url);
    document.title = page.title;
    document.body.replaceWith(page.body);
    scrollTo(0, 0);
    wake();
    const first = document.querySelector('[autofocus]'); // the browser looks for it once a document, and this is still the same one
    if (first) first.focus({ preventScroll: true });
  } catch {
    location.assign(address);
  }
}

addEventListener('popstate', () => location.reload());
