using System.Globalization;
using Ensen.Basics;

namespace Ensen.Web.Api;

/// <summary>Texts that callers choose and that are kept: one line, no longer than is said, and nothing that looks like a card's number.</summary>
static class Texts
{
    public static bool IsLine(string? text, int most)
    {
        if (text is null)
            return true;
        if (text.Length > most)
            return false;
        foreach (var c in text)
            if (char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                return false;
        return !CardDigits.In(text);
    }
}
