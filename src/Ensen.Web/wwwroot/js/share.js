// A button that gives an address on by whatever the phone offers: <button data-share="https://…" data-text="what it is" hidden>. A browser
// that shares nothing leaves it hidden; copying stands beside it.

/** @param {HTMLButtonElement} button */
export function start(button) {
  const what = { text: button.dataset.text, url: button.dataset.share };
  if (!navigator.share || navigator.canShare && !navigator.canShare(what)) return;
  button.hidden = false;
  button.addEventListener('click', () => navigator.share(what).catch(() => {}));
}
