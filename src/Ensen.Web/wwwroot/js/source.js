// Where money comes from, on the page that charges: the pad follows the chosen source's cap, and says that cap by its name.
//
//   <fieldset data-source>
//     <input type="radio" name="source" data-max="50000" data-over="…" data-about="…" data-suggested="13000">
//   </fieldset>
//   in the same form: the pad (data-pad, data-over inside) and <p data-source-about>
//
// What is suggested for a source (enough for a payment that waits) is filled in as long as nothing else was typed.

import { amount } from './digits.js';

/** @param {HTMLElement} set */
export function start(set) {
  const { form } = set.querySelector('input');
  const pad = form.querySelector('[data-pad]');
  const field = pad.querySelector('input');
  const chosen = () => (set.querySelector('input:checked') || { dataset: {} }).dataset;
  let suggested = chosen().suggested;

  set.addEventListener('change', () => {
    const { max, over, about } = chosen();
    pad.dataset.max = max;
    pad.dataset.over = over;
    const place = form.querySelector('[data-source-about]');
    if (place) place.textContent = about;
    const untouched = amount(field.value) === amount(suggested || '');
    suggested = chosen().suggested;
    if (untouched) field.value = suggested || '';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
