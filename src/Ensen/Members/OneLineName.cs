using System.Diagnostics.CodeAnalysis;
using System.Globalization;
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

    public static bool TryParse(string? text, [NotNullWhen(true)] out string? name) => TryParse(text, Most, out name);

    /// <summary>The same for other one-line texts (an address, an area) of up to so many characters.</summary>
    public static bool TryParse(string? text, int most, [NotNullWhen(true)] out string? name)
    {
        name = FaultOf(text, most) == NameFault.None ? text!.Trim() : null;
        return name is not null;
    }

    /// <summary>
    /// The same for what a program calls the device that it runs on: nobody typed that, so digits that are a card's number by chance are
    /// masked, and the name is taken.
    /// </summary>
    public static bool TryMasked(string? text, [NotNullWhen(true)] out string? name) =>
        TryParse(text is null || text.Length > 8 * Most ? text : CardDigits.Masked(text), out name);

    /// <summary>Why it is no name.</summary>
    public static NameFault FaultOf(string? text, int most = Most)
    {
        var name = text?.Trim() ?? "";
        if (InvisibleCharacters.Only(name)) return NameFault.Empty;
        if (name.Length > 8 * most || new StringInfo(name).LengthInTextElements > most) return NameFault.TooLong;
        if (!InvisibleCharacters.IsReadable(name)) return NameFault.Unreadable;
        if (CardDigits.In(name)) return NameFault.CardNumber;
        return NameFault.None;
    }
}
