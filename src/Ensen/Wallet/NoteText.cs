using Ensen.Basics;

namespace Ensen.Wallet;

/// <summary>
/// What people write beside a movement: a note to the receiver, the reason of a refund. One line that can be read, and never a card
/// number.
/// </summary>
public static class NoteText
{
    /// <summary>True for no remark, and for one that can be kept as it is. Nothing of one is dropped or cut in silence.</summary>
    public static bool IsFine(string? text, int longest) =>
        text is null || text.Length <= longest && InvisibleCharacters.IsReadable(text) && !CardDigits.In(text);
}
