// Reads a code into a field and sends the field's form: with the camera once it is opened, and from a USB scanner that
// types like a keyboard. The field stays usable by hand and without script.
//
//   <div data-scan="id of the field" data-scanner-types data-denied="…">
//     <p>words</p> <button type="button" data-open>…</button> <p role="status" data-said></p>     without a button: no camera
//   </div>
//
// The browser's own BarcodeDetector is used where there is one; otherwise jsQR is fetched when the camera opens.

/** @param {HTMLElement} box */
export function start(box) {
  const field = document.getElementById(box.dataset.scan);
  const found = text => {
    field.value = text;
    navigator.vibrate?.(40);
    field.form.requestSubmit();
  };
  box.querySelector('[data-open]')?.addEventListener('click', () => open(box, found));
  if ('scannerTypes' in box.dataset) listen(box, found);
}

/**
 * A scanner types ten or more characters within a blink of each other and ends with Enter. Where the cursor stands it types too:
 * that field (an amount, say) gets back what it held before.
 */
function listen(box, found) {
  let typed = '', last = 0, field = null, held = '';
  document.addEventListener('keydown', event => {
    if (!box.isConnected || event.ctrlKey || event.metaKey || event.altKey) return;
    const quick = event.timeStamp - last < 60;
    last = event.timeStamp;
    if (event.key === 'Enter') {
      if (quick && typed.length >= 10) {
        event.preventDefault();
        if (field?.value !== undefined) {
          field.value = held;
          field.dispatchEvent(new Event('input', { bubbles: true }));
        }
        found(typed);
      }
      typed = '';
    } else if (event.key.length === 1) {
      if (!quick) [field, held] = [document.activeElement, document.activeElement?.value];
      typed = quick ? typed + event.key : event.key;
    }
  }, { capture: true });
}

async function open(box, found) {
  const said = box.querySelector('[data-said]');
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } });
  } catch {
    said.textContent = box.dataset.denied;
    return;
  }
  const video = document.createElement('video');
  video.muted = video.playsInline = true;
  video.srcObject = stream;
  box.prepend(video);
  box.classList.add('open');
  box.querySelector('[data-open]').hidden = true;
  await video.play();

  const close = () => {
    stream.getTracks().forEach(track => track.stop());
    video.remove();
    box.classList.remove('open');
    box.querySelector('[data-open]').hidden = false;
  };
  addEventListener('pagehide', close, { once: true });

  const read = await reader();
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
  const formats = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []) ?? [];
  if (formats.includes('qr_code')) {
    const detector = new BarcodeDetector({ formats: formats.filter(format => format === 'qr_code' || format === 'code_128') });
    return async video => (await detector.detect(video))[0]?.rawValue ?? null;
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
    return jsQR(data, canvas.width, canvas.height)?.data || null;
  };
}
