using System.Security.Cryptography;
using System.Text;
using Ensen.Basics;

namespace Ensen.Operations;

/// <summary>
/// The public half of the key that records are sealed to which the law wants kept of those who have left. The private half is on no node:
/// what is sealed here is read by whoever keeps that half, and by nobody else. Each record has a key of its own (ECDH on P-384 with a fresh
/// pair, HKDF with SHA-256, AES-256-GCM).
/// </summary>
public sealed class RecordsKey(string? publicKey)
{
    const byte Format = 1;
    const int NonceBytes = 12;
    const int TagBytes = 16;
    const int KeyBytes = 32;

    // Its private half was thrown away.
    const string Example =
        "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEGOsUuUhGZLNAF75Ra7wWpKofI7XrHNZIX5F6l+EAdGL3wiHR9AMPQvjqEc4kAWBTPs2a0VBw078c2TZzXBvZ5996NJU0plYu"
        + "3vU+8FzJOslkIHsuqqFg3HrzTG8hIdkn";

    /// <summary>What a node is told of it.</summary>
    public static readonly BoundedSetting Setting = new("Ensen:RecordsKey", null,
        new Written("a public key on P-384 in Base64, as `records make-key` prints it", IsPublic, [Example], ["secret", "", Example[..40]]),
        "the key that records of verified members who leave are sealed to, for seven years ([records.md](records.md)); without it they cannot leave");

    /// <summary>Whether records can be sealed here.</summary>
    public bool IsSetUp => publicKey is not null;

    /// <summary>The first 16 digits of the SHA-256 of the public half: which private half opens a record.</summary>
    public string Name => NameOf(Convert.FromBase64String(publicKey!));

    /// <summary>Makes a pair: the public half for the setting, and the private half, in PEM, for a safe.</summary>
    public static (string Public, string PrivatePem) MakePair()
    {
        using var pair = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384);
        return (Convert.ToBase64String(pair.ExportSubjectPublicKeyInfo()), pair.ExportPkcs8PrivateKeyPem());
    }

    /// <param name="about">Of whom it is: opened as another's it cannot be read.</param>
    public byte[] Seal(byte[] clear, string about)
    {
        using var theirs = ECDiffieHellman.Create();
        theirs.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey!), out _);
        using var fresh = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384);
        var mine = fresh.ExportSubjectPublicKeyInfo();
        var key = KeyOf(fresh, theirs.PublicKey, mine);
        var record = new byte[2 + mine.Length + NonceBytes + TagBytes + clear.Length];
        (record[0], record[1]) = (Format, (byte)mine.Length);
        mine.CopyTo(record, 2);
        var rest = record.AsSpan(2 + mine.Length);
        RandomNumberGenerator.Fill(rest[..NonceBytes]);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(rest[..NonceBytes], clear, rest[(NonceBytes + TagBytes)..], rest.Slice(NonceBytes, TagBytes),
            Encoding.UTF8.GetBytes(about));
        CryptographicOperations.ZeroMemory(key);
        return record;
    }

    /// <summary>Opens a record with the private half; null when it was sealed to another key, of somebody else, or changed since.</summary>
    public static byte[]? Open(string privatePem, byte[] record, string about)
    {
        if (record is not [Format, var length, ..] || record.Length < 2 + length + NonceBytes + TagBytes)
            return null;
        using var pair = ECDiffieHellman.Create();
        pair.ImportFromPem(privatePem);
        using var theirs = ECDiffieHellman.Create();
        var mine = record.AsSpan(2, length);
        var rest = record.AsSpan(2 + length);
        try
        {
            theirs.ImportSubjectPublicKeyInfo(mine, out _);
            var key = KeyOf(pair, theirs.PublicKey, mine);
            var clear = new byte[rest.Length - NonceBytes - TagBytes];
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(rest[..NonceBytes], rest[(NonceBytes + TagBytes)..], rest.Slice(NonceBytes, TagBytes), clear,
                Encoding.UTF8.GetBytes(about));
            return clear;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Which key that is, by its private half.</summary>
    public static string NameOfPair(string privatePem)
    {
        using var pair = ECDiffieHellman.Create();
        pair.ImportFromPem(privatePem);
        return NameOf(pair.ExportSubjectPublicKeyInfo());
    }

    static byte[] KeyOf(ECDiffieHellman own, ECDiffieHellmanPublicKey other, ReadOnlySpan<byte> fresh) =>
        HKDF.DeriveKey(
            HashAlgorithmName.SHA256, own.DeriveRawSecretAgreement(other), KeyBytes, fresh.ToArray(), "ensen record"u8.ToArray());

    static string NameOf(byte[] publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey))[..16];

    static bool IsPublic(string text)
    {
        try
        {
            using var key = ECDiffieHellman.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(text), out _);
            return key.KeySize == 384;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return false;
        }
    }
}
