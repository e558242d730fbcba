// A short word at the top of the screen, said politely: toast('コピーしました').

/** @param {string} words */
export function toast(words) {
  const place = document.querySelector('[data-toasts]');
  const note = document.createElement('p');
  note.className = 'toast';
  note.textContent = words;
  place.append(note);
  setTimeout(() => note.remove(), 5000);
}
