using System.Security.Cryptography;
using System.Text;

namespace Ensen.Links;

/// <summary>
/// What the address of a link ends in: 192 bits of chance. The table has its hash, by which it is found, and a protected copy for its
/// sender, who may want to show it again.
/// </summary>
static class LinkToken
{
    const int Bytes = 24;
    public const int Length = 32;

    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)).Replace('+', '-').Replace('/', '_');

    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public static bool IsOne(string? text) =>
        text is { Length: Length } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
