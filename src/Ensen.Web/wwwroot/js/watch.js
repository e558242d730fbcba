// Looks again until something is settled: <section data-part="charge" data-watch="5000">, milliseconds between looks, and at once when the
// member's stream says `change`. When the fresh part has no data-watch it is settled; when the page leads elsewhere, that is the outcome.

import { arrive } from './arrive.js';
import { fetchWithin } from './browsers.js';
import { wake } from './ensen.js';

/** @param {HTMLElement} part */
export function start(part) {
  let busy = false;
  const look = async () => {
    if (!part.isConnected) return stop();
    if (busy || document.hidden) return;
    busy = true;
    try {
      const response = await fetchWithin(8000, location.href, { cache: 'no-store' });
      if (!response.ok) return;
      if (response.redirected) {
        stop();
        return void arrive(response.url);
      }
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      const fresh = page.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
      if (!fresh || fresh.isEqualNode(part)) return;
      stop();
      document.title = page.title;
      part.replaceWith(fresh);
      wake(fresh);
    } catch {
      // The next look may reach the server again.
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(look, Number(part.dataset.watch));
  const stop = () => {
    clearInterval(timer);
    document.removeEventListener('live:change', look);
  };
  document.addEventListener('live:change', look);
}
