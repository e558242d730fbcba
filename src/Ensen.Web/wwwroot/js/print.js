// A button that prints the page: <button data-print class="no-print">; with data-print="now" the page prints when it opens.

/** @param {HTMLElement} element */
export function start(element) {
  element.addEventListener('click', () => print());
  if (element.dataset.print === 'now') print();
}
