// Our own number pad. The field stays an ordinary one: a keyboard can type in it, and what is typed is read as digits.js reads it.
//
//   <div data-pad data-max="500000" data-empty="words" data-unread="words">
//     <input name="amount" inputmode="numeric">
//     <button type="button" data-key="7">…   keys 0-9, 00, back
//     <p role="status" data-over hidden>…</p>                what is said when it is more than the cap; the other two are said here as well
//   </div>
//
// The field fires `input` after every key, and `digits(field)` reads it whatever was typed (1,200 or １２００). What is no amount, or more
// than the most, stands as it was typed, says so, and is not sent. Enter does not pay: it moves on.

import { shake } from './browsers.js';
import { amount, mayBecome, plain } from './digits.js';

/** The amount in a field as a number: 0 when it is empty or none. @param {HTMLInputElement} field */
export const digits = field => amount(field.value) || 0;

const pasted = /^insertFrom|^insertReplacement/;
const tooLong = /^[0-9]{13,}$/;
const grouped = value => (value ? value.toLocaleString('en-US') : '');

/** @param {HTMLElement} pad */
export function start(pad) {
  const field = pad.querySelector('input');
  const max = () => Number(pad.dataset.max); // follows what is chosen beside it
  const said = pad.querySelector('[data-over]');
  const first = said.textContent, over = () => pad.dataset.over || first; // follows as the most does
  const words = { empty: pad.dataset.empty || '', unread: pad.dataset.unread || '' };
  if (matchMedia('(pointer: coarse)').matches) field.inputMode = 'none'; // our pad instead of the phone's keyboard

  let shown = ''; // what the field holds by our own hand
  const show = text => { field.value = shown = text; };
  const changed = () => field.dispatchEvent(new Event('input', { bubbles: true }));
  const fault = () => {
    if (field.value.trim() === '') return 'empty';
    const value = amount(field.value);
    if (value === null) return tooLong.test(plain(field.value).replace(/[,、 ]/g, '')) ? 'over' : 'unread';
    return value > max() ? 'over' : value === 0 ? 'empty' : '';
  };
  const say = kind => {
    if (kind) said.textContent = words[kind] || over();
    said.hidden = !kind;
  };
  const check = () => {
    const kind = fault();
    field.setCustomValidity(kind ? words[kind] || over() : '');
  };

  pad.addEventListener('click', event => {
    const key = event.target.closest('[data-key]');
    if (!key) return;
    const before = amount(field.value);
    // What is no number has no last digit: it goes as a whole.
    const after = key.dataset.key === 'back' ? Math.floor((before || 0) / 10) : Number(`${before || 0}${key.dataset.key}`);
    if (after > max() && key.dataset.key !== 'back') {
      say('over');
      return shake([20, 40, 20]);
    }
    say('');
    shake(8);
    show(grouped(after));
    changed();
  });

  field.addEventListener('input', event => {
    if (event.isComposing) return;
    const atEnd = field.selectionStart === field.value.length;
    if (field.value !== shown) {
      const typed = pasted.test(event.inputType) ? field.value : withoutOurCommas(shown, field.value);
      const value = amount(typed);
      if (value !== null && atEnd) show(grouped(value));
      else if (typed !== field.value && atEnd) show(typed);
      else shown = '';
    }
    check();
    const kind = fault();
    say(kind === 'over' || (kind === 'unread' && !mayBecome(field.value)) ? kind : '');
  });
  field.addEventListener('compositionend', changed);
  field.addEventListener('change', () => {
    const kind = fault();
    say(kind === 'empty' ? '' : kind);
  });
  field.addEventListener('invalid', event => {
    event.preventDefault(); // our words, where they cover nothing
    say(fault());
    field.focus({ preventScroll: true });
  });
  // Where a field behind the amount is wrong as well, the browser would go to that one and speak of it: first things first.
  if (field.form) field.form.addEventListener('invalid', event => {
    if (!field.validity.valid && field.compareDocumentPosition(event.target) & Node.DOCUMENT_POSITION_FOLLOWING) event.preventDefault();
  }, true);
  field.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    const kind = fault();
    say(kind);
    if (!kind) moveOn(pad, field.form);
  });

  const given = amount(field.value);
  if (given !== null) show(grouped(given));
  check();
}

/** The commas between are ours and not what was typed: one digit more or less must not make another number of it. */
function withoutOurCommas(shown, now) {
  if (!shown) return now;
  let head = 0, tail = 0;
  while (head < shown.length && shown[head] === now[head]) head++;
  while (tail < shown.length - head && tail < now.length - head && shown[shown.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  const [before, typed, after] = [now.slice(0, head), now.slice(head, now.length - tail), now.slice(now.length - tail)];
  return before.replace(/,/g, '') + (/^[0-9]*$/.test(plain(typed)) ? plain(typed) : typed) + after.replace(/,/g, '');
}

/** To what comes after the amount: what is still empty, or what sends the form. */
function moveOn(pad, form) {
  if (!form) return;
  const empty = [...form.querySelectorAll('input[required]')].find(input => !pad.contains(input) && input.value === '' && input.type !== 'hidden');
  const shown = [...form.querySelectorAll('.knob, button.do')].find(button => button.offsetParent !== null);
  const next = empty || shown;
  if (next) next.focus();
}
