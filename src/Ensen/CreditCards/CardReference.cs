using System.Security.Cryptography;
using System.Text;

namespace Ensen.CreditCards;

/// <summary>
/// The card company's own name for a card, and what is kept of it. What could be a card's number is none of its names: it is refused
/// wherever it comes in, so that no number is ever kept here.
/// </summary>
public static class CardReference
{
    public const int Longest = 64;
    const int ShortestNumber = 12;
    const int LongestNumber = 19;

    /// <summary>Visible ASCII without a comma, of which not all are digits.</summary>
    public static bool IsOne(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= Longest && !text.ContainsAnyExceptInRange((byte)'!', (byte)'~') && !text.Contains((byte)',')
        && !IsCardNumber(text);

    /// <summary>What is kept of a reference.</summary>
    public static Guid Of(ReadOnlySpan<byte> reference)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(reference, hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    public static Guid Of(string reference) => Of(Encoding.UTF8.GetBytes(reference));

    /// <summary>Whether somebody wrote a card's number: so many digits, with spaces or dashes between them.</summary>
    public static bool IsCardNumber(ReadOnlySpan<byte> text)
    {
        var digits = 0;
        foreach (var c in text)
            if (c is >= (byte)'0' and <= (byte)'9')
                digits++;
            else if (c is not ((byte)' ' or (byte)'-'))
                return false;
        return digits is >= ShortestNumber and <= LongestNumber;
    }
}
