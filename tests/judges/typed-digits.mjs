// What the pages' digits.js makes of each text (a list of {kind, typed} on standard input): a list of answers as JSON.
import { readFileSync } from 'node:fs';

const module = readFileSync(new URL('../../src/Ensen.Web/wwwroot/js/digits.js', import.meta.url), 'utf8');
const { amount, number } = await import(`data:text/javascript,${encodeURIComponent(module)}`);
const asked = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(asked.map(({ kind, typed }) => String((kind === 'amounts' ? amount : number)(typed)))));
