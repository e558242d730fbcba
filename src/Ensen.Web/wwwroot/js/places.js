// Where somebody can go, in one line that is pushed along on a phone: the place where they are comes into sight, in the order that the
// places have on every page.
//
//   <nav data-places><a href="…" aria-current="page">

/** @param {HTMLElement} nav */
export function start(nav) {
  const here = nav.querySelector('[aria-current]');
  if (here && nav.scrollWidth > nav.clientWidth) nav.scrollLeft = here.offsetLeft - nav.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
}
