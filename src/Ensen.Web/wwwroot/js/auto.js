// A form that sends itself when a choice is made: <form data-auto> with an ordinary submit button, which then is not needed. With
// data-auto="now" nothing is left to choose, and it goes at once.

import { send } from './browsers.js';

/** @param {HTMLFormElement} form */
export function start(form) {
  if (form.dataset.auto === 'now') return send(form);
  form.addEventListener('change', () => send(form));
}
