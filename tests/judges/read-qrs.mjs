// Reads many QR pictures ([base64 of a binary PGM, …] as JSON on standard input) with jsQR and zxing-wasm (ZXing-C++). Prints for each what jsQR says,
// what zxing says, whether the picture has an ECI, and what a hardware reader in ECI mode sends (AIM symbology identifier, \000026, text); null for nothing.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import jsqr from 'jsqr';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const library = dirname(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
await prepareZXingModule({ overrides: { wasmBinary: readFileSync(join(library, 'zxing_reader.wasm')).buffer }, fireImmediately: true });

function picture(base64) {
  const pgm = Buffer.from(base64, 'base64');
  const head = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.subarray(0, 64).toString('latin1'));
  const [width, height] = [Number(head[1]), Number(head[2])];
  const grey = pgm.subarray(head[0].length);
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) data.fill(grey[i], 4 * i, 4 * i + 3);
  return { data, width, height, colorSpace: 'srgb' };
}

const answers = [];
for (const base64 of JSON.parse(readFileSync(0, 'utf8'))) {
  const seen = picture(base64);
  const found = (jsqr.default ?? jsqr)(seen.data, seen.width, seen.height);
  const [read] = await readBarcodes(seen, { formats: ['QRCode'], tryHarder: true });
  answers.push({
    jsqr: found ? found.data : null,
    zxing: read ? read.text : null,
    eci: read ? read.hasECI : false,
    sent: read ? Buffer.from(read.bytesECI).toString('utf8') : null,
  });
}
console.log(JSON.stringify(answers));
