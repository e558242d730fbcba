using Ensen.Basics;

namespace Ensen.Formats;

/// <summary>
/// What a scanner typed, as it stood in the code: the mistakes that keyboards make on the way are taken back where nothing was lost.
/// </summary>
/// <remarks>
/// A scanner that types is a keyboard, and what arrives depends on the computer: a symbology identifier in front (ISO/IEC 15424, "]C1"), an
/// input method that widens letters, control characters around, Caps Lock that swaps small and capital letters, and a scanner set to a US
/// keyboard on a Japanese one, which types ^ for = and ~ for +.
/// </remarks>
static class ScannedText
{
    const int ShortestQr = 40; // Shorter is anything else that begins with these two letters.

    /// <summary>The text as it was in the code; a fault when letters lost their case, which nothing can give back.</summary>
    public static string? Of(string? typed, out ShownCodeFault fault)
    {
        fault = ShownCodeFault.None;
        if (typed is null)
            return null;
        var text = string.Concat(TypedDigits.Plain(typed).Where(c => !char.IsControl(c))).Trim();
        // ] arrives as [ when the scanner's keyboard is not the computer's.
        if (text is [']' or '[', _, _, ..] && char.IsAsciiLetter(text[1]) && char.IsAsciiDigit(text[2]))
            text = text[3..].TrimStart();
        if (text is not ['h' or 'H', 'q' or 'Q', ..])
            return text;
        text = text.Replace('^', '=').Replace('~', '+');
        if (text.StartsWith("Hq", StringComparison.Ordinal))
            return string.Concat(text.Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)));
        if (!text.StartsWith(ConsumerQr.Beginning, StringComparison.Ordinal) && text.Length >= ShortestQr)
            fault = ShownCodeFault.CaseLost;
        return text;
    }
}
