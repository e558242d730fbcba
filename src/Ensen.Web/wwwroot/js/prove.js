// Checks a receipt with proof in the browser, as docs/receipts.md describes it. Of the receipt nothing is sent; a day whose root is
// not on the page is fetched where somebody presses for it.
//
//   <section data-prove data-words="{…}"> <input type="file"> <input id="trusted"> <div role="status" data-verdict></div> </section>
//   <section data-days> … <li data-root="2026-11-21=HEX"> for each root to trust, unless one is typed

import { choose } from './cookie.js';
import { wake } from './ensen.js';

const kinds = [, ['charge', 'chg_'], ['payment', 'pay_'], ['refund', 'ref_'], ['transfer', 'trf_'], ['expiry', 'ent_']];
const books = {
  1: 'money', 2: 'prepaid', 3: 'points', 10: 'payable', 20: 'cardclearing', 21: 'bankclearing', 22: 'atmclearing',
  30: 'pointliability', 31: 'pointfunding', 32: 'breakage', 40: 'suspense',
};
const inPoints = [3, 30, 32];

class Wrong extends Error {}
const need = (holds, field) => { if (!holds) throw new Wrong(field); };
const ascii = text => new TextEncoder().encode(text);
const show = bytes => [...bytes].map(b => b.toString(16).padStart(2, '0')).join('');

const join = parts => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
};
const h = async (...parts) => new Uint8Array(await crypto.subtle.digest('SHA-256', join(parts)));
const leaf = (...parts) => h([0], ...parts);

function fields(object, field, ...names) {
  need(object && typeof object === 'object' && !Array.isArray(object), field);
  for (const name of Object.keys(object)) need(names.includes(name) || names.includes(name + '?'), `${field}.${name}`);
  for (const name of names) need(name.endsWith('?') || name in object, `${field}.${name}`);
}
function hex(text, length, field) {
  need(typeof text === 'string' && text.length === 2 * length && /^[0-9a-f]*$/.test(text), field);
  return Uint8Array.from({ length }, (_, i) => parseInt(text.substr(2 * i, 2), 16));
}
function whole(value, bytes, field, least = -Number.MAX_SAFE_INTEGER) {
  need(Number.isSafeInteger(value) && value >= least && BigInt.asIntN(8 * bytes, BigInt(value)) === BigInt(value), field);
  const view = new DataView(new ArrayBuffer(8));
  view.setBigInt64(0, BigInt(value));
  return new Uint8Array(view.buffer, 8 - bytes);
}
const idOrZeros = (id, field) => (id === null ? new Uint8Array(16) : hex(id, 16, field));

async function climb(here, index, size, path, field) {
  need(Array.isArray(path) && Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size, field);
  const rest = path.map(hash => hex(hash, 32, field));
  for (let place = BigInt(index), last = BigInt(size) - 1n; last > 0n; place >>= 1n, last >>= 1n) {
    if ((place ^ 1n) > last) continue;
    need(rest.length > 0, field);
    const beside = rest.shift();
    here = place & 1n ? await h([1], beside, here) : await h([1], here, beside);
  }
  need(rest.length === 0, field);
  return here;
}

async function initiator(it) {
  if (it && 'hash' in it) return fields(it, 'initiator', 'hash'), hex(it.hash, 32, 'initiator');
  fields(it, 'initiator', 'salt', 'kind', 'id', 'request');
  return leaf(
    ascii('I'), hex(it.salt, 12, 'initiator.salt'), whole(it.kind, 2, 'initiator.kind'), hex(it.id, 16, 'initiator.id'),
    it.request === '' ? [] : hex(it.request, 32, 'initiator.request'));
}
async function leg(it, place) {
  const field = `legs[${place}]`;
  if (it && 'hash' in it) return fields(it, field, 'hash'), hex(it.hash, 32, field);
  fields(it, field, 'salt', 'owner', 'accountType', 'term', 'amount', 'balanceAfter?');
  const after = 'balanceAfter' in it ? join([[1], whole(it.balanceAfter, 8, field)]) : new Uint8Array(9);
  return leaf(
    ascii('L'), hex(it.salt, 12, field), hex(it.owner, 16, field), whole(place, 2, field), whole(it.accountType, 2, field), whole(it.term, 4, field),
    whole(it.amount, 8, field), after);
}

