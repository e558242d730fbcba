// Keeps the sum beside the choice of points true, and remembers the choice on this device when asked to.
//
//   <div data-points data-available="1236" data-soonest="36" data-remember>
//     <input type="radio" name="points" value="none|soonest|all|some">  <div data-some><input name="some"></div>
//   </div>
//   in the same form, all optional: <p data-sum data-rate="200" data-balance="20370"> with <output data-yen>, <output data-spent>,
//   <output data-earned>; where there is a balance: <output data-short-yen> and <a data-charge>, shown while the form is data-short
//
// It only shows: the server decides what is spent from `points`, `some` and `amount`.

import { kept as browser } from './browsers.js';
import { amount } from './digits.js';
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

  const before = remember && browser.get(kept);
  const same = before && before !== 'some' && radios.find(radio => radio.value === before);
  if (same) same.checked = true;

  // What was typed for "some" is held to what there is and to what there is to pay: said in words, and sent as it is shown.
  const most = box.querySelector('[data-most]');
  const typed = () => some ? digits(some.querySelector('input')) : 0;
  const isSome = () => radios.some(radio => radio.checked && radio.value === 'some');
  const wanted = () => ({
    none: 0,
    soonest: Number(box.dataset.soonest),
    all: available,
    some: typed(),
  })[(radios.find(radio => radio.checked) || { value: 'none' }).value];
  const spent = () => Math.min(wanted(), available, digits(form.elements.namedItem('amount')));

  const write = (name, value) => {
    for (const output of form.querySelectorAll(`output[data-${name}]`)) output.value = value.toLocaleString('en-US');
  };

  // Too little money is told before the swipe, with the way to the missing part and back to this amount.
  const tell = (bill, yen) => {
    const pad = form.querySelector('[data-pad]');
    // Above a cap it is the cap that stands in the way, and charging would not help.
    const over = pad && bill > Number(pad.dataset.max);
    const short = 'balance' in sum.dataset && !over ? Math.max(yen - Number(sum.dataset.balance), 0) : 0;
    form.toggleAttribute('data-short', short > 0);
    write('short-yen', short);
    const link = form.querySelector('[data-charge]');
    if (!link || !short) return;
    const here = new URL(form.dataset.here, location.href);
    here.searchParams.set('amount', bill);
    link.href = `/charge?need=${short}&then=${encodeURIComponent(here.pathname + here.search)}`;
  };

  // What is no number is not taken for none.
  const check = input => {
    const pad = form.querySelector('[data-unread]');
    input.setCustomValidity(isSome() && input.value.trim() !== '' && amount(input.value) === null ? (pad && pad.dataset.unread) || '?' : '');
  };

  const refresh = () => {
    if (some) check(some.querySelector('input'));
    if (some) some.classList.toggle('open', isSome());
    if (most) most.hidden = !isSome() || typed() <= available;
    const field = form.elements.namedItem('amount');
    if (!sum || !field) return;
    const bill = digits(field), points = spent();
    write('spent', points);
    write('yen', bill - points);
    write('earned', Math.floor((bill - points) / Number(sum.dataset.rate)));
    tell(bill, bill - points);
  };

  form.addEventListener('formdata', event => {
    if (isSome() && amount(some.querySelector('input').value) !== null) event.formData.set('some', String(spent()));
  });
  box.addEventListener('change', event => {
    if (remember && event.target.name === 'points') browser.set(kept, event.target.value);
  });
  form.addEventListener('input', refresh);
  refresh();
}
