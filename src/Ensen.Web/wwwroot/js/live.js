// A stream of events from the server, kept open. Each one becomes a DOM event on the document: `live:payment`, `live:refund`,
// with the parsed JSON as `detail`; `live:state` says 'on' or 'off'.
//
//   <div data-live="/till/stream" data-since="ent_…">  where to listen, and when the page was made: what came before the stream is heard too
//   <span data-lamp data-on="接続中" data-off="…">      optional: shows the state in words and colour
//
// An EventSource that gives up (a 4xx or 5xx) is opened again, slower each time up to half a minute, and goes on where it was; after
// ten minutes it begins anew: who comes back from far looks at the page, and need not hear all of it. There is one stream an address,
// and it lives on when the page is exchanged for another without leaving the document (arrive.js): nothing is missed.

const kinds = ['payment', 'refund', 'change'];
const streams = new Map();
const remembers = 600_000;

/** A page that gives way to another may have heard already what the next one asks for again: each payment is told once in this tab. */
function isNew(address, id) {
  const key = `ensen.heard ${address}`;
  const told = JSON.parse(sessionStorage.getItem(key) ?? '[]');
  if (told.includes(id)) return false;
  sessionStorage.setItem(key, JSON.stringify([...told.slice(-49), id]));
  return true;
}

/** @param {HTMLElement} element */
export function start(element) {
  const address = element.dataset.live;
  if (streams.has(address)) return streams.get(address)();
  let source, tries = 0, again = 0, wasOff = false, isOn, heard = element.dataset.since, alive = performance.now();

  const light = () => {
    if (isOn === undefined) return;
    for (const lamp of document.querySelectorAll('[data-lamp]')) {
      lamp.dataset.state = isOn ? 'on' : 'off';
      lamp.textContent = isOn ? lamp.dataset.on : lamp.dataset.off;
    }
  };
  streams.set(address, light);

  const state = on => {
    if (on || isOn) alive = performance.now();
    isOn = on;
    light();
    document.dispatchEvent(new CustomEvent('live:state', { detail: on ? 'on' : 'off' }));
    // What happened while nobody listened is read from the page itself.
    if (on && wasOff) document.dispatchEvent(new CustomEvent('live:change'));
    wasOff = !on;
  };

  const open = () => {
    clearTimeout(again);
    source?.close();
    source = new EventSource(heard && performance.now() - alive < remembers ? `${address}?since=${heard}` : address);
    source.onopen = () => { tries = 0; state(true); };
    source.onerror = () => {
      state(false);
      if (source.readyState === EventSource.CLOSED) again = setTimeout(open, Math.min(1000 * 2 ** tries++, 30_000));
    };
    for (const kind of kinds) {
      source.addEventListener(kind, event => {
        // Ids are in the order of time. (A change has none of its own, and the browser then shows the last one.)
        if (event.lastEventId > (heard ?? '')) heard = event.lastEventId;
        if (kind !== 'change' && !isNew(address, event.lastEventId)) return;
        document.dispatchEvent(new CustomEvent(`live:${kind}`, { detail: event.data ? JSON.parse(event.data) : null }));
      });
    }
  };

  addEventListener('online', () => { tries = 0; open(); });
  addEventListener('offline', () => state(false));
  addEventListener('pagehide', () => {
    if (isOn) alive = performance.now();
    source?.close();
  });
  addEventListener('pageshow', event => { if (event.persisted) open(); });
  open();
}
