using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ensen.Gateways;

/// <summary>
/// Whether a report came from the gateway that shares a key with us: Standard Webhooks 1.0. Signed are the report's name, its time and its
/// body; what is older or newer than five minutes is refused, and who keeps the name knows a report that is sent again.
/// </summary>
/// <param name="keys">More than one while a key is being exchanged; none: nothing is believed.</param>
public sealed class ReportSignature(IReadOnlyList<byte[]> keys, TimeProvider clock)
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    const string Prefix = "whsec_";
    const string Version = "v1,";
    const int LongestId = 200;
    const int LeastKeyBytes = 24;
    const int MostKeyBytes = 64;

    /// <summary>How far a report's time may be from ours.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Reads keys as they are exchanged, <c>whsec_</c> and 24 to 64 bytes in Base64, with commas between; null when one of them is none.
    /// </summary>
    public static IReadOnlyList<byte[]>? ReadKeys(string? text)
    {
        var parts = (text ?? "").Split(',', StringSplitOptions.TrimEntries);
        List<byte[]> keys = [.. parts.Select(ReadKey).OfType<byte[]>()];
        return keys.Count == parts.Length ? keys : null;
    }

    /// <summary>Whether all of it was signed with one of our keys, about now.</summary>
    public bool IsGenuine(string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body)
    {
        if (id is not { Length: > 0 and <= LongestId } || id.Any(c => c is '.' or <= ' ' or > '~') || timestamp is not { Length: <= 11 }
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Tolerance)
            return false;
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{id}.{timestamp}."), .. body];
        var sent = (signatures ?? "").Split(' ').Where(s => s.StartsWith(Version, StringComparison.Ordinal))
            .Select(s => Decoded(s[Version.Length..]));
        var right = keys.Select(key => HMACSHA256.HashData(key, signed)).ToList();
        return sent.Any(s => s is not null && right.Exists(r => CryptographicOperations.FixedTimeEquals(r, s)));
    }

    static byte[]? ReadKey(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal)
        && Decoded(text[Prefix.Length..]) is { Length: >= LeastKeyBytes and <= MostKeyBytes } key ? key : null;

    static byte[]? Decoded(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }
}
