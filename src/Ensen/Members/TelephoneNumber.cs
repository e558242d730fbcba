using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Ensen.Basics;
using PhoneNumbers;

namespace Ensen.Members;

/// <summary>Telephone numbers, kept in international form (E.164). A number that begins with 0 is dialled in Japan.</summary>
public static partial class TelephoneNumber
{
    const int Most = 60;

    static readonly PhoneNumberUtil s_numbers = PhoneNumberUtil.GetInstance();

    /// <summary>
    /// As contacts, web pages and input methods write it: digits of any script, every kind of dash, space and bracket, and the marks that
    /// nobody sees, which an address book puts around a number so that it keeps its direction. The library would also pick a number out of
    /// a sentence, drop an extension and spell letters as digits: nothing is guessed at here.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? number)
    {
        number = null;
        if (text is null || text.Length > Most)
            return false;
        text = TypedDigits.Plain(text);
        if (Pasted().Match(text.Trim()) is not { Success: true } pasted)
            return false;
        var digits = PhoneNumberUtil.NormalizeDigitsOnly(text);
        var international = pasted.Groups[1].Length > 0;
        if (!international && !digits.StartsWith('0'))
            return false;
        try
        {
            var parsed = s_numbers.Parse(international ? "+" + digits : digits, "JP");
            if (IsWhole(parsed))
                number = s_numbers.Format(parsed, PhoneNumberFormat.E164);
        }
        catch (NumberParseException)
        {
            return false;
        }
        return number is not null;
    }

    // Of all lengths that Japan's numbers have, people's have two: one digit missing from a mobile's is not a fixed line.
    static bool IsWhole(PhoneNumber number) =>
        number.CountryCode == 81
            ? s_numbers.IsPossibleNumberForType(number, s_numbers.GetNationalSignificantNumber(number) is [>= '5' and <= '9', '0', ..]
                ? PhoneNumberType.MOBILE : PhoneNumberType.FIXED_LINE)
            : s_numbers.IsPossibleNumberWithReason(number) == PhoneNumberUtil.ValidationResult.IS_POSSIBLE;

    /// <summary>Whether a number in international form is one of Japan's.</summary>
    public static bool IsOfJapan(string number) => number.StartsWith("+81", StringComparison.Ordinal);

    /// <summary>As people dial it: 050-1234-5678; from elsewhere in international form.</summary>
    public static string Dialled(string number) =>
        IsOfJapan(number) ? s_numbers.Format(s_numbers.Parse(number, "JP"), PhoneNumberFormat.NATIONAL) : number;

    /// <summary>
    /// As it is shown where others may look, and as people in Japan write it: 090-****-5678; from elsewhere +4420****5678.
    /// </summary>
    public static string Masked(string number) =>
        number.Length < 10 ? "****"
        : number.StartsWith("+81", StringComparison.Ordinal) && number.Length >= 12 ? $"0{number[3..^8]}-****-{number[^4..]}"
        : $"{number[..^8]}****{number[^4..]}";

    // ー and ｰ are what a Japanese input method makes of a hyphen.
    [GeneratedRegex(@"\A(?:tel:)?[\p{Pd}\p{Zs}\p{Cf}\t.．()（）\u2212ーｰ]*([+＋]?)[\p{Nd}\p{Pd}\p{Zs}\p{Cf}\t.．()（）\u2212ーｰ]+\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pasted();
}
