using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Ensen.Basics;

namespace Ensen.Members;

/// <summary>Names of people and shops: one line of 1 to 60 characters, without control or formatting characters, and no card number.</summary>
public static class PersonName
{
    public const int Most = 60;

    public static bool TryParse(string? text, [NotNullWhen(true)] out string? name) => TryParse(text, Most, out name);

    /// <summary>The same for other one-line texts (an address, an area) of up to so many characters.</summary>
    public static bool TryParse(string? text, int most, [NotNullWhen(true)] out string? name)
    {
        name = text?.Trim();
        if (name is null || name.Length == 0 || name.Length > 4 * most || new StringInfo(name).LengthInTextElements > most)
            return false;
        foreach (var rune in name.EnumerateRunes())
            if (rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
                return false;
        return !CardDigits.In(name);
    }
}
