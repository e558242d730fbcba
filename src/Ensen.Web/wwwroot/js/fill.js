// A suggestion that fills a field instead of loading the page anew: <a href="?amount=5000" data-fill="id of the field" data-value="5000">.

/** @param {HTMLAnchorElement} link */
export function start(link) {
  link.addEventListener('click', event => {
    const field = document.getElementById(link.dataset.fill);
    if (!field) return;
    event.preventDefault();
    field.value = link.dataset.value;
    field.focus({ preventScroll: true });
    field.setSelectionRange(field.value.length, field.value.length);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
