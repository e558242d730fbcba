// The one script a page names. It looks for data attributes and fetches only the modules that the page has use for.
// Every module exports start(element); the HTML each one needs is written at its top.

/** Which attribute wakes which module. */
const modules = {
  'data-pad': 'pad',
  'data-points': 'points',
  'data-swipe': 'swipe',
  'data-pay': 'pay',
  'data-pay-pending': 'pay',
  'data-code': 'code',
  'data-scan': 'scan',
  'data-live': 'live',
  'data-till': 'till',
  'data-done': 'done',
  'data-hide-switch': 'hide',
  'data-theme-choice': 'theme',
  'data-offline': 'offline',
  'data-print': 'print',
  'data-copy': 'copy',
  'data-auto': 'auto',
  'data-fill': 'fill',
  'data-watch': 'watch',
  'data-password': 'password',
};

const awake = new WeakMap();

/**
 * Starts what is inside `root` and not started yet. Called again for parts of a page that were replaced.
 * @param {ParentNode} root
 */
export function wake(root = document) {
  for (const [attribute, name] of Object.entries(modules)) {
    const found = [...root.querySelectorAll(`[${attribute}]`)];
    if (root instanceof Element && root.hasAttribute(attribute)) found.unshift(root);
    for (const element of found) {
      const started = awake.get(element) ?? new Set();
      if (started.has(attribute)) continue;
      awake.set(element, started.add(attribute));
      import(`./${name}.js`).then(module => module.start(element, attribute)).catch(console.error);
    }
  }
}

document.documentElement.classList.add('js');
wake();
