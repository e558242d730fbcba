using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Ensen.Basics;

namespace Ensen.Members;

/// <summary>What is wrong with a name, in the order it is checked.</summary>
public enum NameFault
{
    None = 0,

    /// <summary>Nothing in it can be seen.</summary>
    Empty = 1,
    TooLong = 2,

    /// <summary>
    /// Between the letters are characters that nobody sees, or that are none: a control, a mark of direction, half a character.
    /// </summary>
    Unreadable = 3,
    CardNumber = 4,
}

/// <summary>
/// Names of people and shops: one line of 1 to 60 characters that can be seen, and no card number. What letters and emoji are joined with
/// belongs to them (علی‌رضا, 👩‍💻, 🏴󠁧󠁢󠁥󠁮󠁧󠁿).
/// </summary>
public static class OneLineName
{
    public const int Most = 60;

    const int BlackFlag = 0x1f3f4;

    public static bool TryParse(string? text, [NotNullWhen(true)] out string? name) => TryParse(text, Most, out name);

    /// <summary>The same for other one-line texts (an address, an area) of up to so many characters.</summary>
    public static bool TryParse(string? text, int most, [NotNullWhen(true)] out string? name)
    {
        name = FaultOf(text, most) == NameFault.None ? text!.Trim() : null;
        return name is not null;
    }

    /// <summary>Why it is no name.</summary>
    public static NameFault FaultOf(string? text, int most = Most)
    {
        var name = text?.Trim() ?? "";
        if (InvisibleCharacters.Only(name)) return NameFault.Empty;
        if (name.Length > 8 * most || new StringInfo(name).LengthInTextElements > most) return NameFault.TooLong;
        if (!IsReadable(name)) return NameFault.Unreadable;
        if (CardDigits.In(name)) return NameFault.CardNumber;
        return NameFault.None;
    }

    static bool IsReadable(string name)
    {
        Rune before = default;
        var flag = false;
        foreach (var rune in name.EnumerateRunes())
        {
            flag = rune.Value == BlackFlag || flag && IsTag(rune);
            var fits = rune != Rune.ReplacementChar && (InvisibleCharacters.IsJoiner(rune) ? IsJoined(before) : IsVariation(rune) || flag
                && IsTag(rune) || !InvisibleCharacters.Is(rune))
                && Rune.GetUnicodeCategory(
                    rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
            if (!fits)
                return false;
            before = rune;
        }
        return !InvisibleCharacters.IsJoiner(before);
    }

    /// <summary>A joiner stands behind a letter, a mark or a picture, and never behind another joiner.</summary>
    static bool IsJoined(Rune before) => before != default && !Rune.IsWhiteSpace(before) && !InvisibleCharacters.IsJoiner(before);

    /// <summary>Which form of a character is meant: 葛󠄀 and 葛 are told apart by it.</summary>
    static bool IsVariation(Rune rune) =>
        rune.Value is (>= 0xfe00 and <= 0xfe0f) or (>= 0xe0100 and <= 0xe01ef) or (>= 0x180b and <= 0x180d);

    static bool IsTag(Rune rune) => rune.Value is >= 0xe0020 and <= 0xe007f;
}