/** The hash of the seal and the root of the day (null while it is not closed) that a proof leads to. */
async function follow(proof) {
  fields(proof, 'proof', 'version', 'party', 'entry', 'initiator', 'legs', 'index', 'path', 'seal', 'day');
  need(proof.version === 1, 'version');
  need(Array.isArray(proof.legs), 'legs');
  hex(proof.party, 16, 'party');
  const { entry, seal, day } = proof;
  fields(entry, 'entry', 'id', 'kind', 'atMs', 'store', 'corrects');
  fields(seal, 'seal', 'lane', 'number', 'atMs', 'entries', 'previous');
  const legs = await Promise.all(proof.legs.map(leg));
  const here = await leaf(
    ascii('E'), hex(entry.id, 16, 'entry.id'), whole(entry.kind, 2, 'entry.kind'), whole(entry.atMs, 8, 'entry.atMs'), idOrZeros(entry.store, 'entry.store'),
    idOrZeros(entry.corrects, 'entry.corrects'), await initiator(proof.initiator), whole(legs.length, 2, 'legs', 1), ...legs);
  const root = await climb(here, proof.index, seal.entries, proof.path, 'path');
  const sealed = await leaf(
    ascii('S'), whole(seal.lane, 2, 'seal.lane', 0), whole(seal.number, 8, 'seal.number', 1), whole(seal.atMs, 8, 'seal.atMs'),
    whole(seal.entries, 4, 'seal.entries', 1), root, hex(seal.previous, 32, 'seal.previous'));
  if (day === null) return [show(sealed), null];
  fields(day, 'day', 'date', 'seals', 'index', 'path', 'previous');
  need(isDate(day.date), 'day.date');
  const tree = await climb(sealed, day.index, day.seals, day.path, 'day.path');
  return [show(sealed), show(await leaf(
    ascii('D'), whole(Number(day.date.replace(/-/g, '')), 4, 'day.date'), whole(day.seals, 8, 'day.seals', 1), tree, hex(day.previous, 32, 'day.previous')))];
}

const isDate = text => /^\d{4}-\d\d-\d\d$/.test(text) && (new Date(`${text}T00:00:00Z`).toJSON() || '').slice(0, 10) === text;

function base32(id) {
  let [text, rest] = ['', BigInt('0x' + id)];
  for (let i = 0; i < 26; i++, rest >>= 5n) text = '0123456789abcdefghjkmnpqrstvwxyz'[Number(rest & 31n)] + text;
  return text;
}
function receiptNumber(id) {
  const r = BigInt('0x' + id.slice(16));
  const letters = [0n, 5n, 10n].map(shift => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[Number((r >> shift) & 31n)]);
  return `${letters.join('')}-${String((r / 32768n) % 10000n).padStart(4, '0')}`;
}

/** What people read must be what the proof says. */
async function compare(receipt) {
  fields(receipt, 'receipt', 'entryId', 'kind', 'at', 'receiptNumber', 'storeId', 'storeName', 'legs', 'proof');
  const { entry, initiator: asked, legs, party } = receipt.proof;
  const [word, prefix] = kinds[entry.kind] || [];
  need(word && receipt.kind === word, 'kind');
  need(receipt.entryId === prefix + base32(entry.id)
    || (entry.kind === 1 && /^chg_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(receipt.entryId) && show(await h(ascii(receipt.entryId))) === asked.request), 'entryId');
  need(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/.test(receipt.at) && Date.parse(receipt.at) === entry.atMs, 'at');
  need(receipt.receiptNumber === receiptNumber(entry.id), 'receiptNumber');
  need(receipt.storeId === (entry.store === null ? null : 'str_' + base32(entry.store)), 'storeId');
  need(receipt.storeName === null || (typeof receipt.storeName === 'string' && entry.store !== null), 'storeName');
  const own = legs.filter(l => l.owner === party);
  need(own.length > 0 && Array.isArray(receipt.legs) && receipt.legs.length === own.length, 'legs');
  own.forEach((l, i) => {
    const read = receipt.legs[i], term = String(l.term).padStart(8, '0').replace(/^(....)(..)(..)$/, '$1-$2-$3');
    fields(read, `legs[${i}]`, 'accountType', 'amount', 'unit', 'expiresOn');
    need(read.accountType === books[l.accountType] && read.amount === l.amount && read.unit === (inPoints.includes(l.accountType) ? 'points' : 'yen')
      && read.expiresOn === (l.term === 0 ? null : term) && (l.term === 0 || isDate(term)), `legs[${i}]`);
  });
}

/** What a file's text holds: the receipt, its seal's hash and its day's root (null while that is not closed). Throws when it does not agree with itself. */
export async function read(text) {
  const receipt = JSON.parse(text), [seal, root] = await follow(receipt.proof);
  await compare(receipt);
  return { receipt, seal, root };
}

/** @param {HTMLElement} box */
export function start(box) {
  const words = JSON.parse(box.dataset.words), file = box.querySelector('[type=file]'), trusted = box.querySelector('#trusted');
  const verdict = box.querySelector('[data-verdict]');
  const known = { roots: rootsOn(document), asked: new Set() };
  let last = null, turn = 0;
  const look = async chosen => {
    if (!(last = chosen)) return;
    const mine = ++turn, typed = trusted.value.replace(/\s/g, '').toLowerCase().replace(/^.*=/, '');
    const said = await judge(await new Response(chosen).text(), typed, known, words);
    if (mine === turn) {
      verdict.textContent = '';
      verdict.append(said);
    }
  };
  file.addEventListener('change', () => look(file.files[0]));
  trusted.addEventListener('input', () => look(last));
  if (box.dataset.receipt) fetch(box.dataset.receipt).then(answer => answer.ok && answer.blob()).then(look);
  document.addEventListener('dragover', event => event.preventDefault());
  document.addEventListener('drop', event => (event.preventDefault(), look(event.dataTransfer.files[0])));
  verdict.addEventListener('click', async event => {
    const way = event.target.closest('[data-fetch-root]');
    if (!way) return;
    event.preventDefault();
    try {
      await turnTo(way.href, known);
      known.asked.add(way.dataset.fetchRoot);
      await look(last);
      verdict.focus();
    } catch {
      way.after(paragraph(words.Away));
    }
  });
}

