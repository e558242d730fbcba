// A second checker of receipts, written from docs/receipts.md alone, without packages.
//   node check-receipt.mjs FILE --root HEX [--root HEX …]   answers {proven, wrong}: "day", "seal" or null, and why not; ends with 0, 1 or 2
// Without arguments a JSON list of {file, roots} on standard input, the text of a receipt and the roots to trust, for a list of answers.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const kinds = {
  1: ['charge', 'chg_'], 2: ['payment', 'pay_'], 3: ['refund', 'ref_'], 4: ['transfer', 'trf_'], 5: ['expiry', 'ent_'], 6: ['correction', 'cor_'],
  7: ['leaving', 'ent_'], 20: ['campaignopened', 'ent_'], 22: ['campaignclosed', 'ent_'], 23: ['pointsreleased', 'ent_'], 30: ['rewardorder', 'rwo_'], 31: ['rewardreturn', 'ent_'],
  32: ['goodwill', 'ent_'],
  35: ['pointaward', 'ent_'], 36: ['pointspending', 'ent_'], 37: ['pointcancellation', 'ent_'], 38: ['cardmigration', 'ent_'],
  40: ['ridepoints', 'ent_'], 41: ['transitcharge', 'ent_'], 42: ['transitreturn', 'ent_'], 44: ['creditcardpoints', 'ent_'], 45: ['creditcardtakeback', 'ent_'],
  50: ['settlement', 'stl_'], 51: ['payout', 'pof_'], 52: ['payoutanswer', 'ent_'], 53: ['payoutreturn', 'ent_'],
  56: ['link', 'lnk_'], 57: ['linkclaim', 'ent_'], 58: ['linkreturn', 'ent_'],
  60: ['withdrawal', 'wdr_'], 61: ['withdrawalpaid', 'ent_'], 62: ['withdrawalreturn', 'ent_'], 63: ['withdrawalcontradicted', 'ent_'],
  64: ['businesstransfer', 'ent_'], 65: ['businessdeposit', 'ent_'],
};
const books = {
  1: 'money', 2: 'prepaid', 3: 'points', 4: 'campaignpoints', 5: 'chargeonlypoints', 6: 'pendingpoints', 10: 'payable', 11: 'merchantdue',
  12: 'merchantcarried', 13: 'merchantfees', 14: 'feetax', 15: 'payouttransit', 20: 'cardclearing', 21: 'bankclearing',
  22: 'atmclearing', 30: 'pointliability', 31: 'pointfunding', 32: 'breakage', 33: 'campaignbudget', 36: 'centrepayable', 37: 'issuerclearing',
  38: 'transitclearing', 39: 'creditcardclearing', 40: 'suspense', 41: 'rewardsales', 42: 'payoutbank', 46: 'linkheld', 47: 'withdrawaltransit', 50: 'businessmoney', 51: 'depositclearing',
};
const inPoints = new Set([3, 4, 5, 6, 30, 32, 33]);

const need = (holds, what) => { if (!holds) throw new Error(what); };
const h = bytes => createHash('sha256').update(bytes).digest();
const leaf = record => h(Buffer.concat([Buffer.of(0), record]));
const node = (a, b) => h(Buffer.concat([Buffer.of(1), a, b]));

/** The object has exactly these fields; a question mark allows one to be missing. */
function fields(object, ...names) {
  need(object !== null && typeof object === 'object' && !Array.isArray(object), 'an object is missing');
  const known = names.map(name => name.replace('?', ''));
  for (const name of Object.keys(object)) need(known.includes(name), `${name} is not known`);
  for (const name of names) need(name.endsWith('?') || name in object, `${name} is missing`);
}
function hex(text, length) {
  need(typeof text === 'string' && text.length === 2 * length && /^[0-9a-f]*$/.test(text), `not ${length} bytes of hex: ${text}`);
  return Buffer.from(text, 'hex');
}
function whole(value, bytes, least = -Number.MAX_SAFE_INTEGER) {
  need(Number.isSafeInteger(value) && value >= least, `not a whole number: ${value}`);
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(BigInt(value));
  const short = buffer.subarray(8 - bytes);
  need(BigInt.asIntN(8 * bytes, BigInt(value)) === BigInt(value), `too large: ${value}`);
  return short;
}
const list = value => { need(Array.isArray(value), 'a list is missing'); return value; };
const orZeros = id => (id === null ? Buffer.alloc(16) : hex(id, 16));

