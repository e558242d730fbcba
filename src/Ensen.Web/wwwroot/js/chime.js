// Two notes and a spoken amount. Sound is never the only signal; browsers allow it only after the page was touched once.

let context;

/** Opens the ear: call it from a click or a key. */
export async function ready() {
  if (!context) context = new AudioContext();
  if (context.state === 'suspended') await context.resume();
}

function note(frequency, at, length, shape = 'sine') {
  const tone = context.createOscillator(), volume = context.createGain();
  tone.type = shape;
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

/** Two low notes that fall: no. Nobody takes them for the bell. */
export async function buzz() {
  try {
    await ready();
    note(220, context.currentTime, 0.3, 'triangle');
    note(164.81, context.currentTime + 0.22, 0.5, 'triangle');
  } catch {
    // A browser that allows no sound still shows everything.
  }
}

/** Says a sentence in the page's language. @param {string} text */
export function speak(text) {
  if (!text || !window.speechSynthesis) return;
  const words = new SpeechSynthesisUtterance(text);
  words.lang = document.documentElement.dataset.voice;
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
}

addEventListener('pointerdown', () => ready().catch(() => {}), { once: true });
addEventListener('keydown', () => ready().catch(() => {}), { once: true });
