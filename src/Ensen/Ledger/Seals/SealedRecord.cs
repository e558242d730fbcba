using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ensen.Ledger;

/// <summary>
/// The bytes that are hashed for each thing that a seal covers (docs/receipts.md): numbers big-endian, ids as 16 bytes, an absent id
/// as zeros. The first byte says what the record is. Legs and the initiator stand in their entry as hashes of their own, so that a receipt
/// can show an outsider one party's legs and keep the other party to itself: each has a <see cref="Salts">salt</see>, so that nobody who
/// knows a member's id finds the balance behind a hash by trying them all.
/// </summary>
static class SealedRecord
{
    public const int LegLength = 1 + Salts.Length + 16 + 2 + 2 + 4 + 8 + 1 + 8;
    public const int EntryHeadLength = 1 + 16 + 2 + 8 + 16 + 16 + MerkleTree.HashLength + 2;
    public const int SealLength = 1 + 2 + 8 + 8 + 4 + 2 * MerkleTree.HashLength;
    public const int DayLength = 1 + 4 + 8 + 2 * MerkleTree.HashLength;

    /// <summary>The hash of one leg as it was posted. With its salt the record fills one block of SHA-256.</summary>
    public static void Leg(
        Span<byte> hash, ReadOnlySpan<byte> salt, Guid owner, short leg, short accountType, int term, long amount, long? balanceAfter)
    {
        Span<byte> record = stackalloc byte[1 + LegLength];
        record[0] = 0;
        record[1] = (byte)'L';
        salt.CopyTo(record[2..]);
        owner.TryWriteBytes(record[14..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt16BigEndian(record[30..], leg);
        BinaryPrimitives.WriteInt16BigEndian(record[32..], accountType);
        BinaryPrimitives.WriteInt32BigEndian(record[34..], term);
        BinaryPrimitives.WriteInt64BigEndian(record[38..], amount);
        record[46] = balanceAfter is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64BigEndian(record[47..], balanceAfter ?? 0);
        SHA256.HashData(record, hash);
    }

    /// <summary>The hash of who began the entry and of the request's own hash.</summary>
    public static void Initiator(Span<byte> hash, ReadOnlySpan<byte> salt, short kind, Guid id, ReadOnlySpan<byte> requestHash)
    {
        Span<byte> record = stackalloc byte[1 + 1 + Salts.Length + 2 + 16 + requestHash.Length];
        record[0] = 0;
        record[1] = (byte)'I';
        salt.CopyTo(record[2..]);
        BinaryPrimitives.WriteInt16BigEndian(record[14..], kind);
        id.TryWriteBytes(record[16..], bigEndian: true, out _);
        requestHash.CopyTo(record[32..]);
        SHA256.HashData(record, hash);
    }

    /// <summary>The leaf of an entry: its head, its initiator's hash, and its legs' hashes in their order.</summary>
    public static void Entry(
        Span<byte> leaf, Guid id, short kind, long atMs, Guid? store, Guid? corrects, ReadOnlySpan<byte> initiator, ReadOnlySpan<byte> legs)
    {
        Span<byte> record = legs.Length <= 64 * MerkleTree.HashLength
            ? stackalloc byte[1 + EntryHeadLength + legs.Length]
            : new byte[1 + EntryHeadLength + legs.Length];
        record[0] = 0;
        record[1] = (byte)'E';
        id.TryWriteBytes(record[2..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt16BigEndian(record[18..], kind);
        BinaryPrimitives.WriteInt64BigEndian(record[20..], atMs);
        store.GetValueOrDefault().TryWriteBytes(record[28..], bigEndian: true, out _);
        corrects.GetValueOrDefault().TryWriteBytes(record[44..], bigEndian: true, out _);
        initiator.CopyTo(record[60..]);
        BinaryPrimitives.WriteUInt16BigEndian(record[92..], checked((ushort)(legs.Length / MerkleTree.HashLength)));
        legs.CopyTo(record[94..]);
        SHA256.HashData(record, leaf);
    }

    /// <summary>The hash of a seal: what the next seal of its lane names, and its leaf in the tree of its day.</summary>
    public static byte[] Seal(short lane, long number, long atMs, int count, ReadOnlySpan<byte> root, ReadOnlySpan<byte> previous)
    {
        Span<byte> record = stackalloc byte[SealLength];
        record[0] = (byte)'S';
        BinaryPrimitives.WriteInt16BigEndian(record[1..], lane);
        BinaryPrimitives.WriteInt64BigEndian(record[3..], number);
        BinaryPrimitives.WriteInt64BigEndian(record[11..], atMs);
        BinaryPrimitives.WriteInt32BigEndian(record[19..], count);
        root.CopyTo(record[23..]);
        previous.CopyTo(record[55..]);
        return MerkleTree.Leaf(record);
    }

    /// <summary>The root of a day: over the tree of its seals, and the root of the day before.</summary>
    public static byte[] Day(int date, long seals, ReadOnlySpan<byte> tree, ReadOnlySpan<byte> previous)
    {
        Span<byte> record = stackalloc byte[DayLength];
        record[0] = (byte)'D';
        BinaryPrimitives.WriteInt32BigEndian(record[1..], date);
        BinaryPrimitives.WriteInt64BigEndian(record[5..], seals);
        tree.CopyTo(record[13..]);
        previous.CopyTo(record[45..]);
        return MerkleTree.Leaf(record);
    }
}
