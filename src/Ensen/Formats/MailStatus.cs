using System.Globalization;
using System.Text.RegularExpressions;

namespace Ensen.Formats;

/// <summary>
/// Why a mail was not delivered, as a code of RFC 3463: <c>5.1.1</c> is "no such mailbox". The first number says whether it is for good (5)
/// or was so for too long (4), the second what it is about: the address (1), the mailbox (2), the rules of the receiver (7).
/// </summary>
public static partial class MailStatus
{
    public const string NoSuchMailbox = "5.1.1";
    public const string NotAnAddress = "5.1.3";
    public const string Full = "5.2.2";
    public const string RefusedForGood = "5.0.0";

    /// <summary>It could not be delivered for so long that it is given up.</summary>
    public const string TooLong = "4.4.7";

    /// <summary>The code of an SMTP answer; of a server that names none, what its three digits say (RFC 5321, 4.2.3).</summary>
    /// <param name="aboutRecipient">It answered RCPT TO.</param>
    public static string Of(int reply, string text, bool aboutRecipient) =>
        Code().Match(text) is { Success: true } code && code.Value[0] == '0' + reply / 100 ? code.Value
        : reply == 552 ? Full
        : aboutRecipient && reply is 550 or 551 or 553 ? NoSuchMailbox
        : string.Create(CultureInfo.InvariantCulture, $"{reply / 100}.0.0");

    /// <summary>Whether this is such a code; what a letter from outside says is not taken for one unseen.</summary>
    public static bool Is(string? code) => code is not null && Code().Match(code) is { Success: true } match && match.Length == code.Length;

    /// <summary>
    /// The mailbox is not there or takes nothing, for good: further mail to it is in vain. 5.1.7 to 5.1.9 are about the sender, and whoever
    /// refuses by a rule of their own (5.7) may have it against us.
    /// </summary>
    public static bool IsDeadMailbox(string code) => code.StartsWith("5.2.", StringComparison.Ordinal)
        || code.StartsWith("5.1.", StringComparison.Ordinal) && code is not ("5.1.7" or "5.1.8" or "5.1.9");

    [GeneratedRegex(@"^[45]\.\d{1,3}\.\d{1,3}\b")]
    private static partial Regex Code();
}
