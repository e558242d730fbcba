using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Ensen.Basics;

/// <summary>
/// Digits as people, telephones and scanners type them, for every field that takes digits. What is typed is understood exactly, or it is
/// refused: never cut, held to a bound or guessed at. The pages' digits.js reads alike; tests/vectors/typed-digits.json holds the two
/// together.
/// </summary>
public static partial class TypedDigits
{
    const int LongestAmount = 40;
    const int LongestNumber = 200;
    const int MostDigits = 12;

    /// <summary>
    /// A whole number of yen or points: plain, or in groups of three with commas or spaces, with or without the sign of the yen. Nothing
    /// else: no sign, fraction, exponent, kanji numeral, or second number. Bounds are the caller's.
    /// </summary>
    public static bool TryWhole(string? typed, out long value)
    {
        value = 0;
        if (typed is null or { Length: > LongestAmount })
            return false;
        var read = Whole().Match(Plain(typed).Trim());
        if (!read.Success)
            return false;
        var digits = string.Concat(read.Groups[1].Value.Where(char.IsAsciiDigit));
        return digits.Length <= MostDigits && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>
    /// A number that names something (a code, a store, a PIN): its digits alone, without the spaces and hyphens people put between. Null
    /// when it has anything else.
    /// </summary>
    public static string? Number(string? typed)
    {
        if (typed is null or { Length: > LongestNumber })
            return null;
        var digits = new StringBuilder(typed.Length);
        foreach (var c in Plain(typed))
            if (char.IsAsciiDigit(c))
                digits.Append(c);
            else if (!IsBetween(c))
                return null;
        return digits.Length == 0 ? null : digits.ToString();
    }

    /// <summary>
    /// Full-width letters as half-width ones, every kind of space as a space; what nobody sees (marks of direction, pasted from contacts)
    /// is gone.
    /// </summary>
    public static string Plain(string typed) => string.Concat(typed.Where(c => !IsUnseen(c)).Select(Half));

    /// <summary>
    /// What stands between the digits of a number: spaces, hyphens of all kinds (an input method writes the long vowel ー), a scanner's
    /// control characters.
    /// </summary>
    public static bool IsBetween(char c) =>
        c is ' ' or '-' or (>= '\u2010' and <= '\u2015') or '\u2212' or 'ー' or 'ｰ' or '\u2500' or '\u2043' or '\ufe58' or '\ufe63'
            || c < ' ' || c == '\u007f';

    static char Half(char c) => c switch
    {
        >= '！' and <= '～' => (char)(c - '！' + '!'),
        '￥' => '¥',
        '\u3000' or '\u00a0' or '\u202f' or (>= '\u2000' and <= '\u200a') => ' ',
        _ => c,
    };

    static bool IsUnseen(char c) =>
        c is '\u00ad' or (>= '\u200b' and <= '\u200f') or (>= '\u202a' and <= '\u202e') or (>= '\u2060' and <= '\u2069') or '\ufeff';

    // An input method writes 、 where the comma is pressed.
    [GeneratedRegex(@"\A[¥\\]? ?([0-9]{1,3}(?:[,、][0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+) ?(?:円|yen)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Whole();
}
