// Says loudly that the device is offline: <div role="alert" data-offline="words" hidden></div>. A broken stream says so too.

/** @param {HTMLElement} banner */
export function start(banner) {
  const show = off => {
    if (banner.hidden === !off) return;
    banner.hidden = !off;
    banner.textContent = off ? banner.dataset.offline : '';
  };
  addEventListener('online', () => show(false));
  addEventListener('offline', () => show(true));
  document.addEventListener('live:state', ({ detail }) => show(detail === 'off'));
  show(!navigator.onLine);
}
