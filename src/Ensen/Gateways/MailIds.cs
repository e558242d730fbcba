using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Ensen.Basics;
using Ensen.Formats;

namespace Ensen.Gateways;

/// <summary>A mail of ours that somebody names: its id, and the hash of the address that it was sent to.</summary>
public sealed record NamedMail(Guid Id, byte[] AddressHash);

/// <summary>
/// Names mails towards the outside. A mail's name (its Message-ID and envelope id) says which mail it is and to whom it went, under a key
/// of the installation: a letter that says "this came back" is believed only about a mail that was sent, and about the address it was sent
/// to.
/// </summary>
public sealed class MailIds
{
    internal const string Name = "mail-key";
    internal const int KeyBytes = 32;
    const int SealBytes = 16;

    readonly byte[] _key;

    internal MailIds(byte[] key) => _key = key;

    /// <summary>The same mail to the same address has the same name whenever it is sent.</summary>
    public string Of(Guid mail, string address)
    {
        var about = $"{Id.Bare(mail)}.{Base64Url.EncodeToString(AddressHash.Of(address))}";
        return $"{about}.{Base64Url.EncodeToString(Seal(about))}";
    }

    /// <summary>
    /// Reads a name, with or without a domain behind it and brackets around it; null when this installation never gave it.
    /// </summary>
    public NamedMail? Read(string? text)
    {
        if (text?.Trim().Trim('<', '>').Split('@')[0].Split('.') is not [var bare, var address, var seal]
            || !Id.TryParseBare(bare, out var id) || !TryDecode(address, AddressHash.Bytes, out var hash)
                || !TryDecode(seal, SealBytes, out var sealedAs))
            return null;
        return CryptographicOperations.FixedTimeEquals(sealedAs, Seal($"{bare}.{address}")) ? new NamedMail(id, hash) : null;
    }

    byte[] Seal(string about) => HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(about))[..SealBytes];

    static bool TryDecode(string text, int most, out byte[] bytes)
    {
        bytes = new byte[most];
        return Base64Url.IsValid(text, out var length) && length == most && Base64Url.TryDecodeFromChars(text, bytes, out _);
    }
}
