using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using PhoneNumbers;

namespace Ensen.Members;

/// <summary>Telephone numbers, kept in international form (E.164). A number that begins with 0 is Japan's.</summary>
public static class TelephoneNumber
{
    const int Most = 60;

    /// <summary>
    /// As contacts, web pages and input methods write it: digits of any script, every kind of dash, space and bracket, and the marks that
    /// nobody sees, which an address book puts around a number so that it keeps its direction.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? number)
    {
        number = null;
        if (text is null || text.Length > Most)
            return false;
        var digits = new StringBuilder();
        var international = false;
        foreach (var rune in Plain(text).EnumerateRunes())
        {
            if (Rune.IsDigit(rune))
                digits.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            else if (rune.Value is '+' or '＋' && digits.Length == 0 && !international)
                international = true;
            else if (!IsBetween(rune))
                return false;
        }
        number = international ? International(digits.ToString()) : Domestic(digits.ToString());
        return number is not null;
    }

    static string Plain(string text) => text.Trim() is var trimmed && trimmed.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? trimmed["tel:".Length..] : trimmed;

    /// <summary>What may stand between digits, and says nothing. ー and ｰ are what a Japanese input method makes of a hyphen.</summary>
    static bool IsBetween(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.DashPunctuation or UnicodeCategory.SpaceSeparator or UnicodeCategory.Format
        || rune.Value is '.' or '．' or '(' or ')' or '（' or '）' or '\u2212' or 'ー' or 'ｰ' or '\t';

    /// <summary>As it is shown where others may look, and as people in Japan write it: 090-****-5678; from elsewhere +4420****5678.</summary>
    public static string Masked(string number) =>
        number.Length < 10 ? "****"
        : number.StartsWith("+81", StringComparison.Ordinal) && number.Length >= 12 ? $"0{number[3..^8]}-****-{number[^4..]}"
        : $"{number[..^8]}****{number[^4..]}";

    // Japan: 0 and ten digits for mobile and IP telephones (050, 060, 070, 080, 090), 0 and nine for all others: one missing is not another number.
    static string? Domestic(string digits) =>
        digits is ['0', not '0', ..] && digits.Length == (digits[1] is >= '5' and <= '9' && digits[2] == '0' ? 11 : 10) ? "+81" + digits[1..] : null;

    static string? International(string digits)
    {
        if (digits.StartsWith("81", StringComparison.Ordinal))
            return Domestic(digits is [_, _, '0', ..] ? digits[2..] : "0" + digits[2..]);
        try
        {
            var number = "+" + digits;
            var numbers = PhoneNumberUtil.GetInstance();
            return numbers.IsPossibleNumberWithReason(numbers.Parse(number, null)) == PhoneNumberUtil.ValidationResult.IS_POSSIBLE ? number : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }
}