function climb(here, index, size, path) {
  whole(index, 8, 0);
  whole(size, 8, 1);
  need(index < size, 'the index does not fit the size');
  const rest = list(path).map(hash => hex(hash, 32));
  for (let place = BigInt(index), last = BigInt(size) - 1n; last > 0n; place >>= 1n, last >>= 1n) {
    if ((place ^ 1n) > last) continue;
    need(rest.length > 0, 'the path is too short');
    const beside = rest.shift();
    here = place & 1n ? node(beside, here) : node(here, beside);
  }
  need(rest.length === 0, 'the path is too long');
  return here;
}

function initiator(it) {
  if ('hash' in it) { fields(it, 'hash'); return hex(it.hash, 32); }
  fields(it, 'salt', 'kind', 'id', 'request');
  return leaf(Buffer.concat([Buffer.from('I'), hex(it.salt, 12), whole(it.kind, 2), hex(it.id, 16), it.request === '' ? Buffer.alloc(0) : hex(it.request, 32)]));
}
function leg(it, place) {
  if ('hash' in it) { fields(it, 'hash'); return hex(it.hash, 32); }
  fields(it, 'salt', 'owner', 'accountType', 'term', 'amount', 'balanceAfter?');
  const after = 'balanceAfter' in it ? Buffer.concat([Buffer.of(1), whole(it.balanceAfter, 8)]) : Buffer.alloc(9);
  return leaf(Buffer.concat([
    Buffer.from('L'), hex(it.salt, 12), hex(it.owner, 16), whole(place, 2), whole(it.accountType, 2), whole(it.term, 4), whole(it.amount, 8), after]));
}
function entry(proof) {
  const it = proof.entry;
  fields(it, 'id', 'kind', 'atMs', 'store', 'corrects');
  const legs = list(proof.legs).map(leg);
  return leaf(Buffer.concat([
    Buffer.from('E'), hex(it.id, 16), whole(it.kind, 2), whole(it.atMs, 8), orZeros(it.store), orZeros(it.corrects), initiator(proof.initiator),
    whole(legs.length, 2, 1), ...legs]));
}
function seal(it, root) {
  fields(it, 'lane', 'number', 'atMs', 'entries', 'previous');
  return leaf(Buffer.concat([
    Buffer.from('S'), whole(it.lane, 2, 0), whole(it.number, 8, 1), whole(it.atMs, 8), whole(it.entries, 4, 1), root, hex(it.previous, 32)]));
}
function day(it, sealHash) {
  fields(it, 'date', 'seals', 'index', 'path', 'previous');
  need(isDate(it.date), 'the day is no date');
  const tree = climb(sealHash, it.index, it.seals, it.path);
  return leaf(Buffer.concat([Buffer.from('D'), whole(Number(it.date.replaceAll('-', '')), 4), whole(it.seals, 8, 1), tree, hex(it.previous, 32)]));
}

// --- what people read ----------------------------------------------------------------------------------------------------------------

const isDate = text => /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;

