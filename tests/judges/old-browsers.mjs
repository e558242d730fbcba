// What a browser of a shop could not read in the scripts we send it (JSON: path to text, on standard input): a list of complaints.
// The oldest that are meant: Safari of iOS 15.0, and the WebView of Android 9 as it left the factory (Chromium 69). first.js runs in any browser.
import { readFileSync } from 'node:fs';
import { parse } from 'acorn';

// Names that came later. browsers.js is where they are asked for, stream.js where they are tried, and no other module speaks of them.
const tooNewToCall = new Set(['any', 'at', 'with', 'flat']); // as properties they may be anything
const tooNew = new Set([
  'allSettled', 'fromEntries', 'replaceAll', 'matchAll', 'structuredClone', 'replaceChildren', 'requestSubmit', 'submitter', 'globalThis',
  'requestIdleCallback', 'queueMicrotask', 'flatMap', 'hasOwn', 'findLast', 'toSorted', 'toReversed', 'toSpliced', 'withResolvers', 'groupBy',
  'randomUUID', 'localStorage', 'sessionStorage', 'userActivation', 'wakeLock', 'vibrate', 'AbortSignal', 'locks', 'BroadcastChannel', 'SharedWorker',
  'checkVisibility', 'showModal', 'startViewTransition', 'navigation', 'scrollend', 'isInputPending', 'clearAppBadge', 'getOrInsert', 'IntersectionObserver',
]);
const mayAsk = new Set(['browsers.js', 'stream.js', 'first.js']);

const complaints = [];
for (const [path, text] of Object.entries(JSON.parse(readFileSync(0, 'utf8')))) {
  const name = path.split('/').pop();
  const say = (node, words) => complaints.push(`${path}:${text.slice(0, node.start).split('\n').length}: ${words}`);
  let tree;
  try {
    // import() is of 2020 and was in Chromium 63; the rest of that year is looked for below.
    tree = name === 'first.js'
      ? parse(text, { ecmaVersion: 5, sourceType: 'script' })
      : parse(text, { ecmaVersion: 2020, sourceType: 'module' });
  } catch (error) {
    complaints.push(`${path}: ${error.message}`);
    continue;
  }
  // The server leaves whole lines of comments out: what is left must say the same.
  const sent = text.replace(/^[ \t]*(?:\/\/.*|\/\*\*.*\*\/|\/\*\*|\*\/|\* .*)\r?\n/gm, '');
  const shape = tree => JSON.stringify(tree, (key, value) => (key === 'start' || key === 'end' ? undefined : typeof value === 'bigint' ? String(value) : value));
  if (path.includes('js/') && !path.includes('vendor/')
    && shape(parse(sent, { ecmaVersion: 2020, sourceType: name === 'first.js' ? 'script' : 'module' })) !== shape(parse(text, { ecmaVersion: 2020, sourceType: name === 'first.js' ? 'script' : 'module' })))
    complaints.push(`${path}: a line that looks like a comment is none`);
  walk(tree, node => {
    if (node.type === 'ChainExpression') say(node, 'optional chaining (?.) came with Chromium 80');
    if (node.type === 'LogicalExpression' && node.operator === '??') say(node, '?? came with Chromium 80');
    if (node.type === 'ExportAllDeclaration' && node.exported) say(node, 'export * as came with Chromium 72');
    if (node.regex && /\(\?<[=!]/.test(node.regex.pattern)) say(node, 'Safari 15 knows no lookbehind');
    if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && tooNewToCall.has(node.callee.property.name))
      say(node, `${node.callee.property.name}() came later than these browsers`);
    const named = node.type === 'MemberExpression' && !node.computed ? node.property.name : node.type === 'Identifier' ? node.name : null;
    if (named && tooNew.has(named) && !mayAsk.has(name)) say(node, `${named} came later than these browsers`);
  });
}
console.log(JSON.stringify([...new Set(complaints)]));

function walk(node, visit) {
  visit(node);
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (child && typeof child.type === 'string') walk(child, visit);
}
