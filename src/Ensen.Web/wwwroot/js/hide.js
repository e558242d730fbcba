// Hides the balance from eyes nearby: <button data-hide-switch aria-pressed="false">. Amounts are <span data-hide> with a
// .shown and a .veil inside (Amount.razor, Hideable); the html element carries data-hidden.

import { choose } from './cookie.js';

/** @param {HTMLButtonElement} button */
export function start(button) {
  button.addEventListener('click', () => {
    const hidden = document.documentElement.toggleAttribute('data-hidden');
    button.setAttribute('aria-pressed', String(hidden));
    choose('ensen-hidden', hidden ? '1' : '');
  });
}
