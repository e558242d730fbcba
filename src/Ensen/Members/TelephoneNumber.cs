using System.Diagnostics.CodeAnalysis;
using System.Text;
using Ensen.Basics;

namespace Ensen.Members;

/// <summary>Telephone numbers, kept in international form (E.164). A number that begins with 0 is Japan's.</summary>
public static class TelephoneNumber
{
    /// <summary>What people put between digits is dropped, dots and brackets too; full-width digits are read.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? number)
    {
        number = null;
        if (text is null || text.Length > 40)
            return false;
        var digits = new StringBuilder();
        var international = false;
        foreach (var c in TypedDigits.Plain(text))
        {
            if (char.IsAsciiDigit(c))
                digits.Append(c);
            else if (c == '+' && digits.Length == 0 && !international)
                international = true;
            else if (!TypedDigits.IsBetween(c) && c is not ('.' or '(' or ')'))
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

    // Japan: 0 and nine digits, or 0 and ten for mobile and IP telephones (060, 070, 080, 090, 050) and the free 0800.
    static string? Domestic(string digits) =>
        digits is ['0', not '0', ..] && digits.Length == (digits is [_, >= '5' and <= '9', '0', ..] ? 11 : 10)
            ? "+81" + digits[1..]
            : null;

    static string? International(string digits) =>
        digits.StartsWith("81", StringComparison.Ordinal)
            ? Domestic("0" + digits[2..].TrimStart('0'))
            : digits.Length is >= 8 and <= 15 && digits[0] != '0' ? "+" + digits : null;
}