function base32(id) {
  let [text, rest] = ['', BigInt('0x' + id)];
  for (let i = 0; i < 26; i++, rest >>= 5n) text = '0123456789abcdefghjkmnpqrstvwxyz'[Number(rest & 31n)] + text;
  return text;
}
function receiptNumber(id) {
  const r = BigInt('0x' + id.slice(16));
  const letter = shift => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[Number((r >> shift) & 31n)];
  return `${letter(0n)}${letter(5n)}${letter(10n)}-${String((r / 32768n) % 10000n).padStart(4, '0')}`;
}
function readable(receipt) {
  fields(receipt, 'entryId', 'kind', 'at', 'receiptNumber', 'storeId', 'storeName', 'legs', 'proof');
  const { entry: sealed, initiator: asked, legs, party } = receipt.proof;
  const [word, prefix] = kinds[sealed.kind] ?? [];
  need(word && receipt.kind === word, 'kind is another');
  const ofCharge = sealed.kind === 1 && 'request' in asked && /^chg_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(receipt.entryId)
    && h(Buffer.from(receipt.entryId, 'ascii')).toString('hex') === asked.request;
  need(receipt.entryId === prefix + base32(sealed.id) || ofCharge, 'entryId is another');
  need(typeof receipt.at === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/.test(receipt.at), 'at is no instant');
  need(Date.parse(receipt.at) === sealed.atMs, 'at is another');
  need(receipt.receiptNumber === receiptNumber(sealed.id), 'receiptNumber is another');
  need(receipt.storeId === (sealed.store === null ? null : 'str_' + base32(sealed.store)), 'storeId is another');
  need(receipt.storeName === null || (typeof receipt.storeName === 'string' && sealed.store !== null), 'storeName without a store');
  hex(party, 16);
  const own = legs.filter(l => l.owner === party);
  need(own.length > 0 && list(receipt.legs).length === own.length, 'legs are others');
  own.forEach((l, i) => {
    fields(receipt.legs[i], 'accountType', 'amount', 'unit', 'expiresOn');
    // Campaign points: the last day from the year 2000 on, and three digits for what they are for.
    const term = String(l.accountType === 4 ? 20_000_000 + Math.floor(l.term / 1_000) : l.term).padStart(8, '0');
    const expires = l.term === 0 || l.accountType === 6 ? null : `${term.slice(0, 4)}-${term.slice(4, 6)}-${term.slice(6)}`;
    need(expires === null || isDate(expires), 'a term is no date');
    const { accountType, amount, unit, expiresOn } = receipt.legs[i];
    need(accountType === books[l.accountType] && amount === l.amount && unit === (inPoints.has(l.accountType) ? 'points' : 'yen') && expiresOn === expires, `leg ${i} is another`);
  });
}

function check({ file, roots }) {
  try {
    const receipt = JSON.parse(file.replace(/^\ufeff/, ''));
    const proof = receipt.proof;
    fields(proof, 'version', 'party', 'entry', 'initiator', 'legs', 'index', 'path', 'seal', 'day');
    need(proof.version === 1, 'another version');
    const sealHash = seal(proof.seal, climb(entry(proof), proof.index, proof.seal.entries, proof.path));
    const dayRoot = proof.day === null ? null : day(proof.day, sealHash);
    readable(receipt);
    if (dayRoot && roots.includes(dayRoot.toString('hex'))) return { proven: 'day', wrong: null };
    if (roots.includes(sealHash.toString('hex'))) return { proven: 'seal', wrong: null };
    return { proven: null, wrong: `it leads to ${(dayRoot ?? sealHash).toString('hex')}` };
  } catch (error) {
    return { proven: null, wrong: error.message };
  }
}

function ask(args) {
  const roots = args.filter((_, i) => args[i - 1] === '--root');
  const files = args.filter((arg, i) => arg !== '--root' && args[i - 1] !== '--root');
  if (files.length !== 1 || roots.length === 0) {
    console.error('check-receipt.mjs FILE --root HEX');
    return 2;
  }
  const answer = check({ file: readFileSync(files[0], 'utf8'), roots });
  console.log(JSON.stringify(answer));
  return answer.proven ? 0 : 1;
}

if (process.argv.length > 2) process.exitCode = ask(process.argv.slice(2));
else console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(check)));
