// What the server tells, as it happens. Each event becomes a DOM event on the document: `live:payment`, `live:refund`, `live:change`, with the
// parsed JSON as `detail`; `live:state` says 'on' or 'off'.
//
//   <div data-live="/till/stream" data-since="ent_…">  where to listen, and when the page was made: what came before the stream is heard too
//   <span data-lamp data-on="接続中" data-off="…">      optional: shows the state in words and colour
//
// A stream lives on when the page is exchanged for another without leaving the document (arrive.js): nothing is missed. All tabs of a browser
// share one (stream.js).

import { keptInTab, parsed } from './browsers.js';
import { share } from './stream.js';

const streams = new Map();
const remembers = 600000;

/** A page that gives way to another may have heard already what the next one asks for again: each payment is told once in this tab. */
function isNew(address, id) {
  const key = `ensen.heard ${address}`;
  const told = parsed(keptInTab.get(key)) || [];
  if (told.includes(id)) return false;
  keptInTab.set(key, JSON.stringify([...told.slice(-49), id]));
  return true;
}

/** @param {HTMLElement} element */
export function start(element) {
  const address = element.dataset.live;
  if (streams.has(address)) return streams.get(address)();
  let wasOff = false, isOn, heard = element.dataset.since || '', alive = performance.now();

  const light = () => {
    if (isOn === undefined) return;
    for (const lamp of document.querySelectorAll('[data-lamp]')) {
      lamp.dataset.state = isOn ? 'on' : 'off';
      lamp.textContent = isOn ? lamp.dataset.on : lamp.dataset.off;
    }
  };
  streams.set(address, light);

  share(address, {
    // After ten minutes it begins anew: who comes back from far looks at the page, and need not hear all of it.
    since: () => (performance.now() - alive < remembers ? heard : ''),
    state(on) {
      if (on || isOn) alive = performance.now();
      isOn = on;
      light();
      document.dispatchEvent(new CustomEvent('live:state', { detail: on ? 'on' : 'off' }));
      // What happened while nobody listened is read from the page itself.
      if (on && wasOff) document.dispatchEvent(new CustomEvent('live:change'));
      wasOff = !on;
    },
    tell({ kind, id, data }) {
      // Ids are in the order of time. (A change has none of its own, and the browser then shows the last one.)
      if (id > heard) heard = id;
      if (kind !== 'change' && !isNew(address, id)) return;
      document.dispatchEvent(new CustomEvent(`live:${kind}`, { detail: data ? JSON.parse(data) : null }));
    },
  });
}
