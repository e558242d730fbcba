// Reads a code into a field and sends the field's form: with the camera once it is opened, and from a scanner that types like a keyboard.
// The field stays usable by hand and without script.
//
//   <div data-scan="id of the field" data-scanner-types data-prefix="9990" data-beside="id of a receipt's field" data-denied="…">
//     <p>words</p> <button type="button" data-open>…</button> <p role="status" data-said></p>     without a button: no camera
//   </div>
//
// The browser's own BarcodeDetector is used where there is one; otherwise jsQR is fetched when the camera opens.

import { send, shake } from './browsers.js';
import { plain } from './digits.js';

/** @param {HTMLElement} box */
export function start(box) {
  const field = document.getElementById(box.dataset.scan);
  const found = text => {
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    shake(40);
    send(field.form);
  };
  const button = box.querySelector('[data-open]');
  if (button) button.addEventListener('click', () => open(box, found));
  if ('scannerTypes' in box.dataset) listen(box, field, found);
}

const atOnce = 60; // milliseconds between keys that no hand reaches
const asOne = 250; // between the keys of one scan, by the slowest scanner
const longestBars = 60;
const burst = 8; // so many characters at once come from no hand

/**
 * A scanner is a keyboard without a hand: it types where the cursor happens to be, fast or slowly, by keys or all at once through an input
 * method, and ends with Enter, Tab or nothing. So it is known by what it typed, not by how fast: a whole code of ours at the end of what was
 * typed. The field where it ran into (an amount, say) gets back what it held before.
 */
