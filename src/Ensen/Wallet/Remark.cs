using System.Text;
using Ensen.Basics;

namespace Ensen.Wallet;

/// <summary>What people write beside a movement: a note to the receiver, the reason of a refund. One line, and never a card number.</summary>
static class Remark
{
    /// <summary>True for no remark, and for one that can be kept as it is.</summary>
    public static bool IsFine(string? text, int longest) => text is null || (text.Length <= longest && Keep(text, longest) == text);

    /// <summary>As much of it as can be kept: whole characters that a database takes. Null when nothing may be kept of it.</summary>
    public static string? Keep(string? text, int longest)
    {
        if (text is null || CardDigits.In(text))
            return null;
        var kept = new StringBuilder();
        foreach (var character in text.EnumerateRunes())
        {
            if (kept.Length + character.Utf16SequenceLength > longest)
                break;
            if (!Rune.IsControl(character) && character != Rune.ReplacementChar)
                kept.Append(character);
        }
        return kept.ToString();
    }
}
