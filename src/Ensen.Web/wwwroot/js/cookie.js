// Choices that the first paint must know live in cookies for a year: the server reads them, nothing flashes.

/** @param {string} name @param {string} value an empty one forgets */
export function choose(name, value) {
  const secure = location.protocol === 'https:' ? '; secure' : '';
  document.cookie = `${name}=${value}; path=/; samesite=lax; max-age=${value ? 31536000 : 0}${secure}`;
}
