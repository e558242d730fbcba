using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ensen.Ledger;

/// <summary>
/// The salts of one entry, made from the secret of its seal: number 0 is the initiator's, number 1 + i that of leg i. Five are cut from one
/// SHA-512, so that most entries need only one; from a salt that was shown, no other can be computed.
/// </summary>
ref struct Salts
{
    public const int Length = 12;

    /// <summary>Random bytes that stand before the leaves of a seal.</summary>
    public const int SecretLength = 32;

    const int InABlock = SHA512.HashSizeInBytes / Length;

    readonly ReadOnlySpan<byte> _secret;
    readonly Guid _entry;
    readonly Span<byte> _cut;
    int _block = -1;

    /// <param name="room">64 bytes to work in.</param>
    public Salts(ReadOnlySpan<byte> secret, Guid entry, Span<byte> room)
    {
        _secret = secret;
        _entry = entry;
        _cut = room;
    }

    public ReadOnlySpan<byte> At(int number)
    {
        if (number / InABlock != _block)
        {
            _block = number / InABlock;
            Span<byte> record = stackalloc byte[SecretLength + 16 + 2];
            _secret.CopyTo(record);
            _entry.TryWriteBytes(record[SecretLength..], bigEndian: true, out _);
            BinaryPrimitives.WriteUInt16BigEndian(record[(SecretLength + 16)..], checked((ushort)_block));
            SHA512.HashData(record, _cut);
        }
        return _cut.Slice(number % InABlock * Length, Length);
    }

    /// <summary>One salt alone.</summary>
    public static byte[] Of(ReadOnlySpan<byte> secret, Guid entry, int number) =>
        new Salts(secret, entry, new byte[SHA512.HashSizeInBytes]).At(number).ToArray();
}
