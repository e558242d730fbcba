using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Ensen.Members;

/// <summary>Telephone numbers, kept in international form (E.164). A number that begins with 0 is Japan's.</summary>
public static class TelephoneNumber
{
    /// <summary>Hyphens, dots, brackets and spaces are dropped; full-width digits are read.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? number)
    {
        number = null;
        if (text is null || text.Length > 40)
            return false;
        var digits = new StringBuilder();
        var international = false;
        foreach (var wide in text)
        {
            var c = wide is >= '！' and <= '～' ? (char)(wide - '！' + '!') : wide;
            if (char.IsAsciiDigit(c))
                digits.Append(c);
            else if (c == '+' && digits.Length == 0 && !international)
                international = true;
            else if (c is not ('-' or ' ' or '\u3000' or '.' or '(' or ')' or '\u2010' or '\u2011' or '\u2212' or 'ー'))
                return false;
        }
        number = international ? International(digits.ToString()) : Domestic(digits.ToString());
        return number is not null;
    }

    /// <summary>As it is shown where others may look, and as people in Japan write it: 090-****-5678; from elsewhere +4420****5678.</summary>
    public static string Masked(string number) =>
        number.Length < 10 ? "****"
        : number.StartsWith("+81", StringComparison.Ordinal) && number.Length >= 12 ? $"0{number[3..^8]}-****-{number[^4..]}"
        : $"{number[..^8]}****{number[^4..]}";

    // Japan: 0 and nine digits, or 0 and ten for mobile and IP telephones (060, 070, 080, 090, 050).
    static string? Domestic(string digits) =>
        digits is ['0', not '0', ..] && (digits.Length == 10 || digits.Length == 11 && digits[1] is >= '5' and <= '9' && digits[2] == '0')
            ? "+81" + digits[1..]
            : null;

    static string? International(string digits) =>
        digits.StartsWith("81", StringComparison.Ordinal)
            ? Domestic("0" + digits[2..].TrimStart('0'))
            : digits.Length is >= 8 and <= 15 && digits[0] != '0' ? "+" + digits : null;
}
