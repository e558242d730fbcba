// The shown code: a ring that empties, a new code before the old one lapses, a screen that stays awake.
//
//   <section data-code data-lapse-in="300" data-renew-in="240">   seconds from now, so the phone's clock does not matter
//     <svg class="ring">…</svg> <span data-left data-text="あと {0}"></span>
//     <form method="post" action="/pay/code" data-renew>…</form>
//     <p role="status" data-said data-renewed="…" data-stale="…"></p>
//   </section>
//   <section data-code-place><form method="post" action="/pay/code" data-code-ask data-device="…">   where the browser signs for it
//
// Renewing posts the form and takes the [data-code] out of whatever page comes back. When the member's stream says
// `payment` (live.js) the page moves on to its `url`.

import { arrive } from './arrive.js';
import { bodyOf, fetchWithin, stayAwake } from './browsers.js';
import { sign } from './device.js';
import { wake } from './ensen.js';
import { refresh } from './parts.js';

/** The [data-code] that the server makes when a form asks for one. @param {HTMLFormElement} form */
async function ask(form) {
  const response = await fetchWithin(8000, form.action, { method: 'POST', body: await sign(form, bodyOf(form)) });
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const fresh = response.ok && page.querySelector('[data-code]');
  if (!fresh) throw new Error(`No code came back: ${response.status}`);
  return fresh;
}

/** @param {HTMLElement} element the code, or the form that asks for the first one */
export function start(element, attribute) {
  if (attribute === 'data-code') watch(element);
  // Whatever does not come by itself comes with the button, plainly: behind a proof, where this browser cannot sign.
  else if (element.dataset.device) ask(element).then(fresh => {
    element.closest('[data-code-place]').replaceWith(fresh);
    wake(fresh);
  }, console.warn);
}

/** @param {HTMLElement} card */
function watch(card) {
  const lapseIn = Number(card.dataset.lapseIn), renewIn = Number(card.dataset.renewIn);
  const left = card.querySelector('[data-left]');
  const said = card.querySelector('[data-said]');
  const form = card.querySelector('[data-renew]');
  // A sleeping phone stops one clock, a corrected clock moves the other: the larger of the two is how long it has been.
  const ticks = performance.now(), clock = Date.now();
  const passed = () => Math.max(performance.now() - ticks, Date.now() - clock) / 1000;
  let renewing = false, tried = 0;

  const renew = async () => {
    if (renewing) return;
    renewing = true;
    tried = passed();
    try {
      const fresh = await ask(form);
      clearInterval(timer);
      fresh.classList.toggle('large', card.classList.contains('large'));
      card.replaceWith(fresh);
      wake(fresh);
      const status = fresh.querySelector('[data-said]');
      setTimeout(() => { status.textContent = status.dataset.renewed; }, 100);
    } catch {
      renewing = false;
      if (passed() >= lapseIn) said.textContent = said.dataset.stale;
    }
  };

  const tick = () => {
    const rest = Math.max(lapseIn - passed(), 0);
    card.style.setProperty('--gone', String(-100 * (1 - rest / lapseIn)));
    left.textContent = left.dataset.text.replace('{0}', `${Math.floor(rest / 60)}:${String(Math.floor(rest % 60)).padStart(2, '0')}`);
    card.classList.toggle('stale', rest === 0);
    if (passed() >= renewIn && (tried === 0 || passed() - tried > 5) && !document.hidden) renew();
  };
  const timer = setInterval(tick, 1000);
  tick();

  // A scanner that cannot read it from afar gets it as large as the screen; the same press brings it back.
  const bars = card.querySelector('[data-enlarge]');
  bars.setAttribute('aria-pressed', String(card.classList.contains('large')));
  bars.addEventListener('click', () => bars.setAttribute('aria-pressed', String(card.classList.toggle('large'))));

  form.addEventListener('submit', event => {
    event.preventDefault();
    renew();
  });
  document.addEventListener('visibilitychange', tick);
  stayAwake();
}

document.addEventListener('live:payment', event => {
  if (event.detail && event.detail.url) arrive(event.detail.url);
});

// A refusal at the till is told on this side of the counter too: the page has a part for it.
document.addEventListener('live:change', () => {
  if (document.querySelector('[data-code]')) refresh().catch(() => {});
});
