using System.Globalization;
using System.Text;

namespace Ensen.Basics;

/// <summary>Characters that leave no mark on a screen: formatting, fillers, blanks that Unicode counts as letters or symbols.</summary>
public static class InvisibleCharacters
{
    const int BlackFlag = 0x1f3f4;

    /// <summary>Joiners that letters (Persian, Hindi, Sinhala) and emoji need within a word.</summary>
    public static bool IsJoiner(Rune rune) => rune.Value is 0x200c or 0x200d;

    /// <summary>
    /// Default ignorable, or blank by itself (braille blank, Hangul and Khitan fillers). Spaces are not meant: they are seen between words.
    /// </summary>
    public static bool Is(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
        || rune.Value is 0x034f or 0x115f or 0x1160 or 0x17b4 or 0x17b5 or 0x2800 or 0x3164 or 0xffa0 or 0x16fe4
            or (>= 0x180b and <= 0x180f) or (>= 0xfe00 and <= 0xfe0f) or (>= 0xe0000 and <= 0xe0fff) or 0x1d159;

    /// <summary>Whether there is anything to see in a text: a letter, a digit, a sign.</summary>
    public static bool Only(string text) => text.EnumerateRunes().All(rune => Is(rune) || Rune.IsWhiteSpace(rune)
        || Rune.GetUnicodeCategory(
            rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark);

    /// <summary>
    /// Whether whoever reads a line sees what is in it: no control, no mark of direction, no half of a character, and nothing that nobody
    /// sees. What letters and emoji are joined with belongs to them. One rule for everything that people write and that is kept: names,
    /// notes, reasons, orders.
    /// </summary>
    public static bool IsReadable(string line)
    {
        Rune before = default;
        var flag = false;
        foreach (var rune in line.EnumerateRunes())
        {
            flag = rune.Value == BlackFlag || flag && IsTag(rune);
            var fits = rune != Rune.ReplacementChar && (IsJoiner(rune) ? IsJoined(before) : IsVariation(rune) || flag
                && IsTag(rune) || !Is(rune))
                && Rune.GetUnicodeCategory(
                    rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
            if (!fits)
                return false;
            before = rune;
        }
        return !IsJoiner(before);
    }

    /// <summary>A joiner stands behind a letter, a mark or a picture, and never behind another joiner.</summary>
    static bool IsJoined(Rune before) => before != default && !Rune.IsWhiteSpace(before) && !IsJoiner(before);

    /// <summary>Which form of a character is meant: 葛󠄀 and 葛 are told apart by it.</summary>
    static bool IsVariation(Rune rune) =>
        rune.Value is (>= 0xfe00 and <= 0xfe0f) or (>= 0xe0100 and <= 0xe01ef) or (>= 0x180b and <= 0x180d);

    static bool IsTag(Rune rune) => rune.Value is >= 0xe0020 and <= 0xe007f;
}
