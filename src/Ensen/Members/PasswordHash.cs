using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ensen.Members;

/// <summary>
/// Passwords and PINs as they are kept: PBKDF2-HMAC-SHA512, 210,000 rounds, 16 bytes of salt, in the layout of ASP.NET Core
/// Identity's version 3 (so that either can read the other's): marker 1, function, rounds, length of salt, salt, key.
/// </summary>
public static class PasswordHash
{
    public const int Rounds = 210_000;

    const byte Marker = 1;
    const int Sha512 = 2;
    const int SaltBytes = 16;
    const int KeyBytes = 32;
    const int HeaderBytes = 13;

    // A guess at an account that does not exist must take as long as one at an account that does.
    static readonly Lazy<string> s_nobody = new(() => Make(Convert.ToHexString(RandomNumberGenerator.GetBytes(16))));

    public static string Make(string password)
    {
        var bytes = new byte[HeaderBytes + SaltBytes + KeyBytes];
        bytes[0] = Marker;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), Sha512);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), Rounds);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(9), SaltBytes);
        var salt = bytes.AsSpan(HeaderBytes, SaltBytes);
        RandomNumberGenerator.Fill(salt);
        Rfc2898DeriveBytes.Pbkdf2(Text(password), salt, bytes.AsSpan(HeaderBytes + SaltBytes), Rounds, HashAlgorithmName.SHA512);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Compares in constant time. A null hash (no such account, no password) takes as long and is false.</summary>
    public static bool Matches(string? hash, string password)
    {
        var bytes = Convert.FromBase64String(hash ?? s_nobody.Value);
        if (!IsReadable(bytes))
            return false;
        var salt = bytes.AsSpan(HeaderBytes, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(9)));
        var key = bytes.AsSpan(HeaderBytes + salt.Length);
        var rounds = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(5));
        var computed = Rfc2898DeriveBytes.Pbkdf2(Text(password), salt, rounds, HashAlgorithmName.SHA512, key.Length);
        return CryptographicOperations.FixedTimeEquals(computed, key) && hash is not null;
    }

    /// <summary>It was made with fewer rounds than today's and is to be made again at the next sign-in.</summary>
    public static bool IsOld(string hash) =>
        Convert.FromBase64String(hash) is var bytes && IsReadable(bytes) && BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(5)) < Rounds;

    static bool IsReadable(byte[] bytes) =>
        bytes.Length > HeaderBytes
        && bytes[0] == Marker
        && BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)) == Sha512
        && BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(9)) is >= 8 and var salt
        && bytes.Length - HeaderBytes - salt >= 16;

    // The same letters typed on another keyboard may be other code points (NIST SP 800-63B-4, 3.1.1.2: NFKC or NFKD).
    static byte[] Text(string password) =>
        Encoding.UTF8.GetBytes(PasswordRule.IsText(password) ? password.Normalize(NormalizationForm.FormKC) : password);
}
