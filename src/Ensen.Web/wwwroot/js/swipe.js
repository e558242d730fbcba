// The train that pays. Four ways that are equal: drag it to the far station, hold it, press Enter or Space on it,
// or ask for the plain button once (remembered on this device). Each sends the form with the plain button as its sender.
//
//   <div data-swipe>
//     <div data-track><i></i><span>words</span><button type="button" class="knob">…</button></div>    seen where script runs (.js)
//     <button type="submit" data-plain>…</button>                                                     seen where it does not, or is chosen (.pressing)
//     <p data-or>… <button type="button" data-choose>…</button></p>
//   </div>
//
// `swipe:reset` on the element brings the train back (pay.js does so after a refusal).

import { kept, send, shake } from './browsers.js';

const holdFor = 900;
const far = 0.86;

/** @param {HTMLElement} box */
export function start(box) {
  const track = box.querySelector('[data-track]');
  const knob = track.querySelector('button');
  const plain = box.querySelector('[data-plain]');

  let from = null, gone = false, holding = 0;
  const room = () => track.clientWidth - knob.offsetWidth - 12;
  const place = x => track.style.setProperty('--x', `${x}px`);

  const back = () => {
    gone = false;
    from = null;
    track.classList.remove('gone', 'holding');
    knob.classList.remove('moving');
    place(0);
  };
  const rest = () => {
    clearTimeout(holding);
    track.classList.remove('holding');
  };
  const pay = () => {
    rest();
    if (gone) return;
    if (!plain.form.reportValidity()) return back();
    gone = true;
    track.classList.add('gone');
    shake(30);
    send(plain.form, plain);
  };

  knob.addEventListener('pointerdown', event => {
    if (gone || event.button !== 0) return;
    from = event.clientX;
    knob.setPointerCapture(event.pointerId);
    knob.classList.add('moving');
    track.classList.add('holding');
    holding = setTimeout(pay, holdFor);
  });
  knob.addEventListener('pointermove', event => {
    if (from === null || gone) return;
    const x = Math.min(Math.max(event.clientX - from, 0), room());
    if (x > 8) rest();
    place(x);
  });
  const letGo = event => {
    if (from === null) return;
    const x = event.clientX - from;
    rest();
    if (!gone && event.type === 'pointerup' && x >= room() * far) pay();
    if (!gone) back();
    from = null;
  };
  knob.addEventListener('pointerup', letGo);
  knob.addEventListener('pointercancel', letGo);
  knob.addEventListener('contextmenu', event => event.preventDefault());
  // A click without a pointer is a key or a screen reader: they pay. A mere tap does not.
  knob.addEventListener('click', event => { if (event.detail === 0) pay(); });

  box.querySelector('[data-choose]').addEventListener('click', () => {
    kept.set('ensen.plain', '1');
    document.documentElement.classList.add('pressing');
    plain.focus();
  });
  box.addEventListener('swipe:reset', back);
  addEventListener('pageshow', event => { if (event.persisted) back(); });
}