function listen(box, codeField, found) {
  const prefix = box.dataset.prefix || '';
  // At a point till a receipt's bar code is scanned too, into a field of its own, and a member's own number is a code as well.
  const beside = box.dataset.beside ? document.getElementById(box.dataset.beside) : null;
  const isOurs = digits => isCode(digits) || (beside !== null && isMember(digits));
  // The digits of the bar code, in groups or not, behind a symbology identifier or not (] arrives as [ on another keyboard).
  const begins = [...prefix].join('[ -]*') + (beside ? '|8[ -]*0' : '');
  const bars = new RegExp(`^(?:[\\]\\[][A-Za-z][0-9])?((?:${begins})[0-9 -]*)$`);
  // The text of the QR; with Caps Lock and through another keyboard, too.
  const qr = /(?:[\]\[][A-Za-z][0-9])?[hH][qQ][A-Za-z0-9+/~]{40,}[=^]{0,2}$/;
  let keys = [], timer = 0;
  let held = null, holds = ''; // the field that has the cursor, and what it held before the last key
  const forget = () => {
    clearTimeout(timer);
    keys = [];
  };
  const typed = (text, field, before, at) => {
    for (const letter of plain(text)) keys.push({ letter, field, before, at });
    keys = keys.slice(-800);
    clearTimeout(timer);
    timer = setTimeout(() => end(''), 2 * asOne);
  };

  /** The keys of a code at the end of what was typed; null when there is none. */
  const codeIn = () => {
    const text = keys.map(key => key.letter).join('');
    for (let from = Math.max(0, text.length - longestBars); from < text.length; from++) {
      const read = bars.exec(text.slice(from));
      if (read && isOurs(read[1].replace(/[ -]/g, ''))) return keys.slice(from);
    }
    const read = qr.exec(text);
    return read ? keys.slice(read.index) : null;
  };
  const within = (list, time) => list.every((key, i) => i === 0 || key.at - list[i - 1].at < time);

  /** What came at once at the end into one field, if it is more than a hand does: no code of ours, but no amount either. */
  const atTheEnd = () => {
    let from = keys.length - 1;
    const goesOn = (key, next) => key.field === next.field && next.at - key.at < atOnce;
    while (from > 0 && goesOn(keys[from - 1], keys[from])) from--;
    return keys.length - from >= burst ? keys.slice(from) : null;
  };

  /** What was typed is at its end: by a key, or by silence (''). @returns {boolean} whether it was a scan */
  const end = by => {
    const ours = codeIn(), code = ours || (by ? atTheEnd() : null);
    if (by || code) forget();
    if (!code) return false;
    // By its shape no customer's: while no receipt is there, it is the receipt's, and sends nothing.
    const isReceipt = beside && !ours && (code[0].field === beside || (code[0].field !== codeField && !beside.value));
    const into = isReceipt ? beside : codeField;
    const inPlace = code.every(key => key.field === into);
    if (isReceipt && inPlace) return true;
    // In its own field a code may be typed or pasted by hand: Enter is the hand's word for it, Tab a scanner's alone, silence nobody's.
    const sure = by === 'Enter' || (inPlace ? by === 'Tab' && within(code, asOne) : by || within(code, asOne / 2));
    if (inPlace && !sure) return false;
    const { field, before } = code[0];
    if (field && field !== into) {
      field.value = before;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
    const text = code.map(key => key.letter).join('').replace(memberBehindIdentifier, '');
    if (sure && !isReceipt) found(text);
    else into.value = text;
    return true;
  };

  // Whatever became of the keys: who leaves the receipt's field leaves no customer's number at its end.
  if (beside) beside.addEventListener('change', () => {
    const value = plain(beside.value).trimEnd();
    const tail = [19, 12].map(length => value.slice(-length))
      .find(digits => value.length > digits.length && isOurs(digits) && (digits.length === 12 || digits.startsWith(prefix)));
    if (!tail || (codeField.value && codeField.value !== tail)) return;
    beside.value = value.slice(0, -tail.length).trimEnd();
    codeField.value = tail;
  });

  const here = () => box.isConnected;
  const isText = field => field instanceof HTMLInputElement && field.type !== 'radio' && field.type !== 'checkbox';
  const look = field => {
    held = isText(field) ? field : null;
    holds = held ? held.value : '';
  };
  look(document.activeElement);
  addEventListener('focusin', ({ target }) => { if (here()) look(target); }, true);
  addEventListener('pointerdown', forget, true);

  addEventListener('keydown', event => {
    if (!here() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === 'Tab') {
      if (!event.isComposing && end(event.key)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    } else if (event.key && event.key.length === 1) {
      if (event.repeat) forget();
      else if (!isText(event.target)) typed(event.key, null, '', event.timeStamp);
    } else if (event.key === 'Backspace' || event.key === 'Delete') {
      forget();
    }
  }, true);

  // What came into a field, by whatever way: read before the field's own listeners put it in order, and kept after they did.
  addEventListener('input', event => {
    const field = event.target;
    if (!here() || !isText(field) || event.isComposing || !event.isTrusted) return;
    if (field !== held) look(field);
    const came = inserted(holds, field.value);
    if (came) typed(came, field, holds, event.timeStamp);
  }, true);
  addEventListener('input', event => { if (here() && !event.isComposing && event.target === held) holds = held.value; });
  addEventListener('compositionend', event => {
    const field = event.target;
    if (!here() || field !== held) return;
    const came = inserted(holds, field.value);
    if (came) typed(came, field, holds, event.timeStamp);
    holds = field.value;
  }, true);
}

/** The text that stands in `now` and did not in `before`. */
function inserted(before, now) {
  let head = 0, tail = 0;
  while (head < before.length && before[head] === now[head]) head++;
  while (tail < before.length - head && tail < now.length - head && before[before.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  return now.slice(head, now.length - tail);
}

/** Nineteen digits with a right check digit: with our prefix, no amount looks like that. */
const isCode = digits => /^[0-9]{19}$/.test(digits) && isRight(digits);

/** A member's own number. */
const isMember = digits => /^80[0-9]{10}$/.test(digits) && isRight(digits);

const memberBehindIdentifier = /^[\]\[][A-Za-z][0-9](?=80[0-9]{10}$)/;

/** By the check digit of cards (Luhn). */
function isRight(digits) {
  const sum = [...digits].reverse().reduce((all, digit, i) => {
    const counted = Number(digit) * (i % 2 ? 2 : 1);
    return all + (counted > 9 ? counted - 9 : counted);
  }, 0);
  return sum % 10 === 0;
}

/** Without a camera there is the field: it is unfolded and has the cursor. */
function deny(box) {
  box.querySelector('[data-said]').textContent = box.dataset.denied;
  const field = document.getElementById(box.dataset.scan), folded = field && field.closest('details');
  if (folded) folded.open = true;
  if (field && field.type !== 'hidden') field.focus();
}

async function open(box, found) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } });
  } catch {
    deny(box);
    return;
  }
  const button = box.querySelector('[data-open]');
  const video = document.createElement('video');
  video.muted = video.playsInline = true;
  video.srcObject = stream;
  const close = () => {
    stream.getTracks().forEach(track => track.stop());
    video.remove();
    box.classList.remove('open');
    button.hidden = false;
  };
  box.insertBefore(video, box.firstChild);
  box.classList.add('open');
  button.hidden = true;
  addEventListener('pagehide', close, { once: true });

  let read;
  try {
    await video.play();
    read = await reader();
  } catch {
    close();
    deny(box);
    return;
  }
  const look = async () => {
    if (!video.isConnected) return;
    const text = video.readyState >= 2 && await read(video).catch(() => null);
    if (!text) return void setTimeout(look, 120);
    close();
    found(text);
  };
  look();
}

/** @returns {Promise<(video: HTMLVideoElement) => Promise<string | null>>} */
async function reader() {
  const formats = window.BarcodeDetector ? await BarcodeDetector.getSupportedFormats().catch(() => []) : [];
  if (formats.includes('qr_code')) {
    const detector = new BarcodeDetector({ formats: formats.filter(format => format === 'qr_code' || format === 'code_128') });
    return async video => {
      const [code] = await detector.detect(video);
      return code ? code.rawValue : null;
    };
  }
  const { default: jsQR } = await import('../vendor/jsqr/jsqr.js');
  const canvas = document.createElement('canvas');
  const brush = canvas.getContext('2d', { willReadFrequently: true });
  return async video => {
    const scale = Math.min(1, 640 / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    brush.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data } = brush.getImageData(0, 0, canvas.width, canvas.height);
    const code = jsQR(data, canvas.width, canvas.height);
    return code && code.data ? code.data : null;
  };
}
