// A form that sends itself when a choice is made: <form data-auto> with an ordinary submit button, which then is not needed.

import { send } from './browsers.js';

/** @param {HTMLFormElement} form */
export function start(form) {
  for (const button of form.querySelectorAll('button[type=submit]')) button.hidden = true;
  form.addEventListener('change', () => send(form));
}
