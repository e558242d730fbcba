// Two notes and a spoken amount. Sound is never the only signal; browsers allow it only after the page was touched once.

let context;

/** Opens the ear: call it from a click or a key. */
export function ready() {
  context ??= new AudioContext();
  return context.state === 'suspended' ? context.resume() : Promise.resolve();
}

function note(frequency, at, length) {
  const tone = context.createOscillator(), volume = context.createGain();
  tone.type = 'sine';
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.3, at + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + length);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + length);
}

/** G then C, as a platform bell that has good news. */
export async function chime() {
  try {
    await ready();
    note(783.99, context.currentTime, 0.35);
    note(1046.5, context.currentTime + 0.16, 0.7);
  } catch {
    // A browser that allows no sound still shows everything.
  }
}

/** Says a sentence in the page's language. @param {string} text */
export function speak(text) {
  if (!text || !globalThis.speechSynthesis) return;
  const words = new SpeechSynthesisUtterance(text);
  words.lang = document.documentElement.lang === 'ja' ? 'ja-JP' : document.documentElement.lang || 'ja-JP';
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
}

addEventListener('pointerdown', () => ready().catch(() => {}), { once: true });
addEventListener('keydown', () => ready().catch(() => {}), { once: true });
