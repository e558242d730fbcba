// Digits as people, telephones and scanners type them, for every field that takes digits. What is typed is understood exactly, or it is
// refused: never cut, held to a bound or guessed at. The server's TypedDigits reads alike; tests/vectors/typed-digits.json holds the two
// together.

const longestAmount = 40, longestNumber = 200, mostDigits = 12;
const unseen = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const whole = /^[¥\\]? ?([0-9]{1,3}(?:[,、][0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+) ?(?:円|yen)?$/i;
const between = /[ \-\u2010-\u2015\u2212ーｰ\u2500\u2043\ufe58\ufe63\u0000-\u001f\u007f]/g;

/** Full-width letters as half-width ones, every kind of space as a space; what nobody sees is gone. @param {string} typed */
export const plain = typed => typed.replace(unseen, '')
  .replace(/[！-～]/g, wide => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
  .replace(/￥/g, '¥')
  .replace(/[\u3000\u00a0\u202f\u2000-\u200a]/g, ' ');

/**
 * A whole number of yen or points: plain, or in groups of three with commas or spaces, with or without the sign of the yen.
 * @param {string} typed
 * @returns {number | null} null for anything else, and for nothing
 */
export function amount(typed) {
  const read = typed.length <= longestAmount && whole.exec(plain(typed).trim());
  const digits = read && read[1].replace(/[^0-9]/g, '');
  return digits && digits.length <= mostDigits ? Number(digits) : null;
}

/** Whether more keys may yet make an amount of it: nobody is corrected in the middle of a number. @param {string} typed */
export const mayBecome = typed => /^[¥\\]? ?[0-9,、 ]*$/.test(plain(typed));

/**
 * A number that names something (a code, a store): its digits alone, without the spaces and hyphens people put between.
 * @param {string} typed
 * @returns {string | null}
 */
export function number(typed) {
  const digits = typed.length <= longestNumber ? plain(typed).replace(between, '') : '';
  return /^[0-9]+$/.test(digits) ? digits : null;
}
