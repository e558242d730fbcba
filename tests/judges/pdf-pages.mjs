// Draws the pages of a PDF (on standard input) with PDFium at 300 dots an inch, and prints them as JSON: width and height in millimetres,
// and the picture as a binary PGM in base64.
import { readFileSync } from 'node:fs';
import { PDFiumLibrary } from '@hyzyla/pdfium';

const Points = 72, Dots = 300, Millimetres = 25.4;
const library = await PDFiumLibrary.init();
const document = await library.loadDocument(readFileSync(0));
const pages = [];
for (const page of document.pages()) {
  const { originalWidth, originalHeight } = page.getOriginalSize();
  const { width, height, data } = await page.render({ scale: Dots / Points, render: 'bitmap', colorSpace: 'Gray' });
  pages.push({
    width: originalWidth / Points * Millimetres,
    height: originalHeight / Points * Millimetres,
    pgm: Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), data]).toString('base64'),
  });
}
document.destroy();
library.destroy();
console.log(JSON.stringify(pages));
