// Reads the QR in a picture (binary PGM on standard input) with jsQR and prints what it says as JSON, null for nothing.
import { readFileSync } from 'node:fs';
import jsqr from 'jsqr';

const pgm = readFileSync(0);
const head = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.subarray(0, 64).toString('latin1'));
const [width, height] = [Number(head[1]), Number(head[2])];
const grey = pgm.subarray(head[0].length);
const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
for (let i = 0; i < width * height; i++) rgba.fill(grey[i], 4 * i, 4 * i + 3);

const found = (jsqr.default ?? jsqr)(rgba, width, height);
console.log(JSON.stringify(found ? found.data : null));
