using System.Text;
using Ensen.Basics;

namespace Ensen.Wallet;

/// <summary>
/// What people write beside a movement: a note to the receiver, the reason of a refund. One line, and never a card number.
/// </summary>
static class NoteText
{
    /// <summary>True for no remark, and for one that can be kept as it is. Nothing of one is dropped or cut in silence.</summary>
    public static bool IsFine(string? text, int longest) =>
        text is null || text.Length <= longest && !text.EnumerateRunes().Any(r => Rune.IsControl(r) || r == Rune.ReplacementChar)
            && !CardDigits.In(text);
}
