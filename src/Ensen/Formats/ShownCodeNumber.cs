using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Ensen.Basics;

namespace Ensen.Formats;

/// <summary>The 19 digits that a member shows and a till scans: the operator's prefix, random digits, a check digit (Luhn).</summary>
/// <remarks>
/// <para>How hopeless guessing is (attack 5). With a prefix of 4 digits, 14 are random: 10^14 numbers, all equally likely. A code lives
/// five minutes. Let ten thousand be alive at once, 2,000 shown a minute: one well-formed guess then hits one of them with
/// 10^4 / 10^14 = one chance in ten thousand million. A till is blocked after 20 misses, so a stolen till has one chance in 500 million;
/// even the 100,000 guesses of the attack would leave 1 in 100,000. The longest allowed prefix, 6 digits, costs a factor of 100, and the 20
/// guesses of a till still have only one chance in five million.</para>
/// <para>The check digit finds every single wrong digit and nearly every swap of two neighbours; it is no secret and adds no safety.
/// A number has the form of a card number, so it is not for logs: <see cref="ToString"/> shows the last four digits only.</para>
/// </remarks>
public sealed record ShownCodeNumber
{
    public const int Length = 19;

    /// <summary>So many digits at most may be fixed by the prefix, that enough are left to chance.</summary>
    public const int LongestPrefix = 6;

    private const int LongestTyped = 64;

    private ShownCodeNumber(string digits) => Digits = digits;

    /// <summary>All 19 digits.</summary>
    public string Digits { get; }

    /// <summary>A new number that nobody can foresee.</summary>
    public static ShownCodeNumber New(string prefix)
    {
        if (!IsPrefix(prefix))
            throw new ArgumentException($"The prefix of shown codes is 1 to {LongestPrefix} digits, not '{prefix}'.", nameof(prefix));

        var digits = prefix + RandomNumberGenerator.GetString("0123456789", Length - 1 - prefix.Length);
        return new ShownCodeNumber(digits + CheckDigit(digits));
    }

    /// <summary>
    /// Reads digits as typed or scanned, full-width ones too: spaces and hyphens between them are overlooked, nothing else is.
    /// </summary>
    public static bool TryParse(string? text, string prefix, [NotNullWhen(true)] out ShownCodeNumber? number, out ShownCodeFault fault)
    {
        number = null;
        fault = Check(text, prefix, out var digits);
        if (fault == ShownCodeFault.None)
            number = new ShownCodeNumber(digits);

        return number is not null;
    }

    /// <summary>Reads what a till's scanner saw: the digits of the bar code, or the text of the QR that carries the same number.</summary>
    public static bool TryScan(string? text, string prefix, [NotNullWhen(true)] out ShownCodeNumber? number, out ShownCodeFault fault)
    {
        text = ScannedText.Of(text, out fault);
        number = null;
        if (fault != ShownCodeFault.None)
            return false;
        if (text?.StartsWith(ConsumerQr.Beginning, StringComparison.Ordinal) != true)
            return TryParse(text, prefix, out number, out fault);

        if (!ConsumerQr.TryRead(text, out var qr, out fault))
            return false;

        fault = ShownCodeFault.NotOurs;
        return qr.OurAccount is { } digits && TryParse(digits, prefix, out number, out fault);
    }

    /// <summary>As a person reads it out: groups of four.</summary>
    public string Grouped => string.Join(' ', Digits.Chunk(4).Select(group => new string(group)));

    public override string ToString() => $"shown code ending in {Digits[^4..]}";

    private static ShownCodeFault Check(string? text, string prefix, out string digits)
    {
        digits = "";
        if (string.IsNullOrWhiteSpace(text)) return ShownCodeFault.Empty;
        if (text.Length > LongestTyped) return ShownCodeFault.TooLong;
        digits = TypedDigits.Number(text) ?? "";
        if (digits.Length != Length) return ShownCodeFault.NotACode;
        if (digits[^1] != CheckDigit(digits[..^1])) return ShownCodeFault.WrongCheckDigit;
        if (!digits.StartsWith(prefix, StringComparison.Ordinal)) return ShownCodeFault.NotOurs;
        return ShownCodeFault.None;
    }

    private static bool IsPrefix(string prefix) => prefix.Length is >= 1 and <= LongestPrefix && prefix.All(char.IsAsciiDigit);

    /// <summary>
    /// ISO/IEC 7812-1 annex B (Luhn): from the right, every second digit counts double, and the sum is filled up to a multiple of ten.
    /// </summary>
    private static char CheckDigit(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            var counted = i % 2 == 0 ? 2 * digit : digit;
            sum += counted > 9 ? counted - 9 : counted;
        }

        return (char)('0' + (10 - sum % 10) % 10);
    }
}