const rootsOn = page => new Map([...page.querySelectorAll('[data-root]')].map(li => li.dataset.root.split('=')));

/** The page of another day takes the place of the list, and its roots are known from now on. The receipt stays where it is. */
async function turnTo(address, known) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html'), fresh = page.querySelector('[data-days]');
  for (const [day, root] of rootsOn(page)) known.roots.set(day, root);
  document.querySelector('[data-days]').replaceWith(fresh);
  history.replaceState(null, '', address);
  wake(fresh);
}

function holdsProof(text) {
  try {
    return Boolean(JSON.parse(text).proof);
  } catch {
    return false;
  }
}

async function judge(text, typed, known, words) {
  if (!crypto.subtle) return note('bad', words.Insecure, words.InsecureHow);
  if (!holdsProof(text)) return note('bad', words.NotReceipt, words.NotReceiptHow);
  let receipt, seal, root;
  try {
    ({ receipt, seal, root } = await read(text));
  } catch (error) {
    return note('bad', words.Mismatch, fill(words.Altered, error instanceof Wrong ? error.message : 'proof'));
  }
  const date = receipt.proof.day && receipt.proof.day.date, day = date && inWords(`${date}T00:00:00+09:00`, words);
  if (typed === seal) return proven(receipt, words.ProvenBySeal, words);
  if (typed && typed === root) return proven(receipt, fill(words.ProvenByDay, day), words);
  if (typed) return note('bad', words.Mismatch, root ? words.OtherOwn : words.OtherSeal);
  if (!root) return note('warn', words.Early, words.EarlyHow);
  if (known.roots.has(date)) return known.roots.get(date) === root ? proven(receipt, fill(words.ProvenByDay, day), words) : note('bad', words.Mismatch, fill(words.OtherRoot, day));
  return known.asked.has(date) ? note('bad', words.Mismatch, fill(words.NoSuchRoot, day)) : elsewhere(date, day, words);
}

const fill = (words, value) => words.replace('{0}', () => value);

/** A day as the page writes it, with the time where it is wanted: 2026年11月21日(土) 12:34:56. */
function inWords(at, words, withTime = false) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric', timeZone: 'Asia/Tokyo' });
  const parts = format.formatToParts(new Date(at)).reduce((all, part) => ({ ...all, [part.type]: part.value }), {});
  const time = withTime ? ` ${new Date(Date.parse(at) + 9 * 3600000).toISOString().slice(11, 19)}` : '';
  return words.DateForm.replace(/\{(\w+)\}/g, (_, name) => parts[name]) + time;
}

function note(kind, title, ...content) {
  const box = document.createElement('div'), head = document.createElement('b');
  box.className = `note ${kind} stack tight`;
  head.textContent = title;
  box.append(head, ...content);
  return box;
}

function paragraph(...content) {
  const it = document.createElement('p');
  it.append(...content);
  return it;
}

/** Whole in itself, but its day is on another page. */
function elsewhere(date, day, words) {
  const way = document.createElement('a');
  way.className = 'quiet';
  way.href = `/roots?day=${date}`;
  way.dataset.fetchRoot = date;
  way.textContent = words.FetchRoot;
  return note('warn', words.Whole, fill(words.NoRoot, day), paragraph(way));
}

/** The one step of the first walk that the server never sees: <footer data-walk="8">, the number of that step. Each step done has a cookie. */
function tickOff() {
  const foot = document.querySelector('[data-walk]');
  if (!foot) return;
  choose(`ensen-walk-${foot.dataset.walk}`, '1');
}

function proven(receipt, how, words) {
  tickOff();
  const facts = document.createElement('dl');
  facts.className = 'facts';
  const fact = (term, value, amount = false) => {
    const row = document.createElement('div'), dt = document.createElement('dt'), dd = document.createElement('dd');
    [dt.textContent, dd.textContent] = [term, value];
    dd.classList.toggle('num', amount);
    row.append(dt, dd);
    facts.append(row);
  };
  const number = new Intl.NumberFormat(document.documentElement.lang, { signDisplay: 'always' });
  const lot = date => (date ? ` (${fill(words.Until, inWords(`${date}T00:00:00+09:00`, words))})` : '');
  fact(words.Kind, words[`kind_${receipt.kind}`]);
  fact(words.When, inWords(receipt.at, words, true));
  fact(words.ReceiptNumber, receipt.receiptNumber);
  for (const leg of receipt.legs)
    fact((words[`book_${leg.accountType}`] || leg.accountType) + lot(leg.expiresOn), fill(words[leg.unit], number.format(leg.amount).replace('-', '−')), true);
  if (receipt.storeId) fact(words.Store, receipt.storeId);
  return note('good', words.Proven, how, facts);
}
