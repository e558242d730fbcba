// A button that copies: <button data-copy="the text" data-copied="コピーしました">. It says so at the top of the screen.

import { toast } from './toast.js';

/** @param {HTMLButtonElement} button */
export function start(button) {
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(button.dataset.copied);
  });
}
