using System.Globalization;
using Ensen.Basics;

namespace Ensen.Web.Api;

/// <summary>Texts that callers choose and that are kept: one line, no longer than is said.</summary>
static class TextRules
{
    /// <summary>What people write: also nothing that looks like a card's number.</summary>
    public static bool IsNote(string? text, int most) => text is null || (IsLine(text, most) && !CardDigits.In(text));

    /// <summary>What programs number things by: long numbers are what order numbers are made of, whatever their digits add up to.</summary>
    public static bool IsLine(string text, int most)
    {
        if (text.Length > most)
            return false;
        foreach (var c in text)
            if (char.GetUnicodeCategory(c)
                is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                return false;
        return true;
    }
}
