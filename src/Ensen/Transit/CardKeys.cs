using System.Security.Cryptography;
using System.Text;

namespace Ensen.Transit;

/// <summary>
/// How a transit card is known here without its number: 128 bits of a hash under a key of the installation. Without the key all numbers of
/// an issuer would be tried in minutes.
/// </summary>
public sealed class CardKeys
{
    internal const string Name = "transit-card-key";
    public const int KeyBytes = 32;

    /// <summary>Letters and digits of a card's number.</summary>
    public const int LeastDigits = 8;
    public const int MostDigits = 24;

    readonly byte[] _key;

    public CardKeys(byte[] key) => _key = key;

    public Guid Of(string number)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(number), hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>
    /// A number as people and gates write it: letters and digits of any width, spaces and dashes between them; null when it is none.
    /// </summary>
    public static string? Read(string? text)
    {
        if (text is null || text.Length > 2 * MostDigits)
            return null;
        var plain = IsPlain(text);
        var number = new StringBuilder(MostDigits);
        foreach (var c in plain ? text : text.Normalize(NormalizationForm.FormKC))
            if (char.IsAsciiLetterOrDigit(c))
                number.Append(char.ToUpperInvariant(c));
            else if (!char.IsWhiteSpace(c) && c is not ('-' or 'ー' or '‐' or '−'))
                return null;
        return number.Length is >= LeastDigits and <= MostDigits ? number.ToString() : null;
    }

    static bool IsPlain(string text) => text.All(char.IsAscii);
}
