// Writes zengin-code.tsv from the npm package of that name: `npm pack zengin-code`, unpack it, `node zengin-code.mjs package > zengin-code.tsv`.
// A bank is its code of four digits and its name; its branches follow with theirs of three.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const banks = createRequire(import.meta.url)(resolve(process.argv[2], 'lib/zengin-code.js'));
const byCode = list => Object.values(list).filter(one => one.code).sort((a, b) => (a.code < b.code ? -1 : 1));
const line = one => `${one.code}\t${one.name.normalize('NFKC')}\n`;
for (const bank of byCode(banks)) process.stdout.write(line(bank) + byCode(bank.branches).map(line).join(''));
