using System.Diagnostics.CodeAnalysis;
using Ensen.Basics;

namespace Ensen.Members;

/// <summary>
/// E-mail addresses as mail providers in Japan have handed them out, also with dots side by side or before the @ (which RFC 5321 forbids).
/// Whether an address works is found by sending a mail to it, not here.
/// </summary>
public static class EmailAddress
{
    const int MostLocal = 64;
    const int Most = 254;

    /// <summary>With the space around it.</summary>
    const int MostTyped = 2 * Most;
    const string LocalSymbols = ".!#$%&'*+/=?^_`{|}~-";

    /// <summary>
    /// Space around it is dropped, and what an input method writes full-width (＠, ａ, １, 。) is read as it was meant. The key is the same
    /// for addresses that differ only in case.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? address, [NotNullWhen(true)] out string? key)
    {
        (address, key) = (null, null);
        if (text is null || text.Length > MostTyped)
            return false;
        address = TypedDigits.Plain(text).Replace('。', '.').Replace('｡', '.').Trim();
        if (address.Length > Most)
            return false;
        var at = address.LastIndexOf('@');
        if (at is < 1 or > MostLocal || !address[..at].All(c => char.IsAsciiLetterOrDigit(c) || LocalSymbols.Contains(c)))
            return false;
        var labels = address[(at + 1)..].Split('.');
        if (labels.Length < 2 || !labels.All(IsLabel) || labels[^1].All(char.IsAsciiDigit))
            return false;
        key = address.ToLowerInvariant();
        return true;
    }

    /// <summary>
    /// The mailbox behind an address, for counting: what follows a + is a note of its owner's (aoi+shop@ and aoi+1@ are aoi@).
    /// </summary>
    public static string Mailbox(string key)
    {
        var at = key.LastIndexOf('@');
        return key.IndexOf('+', StringComparison.Ordinal) is > 0 and var plus && plus < at ? key[..plus] + key[at..] : key;
    }

    /// <summary>As it is shown where others may look: a**@example.jp.</summary>
    public static string Masked(string address) => $"{address[..1]}**{address[Math.Max(1, address.LastIndexOf('@'))..]}";

    static bool IsLabel(string label) =>
        label.Length is >= 1 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
