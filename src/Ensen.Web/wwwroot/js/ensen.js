// The one module a page names. It looks for data attributes and fetches only the modules that the page has use for.
// Every module exports start(element); the HTML each one needs is written at its top.

/** Which attribute wakes which module. */
const modules = {
  'data-device-key': 'device', // before the modules that send its form
  'data-pad': 'pad',
  'data-points': 'points',
  'data-swipe': 'swipe',
  'data-pay': 'pay',
  'data-pay-pending': 'pay',
  'data-code': 'code',
  'data-code-ask': 'code',
  'data-scan': 'scan',
  'data-live': 'live',
  'data-till': 'till',
  'data-sales': 'sales',
  'data-done': 'done',
  'data-hide-switch': 'hide',
  'data-theme-choice': 'theme',
  'data-offline': 'offline',
  'data-print': 'print',
  'data-copy': 'copy',
  'data-share': 'share',
  'data-auto': 'auto',
  'data-fill': 'fill',
  'data-keep': 'keep', // behind the modules that read what it fills in
  'data-source': 'source',
  'data-watch': 'watch',
  'data-password': 'password',
  'data-passkey': 'passkey',
  'data-prove': 'prove',
  'data-places': 'places',
};

const page = document.documentElement;
const awake = new WeakMap();

/**
 * Starts what is inside `root` and not started yet. Called again for parts of a page that were replaced.
 * All modules are fetched before the first is started: nothing on a page works before what it leans on does.
 * @param {ParentNode} root
 * @returns {Promise<boolean>} whether all of it works
 */
export async function wake(root = document) {
  const found = [];
  for (const [attribute, name] of Object.entries(modules)) {
    const elements = [...root.querySelectorAll(`[${attribute}]`)];
    if (root instanceof Element && root.hasAttribute(attribute)) elements.unshift(root);
    for (const element of elements) {
      const started = awake.get(element) || new Set();
      if (started.has(attribute)) continue;
      awake.set(element, started.add(attribute));
      found.push({ element, attribute, module: import(`./${name}.js`).catch(failed) });
    }
  }
  const here = await Promise.all(found.map(part => part.module));
  return found.map(({ element, attribute }, i) => {
    if (!here[i]) return false;
    try {
      here[i].start(element, attribute);
      return true;
    } catch (error) {
      return failed(error);
    }
  }).every(works => works);
}

function failed(error) {
  console.error(error);
  page.dataset.plainWhy = String(error);
  return false;
}

// What does not work as a whole is plain (first.js): a form that is sent by its button, without train and pad.
wake().catch(failed).then(works => {
  page.classList.toggle('js', works);
  if (works) delete page.dataset.plainWhy;
  page.dataset.awake = '';
});
