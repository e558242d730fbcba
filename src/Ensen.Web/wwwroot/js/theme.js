// Light, dark, or as the device says: <fieldset data-theme-choice> with radios "", "light", "dark".

import { choose } from './cookie.js';

/** @param {HTMLElement} choice */
export function start(choice) {
  choice.addEventListener('change', ({ target }) => {
    choose('ensen-theme', target.value);
    if (target.value) document.documentElement.dataset.theme = target.value;
    else delete document.documentElement.dataset.theme;
  });
}
