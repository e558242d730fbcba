// Keeps the sum beside the choice of points true, and remembers the choice on this device when asked to.
//
//   <div data-points data-available="1236" data-soonest="36" data-remember>
//     <input type="radio" name="points" value="none|soonest|all|some">  <div data-some><input name="some"></div>
//   </div>
//   in the same form, all optional: <dl data-sum data-rate="200"> with <output data-yen>, <output data-spent>, <output data-earned>
//
// It only shows: the server decides what is spent from `points`, `some` and `amount`.

import { digits } from './pad.js';

const kept = 'ensen.points';

/** @param {HTMLElement} box */
export function start(box) {
  const { form } = box.querySelector('input');
  const radios = [...box.querySelectorAll('input[name=points]')];
  const some = box.querySelector('[data-some]');
  const sum = form.querySelector('[data-sum]');
  const available = Number(box.dataset.available);
  const remember = 'remember' in box.dataset;

  const before = remember && localStorage.getItem(kept);
  const same = before && before !== 'some' && radios.find(radio => radio.value === before);
  if (same) same.checked = true;

  const wanted = () => ({
    none: 0,
    soonest: Number(box.dataset.soonest),
    all: available,
    some: some ? digits(some.querySelector('input')) : 0,
  })[radios.find(radio => radio.checked)?.value ?? 'none'];

  const write = (name, value) => {
    const output = sum?.querySelector(`[data-${name}]`);
    if (output) output.value = value.toLocaleString('en-US');
  };

  const refresh = () => {
    if (some) some.hidden = !radios.some(radio => radio.checked && radio.value === 'some');
    const field = form.elements.namedItem('amount');
    if (!sum || !field) return;
    const amount = digits(field);
    const spent = Math.min(wanted(), available, amount);
    write('spent', spent);
    write('yen', amount - spent);
    write('earned', Math.floor((amount - spent) / Number(sum.dataset.rate)));
  };

  box.addEventListener('change', event => {
    if (remember && event.target.name === 'points') localStorage.setItem(kept, event.target.value);
  });
  form.addEventListener('input', refresh);
  refresh();
}
