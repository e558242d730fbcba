// Our own number pad. The field stays an ordinary one: a keyboard can type in it, and it is sent as plain digits.
//
//   <div data-pad data-max="500000">
//     <input name="amount" inputmode="numeric">
//     <button type="button" data-key="7">…   keys 0-9, 00, back
//     <p role="status" data-over hidden>…</p>                what is said when a key would pass the cap
//   </div>
//
// The field fires `input` after every key, and `digits(field)` reads it whatever was typed (1,200 or １２００).

/** The amount in a field as a number: 0 when empty. @param {HTMLInputElement} field */
export const digits = field => Number(field.value.normalize('NFKC').replace(/[^0-9]/g, '') || 0);

/** @param {HTMLElement} pad */
export function start(pad) {
  const field = pad.querySelector('input');
  const max = () => Number(pad.dataset.max); // follows what is chosen beside it
  const over = pad.querySelector('[data-over]');
  const touch = matchMedia('(pointer: coarse)').matches;
  if (touch) field.inputMode = 'none'; // our pad instead of the phone's keyboard

  const show = amount => { field.value = amount ? amount.toLocaleString('en-US') : ''; };
  const changed = () => field.dispatchEvent(new Event('input', { bubbles: true }));

  pad.addEventListener('click', event => {
    const key = event.target.closest('[data-key]')?.dataset.key;
    if (!key) return;
    const before = digits(field);
    const after = key === 'back' ? Math.floor(before / 10) : Number(`${before}${key}`);
    over.hidden = after <= max();
    if (after > max()) return void navigator.vibrate?.([20, 40, 20]);
    navigator.vibrate?.(8);
    show(after);
    changed();
  });

  field.addEventListener('input', event => {
    if (event.isComposing) return;
    const atEnd = field.selectionStart === field.value.length;
    if (atEnd) show(Math.min(digits(field), max()));
  });
  field.addEventListener('compositionend', changed);
  field.form?.addEventListener('formdata', event => event.formData.set(field.name, String(digits(field) || '')));
  show(digits(field));
}
