// A button that copies: <button data-copy="the text" data-copied="コピーしました">. It says so at the top of the screen.

import { toast } from './toast.js';

/** @param {HTMLButtonElement} button */
export function start(button) {
  button.addEventListener('click', async () => {
    if (await copied(button.dataset.copy)) toast(button.dataset.copied);
  });
}

/** A browser that knows no clipboard, or is not asked over https, copies what is selected. */
async function copied(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  const field = document.body.appendChild(document.createElement('textarea'));
  field.value = text;
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}
