using System.Globalization;
using System.Text;

namespace Ensen.Basics;

/// <summary>
/// Finds card numbers in what people type, so that no field ever stores one: digits in the length and the range of an issuer (ISO/IEC 7812)
/// that pass Luhn's check, however they are grouped and whatever digits they are written in. An article number (JAN, EAN) is none.
/// </summary>
public static class CardDigits
{
    const int Least = 13;
    const int Most = 19;

    /// <summary>
    /// Ranges of issuer numbers, and the lengths of the cards under them. The first digits are compared, as many as the bounds have.
    /// </summary>
    static readonly (int From, int To, int Least, int Most)[] s_issuers =
    [
        (4, 4, 13, 13), (4, 4, 16, 16), (4, 4, 19, 19),                                           // Visa
        (51, 55, 16, 16), (2221, 2720, 16, 16), (2200, 2204, 16, 19),                             // Mastercard, Mir
        (34, 34, 15, 15), (37, 37, 15, 15),                                                       // American Express
        (300, 305, 14, 19), (3095, 3095, 14, 19), (36, 36, 14, 19), (38, 39, 14, 19),             // Diners Club
        (3528, 3589, 16, 19),                                                                     // JCB
        (60, 60, 16, 19), (62, 62, 16, 19), (64, 65, 16, 19), (81, 82, 16, 19),                   // Discover, UnionPay, RuPay
        (50, 50, 16, 19), (56, 58, 16, 19), (61, 61, 16, 19), (63, 63, 16, 19), (66, 69, 16, 19), // Maestro and others of its range
        (5018, 5018, 13, 15), (5020, 5020, 13, 15), (5038, 5038, 13, 15), (5893, 5893, 13, 15), (6304, 6304, 13, 15), (6759, 6763, 13, 15),
        (9792, 9792, 16, 16),                                                                     // Troy
    ];

    /// <summary>
    /// True when the text holds such a number. It begins and ends where a group of digits does; anything but letters may stand between the
    /// groups.
    /// </summary>
    public static bool In(string text)
    {
        var digits = new List<int>();
        var starts = new List<int>();
        var within = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Digit(rune) is { } digit)
            {
                if (!within)
                    starts.Add(digits.Count);
                digits.Add(digit);
                within = true;
            }
            else if (!InvisibleCharacters.Is(rune))
            {
                if (within && EndsACard(digits, starts))
                    return true;
                within = false;
                if (!Rune.IsLetter(rune))
                    continue;
                digits.Clear();
                starts.Clear();
            }
        }
        return within && EndsACard(digits, starts);
    }

    /// <summary>
    /// The text with a star in place of each digit where it holds such a number, for what is not worth refusing: a device's name.
    /// </summary>
    public static string Masked(string text) =>
        In(text) ? string.Concat(text.EnumerateRunes().Select(rune => Digit(rune) is null ? rune.ToString() : "*")) : text;

    /// <summary>Whether a card ends with the last digit and begins where one of the groups does.</summary>
    static bool EndsACard(List<int> digits, List<int> starts)
    {
        for (var i = starts.Count - 1; i >= 0 && digits.Count - starts[i] <= Most; i--)
            if (digits.Count - starts[i] >= Least && IsCard(digits[starts[i]..]))
                return true;
        return false;
    }

    static bool IsCard(List<int> number) =>
        s_issuers.Any(i => number.Count >= i.Least && number.Count <= i.Most && First(number, i.From) is var first && first >= i.From
            && first <= i.To)
        && !(number.Count == 13 && number is [4, 5 or 9, ..]) // Japan's article numbers; nobody issues cards of thirteen digits there
        && PassesLuhn(number);

    /// <summary>As many of the first digits as the bound has.</summary>
    static int First(List<int> number, int bound) =>
        number.Take(bound < 10 ? 1 : bound < 100 ? 2 : bound < 1_000 ? 3 : 4).Aggregate(0, (sum, digit) => sum * 10 + digit);

    /// <summary>Digits of every script, circled and raised ones, too.</summary>
    static int? Digit(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.OtherNumber
        && Rune.GetNumericValue(rune) is >= 0 and <= 9 and var value && value == Math.Floor(value) ? (int)value : null;

    static bool PassesLuhn(List<int> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Count; i++)
        {
            var digit = digits[^(i + 1)];
            var weighed = i % 2 == 0 ? digit : digit * 2;
            sum += weighed > 9 ? weighed - 9 : weighed;
        }
        return sum > 0 && sum % 10 == 0;
    }
}
