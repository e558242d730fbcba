// What shops' browsers lack: iOS 15, a WebView of Android 9, storage that is switched off. This is the one place that deals with it;
// everything else is written for the oldest of them (tests/judges/old-browsers.mjs knows what that leaves out).

/** A request that is given up after a while. @param {number} milliseconds @param {string} address @param {RequestInit} [options] */
export const fetchWithin = (milliseconds, address, options) => new Promise((resolve, reject) => {
  const stop = typeof AbortController === 'undefined' ? null : new AbortController();
  setTimeout(() => {
    reject(new Error('No answer in time'));
    if (stop) stop.abort();
  }, milliseconds);
  fetch(address, { ...options, ...(stop && { signal: stop.signal }) }).then(resolve, reject);
});

/** What the browser keeps; where it keeps nothing (null, full, forbidden), this page does. @param {'localStorage' | 'sessionStorage'} name */
const keeper = name => {
  const own = new Map();
  return {
    /** @param {string} key @returns {string | null} */
    get(key) {
      try {
        const value = window[name].getItem(key);
        if (value !== null) return value;
      } catch {
        // Read what this page keeps.
      }
      return own.has(key) ? own.get(key) : null;
    },
    /** @param {string} key @param {string} value */
    set(key, value) {
      try {
        window[name].setItem(key, value);
      } catch {
        own.set(key, value);
      }
    },
    /** @param {string} key */
    drop(key) {
      own.delete(key);
      try {
        window[name].removeItem(key);
      } catch {
        // Then it was not there.
      }
    },
  };
};
export const kept = keeper('localStorage');
export const keptInTab = keeper('sessionStorage');

/** Reads what was kept as JSON; what is damaged is as good as nothing. @param {string | null} text */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

let pressed = null;
addEventListener('click', ({ target }) => { pressed = target.closest ? target.closest('button') : null; }, true);

/** The button that sends a form, null for none. @param {SubmitEvent} event */
export const senderOf = event => event.submitter || (pressed && pressed.form === event.target && pressed.type === 'submit' ? pressed : null);

/** What a form would send by this button. @param {HTMLFormElement} form @param {HTMLButtonElement | null} [button] */
export function bodyOf(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button && button.name) body.append(button.name, button.value);
  return body;
}

/** Sends a form as its button does: checked, and heard by whoever listens. @param {HTMLFormElement} form @param {HTMLButtonElement} [button] */
export function send(form, button) {
  if (form.requestSubmit) return form.requestSubmit(button);
  const key = button || form.appendChild(document.createElement('button'));
  key.click();
  if (key !== button) key.remove();
}

/** Sends a form without any script between, whatever listens. @param {HTMLFormElement} form @param {HTMLButtonElement | null} [button] */
export function sendPlainly(form, button) {
  if (button && button.name) {
    const field = form.appendChild(document.createElement('input'));
    field.type = 'hidden';
    field.name = button.name;
    field.value = button.value;
  }
  HTMLFormElement.prototype.submit.call(form);
}

/** A short shake, where the device can. @param {number | number[]} pattern */
export const shake = pattern => { if (navigator.vibrate) navigator.vibrate(pattern); };

/** Whether the browser would play a sound: not before the page was touched. Who cannot tell may try. */
export const mayBeHeard = () => !navigator.userActivation || navigator.userActivation.hasBeenActive;

/** Keeps the screen on while it is looked at. It has to be asked for again whenever the page comes back. */
export function stayAwake() {
  if (asked) return;
  asked = true;
  const ask = () => {
    if (document.hidden || !navigator.wakeLock || (lock && !lock.released)) return;
    navigator.wakeLock.request('screen').then(given => { lock = given; }, () => {});
  };
  document.addEventListener('visibilitychange', ask);
  ask();
}
let asked = false, lock = null;
