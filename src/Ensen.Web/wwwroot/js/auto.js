// A form that sends itself when a choice is made: <form data-auto> with an ordinary submit button, which then is not needed.

import { send } from './browsers.js';

/** @param {HTMLFormElement} form */
export function start(form) {
  form.addEventListener('change', () => send(form));
}
