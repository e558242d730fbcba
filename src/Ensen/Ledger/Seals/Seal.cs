using System.Security.Cryptography;

namespace Ensen.Ledger;

/// <summary>The end of a lane's chain: what its next seal must name.</summary>
/// <param name="Number">0 when the lane has no seal yet; then the hash is 32 zeros.</param>
sealed record SealHead(long Number, byte[] Hash, long AtMs)
{
    public static SealHead None { get; } = new(0, new byte[MerkleTree.HashLength], 0);
}

/// <summary>
/// What a writer commits with a batch that posts entries: the Merkle root over its entries, chained to the seal before it. Each writer has
/// a lane, a chain of its own, so that writers never wait for each other's seal; the root of a day covers all lanes.
/// </summary>
/// <param name="Leaves">32 random bytes from which the entries' salts are made; then for each entry, in the order of their ids, its id and
/// its leaf hash: 48 bytes.</param>
sealed record Seal(short Lane, long Number, long AtMs, int Count, byte[] Root, byte[] Previous, byte[] Hash, byte[] Leaves)
{
    public const int LeafLength = 16 + MerkleTree.HashLength;

    public SealHead Head => new(Number, Hash, AtMs);

    /// <summary>Seals a batch: its entries, and its postings in the order of the entries.</summary>
    public static Seal Of(short lane, SealHead before, DateTimeOffset now, IReadOnlyList<Entry> entries, IReadOnlyList<PostingRow> postings)
    {
        var hashes = new (Guid Id, int At)[entries.Count];
        var unsorted = new byte[entries.Count * MerkleTree.HashLength];
        var leaves = new byte[Salts.SecretLength + entries.Count * LeafLength];
        var secret = leaves.AsSpan(0, Salts.SecretLength);
        RandomNumberGenerator.Fill(secret);
        var row = 0;
        for (var i = 0; i < entries.Count; i++)
        {
            hashes[i] = (entries[i].Id, i);
            Leaf(entries[i], secret, postings, ref row, unsorted.AsSpan(i * MerkleTree.HashLength, MerkleTree.HashLength));
        }
        Array.Sort(hashes, static (a, b) => a.Id.CompareTo(b.Id));
        var sorted = new byte[unsorted.Length];
        for (var i = 0; i < hashes.Length; i++)
        {
            var leaf = unsorted.AsSpan(hashes[i].At * MerkleTree.HashLength, MerkleTree.HashLength);
            leaf.CopyTo(sorted.AsSpan(i * MerkleTree.HashLength));
            hashes[i].Id.TryWriteBytes(leaves.AsSpan(At(i)), bigEndian: true, out _);
            leaf.CopyTo(leaves.AsSpan(At(i) + 16));
        }
        var root = MerkleTree.Root(sorted);
        // A lane's time never goes back, whatever the clocks of its nodes say: the days of a lane are stretches of its chain.
        var atMs = Math.Max(before.AtMs, now.ToUnixTimeMilliseconds());
        return new Seal(lane, before.Number + 1, atMs, entries.Count, root, before.Hash,
            SealedRecord.Seal(lane, before.Number + 1, atMs, entries.Count, root, before.Hash), leaves);
    }

    /// <summary>Where the leaf of that entry stands; -1 when the seal does not cover it.</summary>
    public static int PlaceOf(ReadOnlySpan<byte> leaves, Guid entry)
    {
        for (var i = 0; i < CountIn(leaves); i++)
            if (IdIn(leaves, i) == entry)
                return i;
        return -1;
    }

    public static int CountIn(ReadOnlySpan<byte> leaves) => Math.Max(0, leaves.Length - Salts.SecretLength) / LeafLength;

    public static Guid IdIn(ReadOnlySpan<byte> leaves, int place) => new(leaves.Slice(At(place), 16), bigEndian: true);

    public static ReadOnlySpan<byte> HashIn(ReadOnlySpan<byte> leaves, int place) => leaves.Slice(At(place) + 16, MerkleTree.HashLength);

    /// <summary>The leaf hashes alone, one after the other, as the tree wants them.</summary>
    public static byte[] Hashes(ReadOnlySpan<byte> leaves)
    {
        var hashes = new byte[CountIn(leaves) * MerkleTree.HashLength];
        for (var i = 0; i < CountIn(leaves); i++)
            HashIn(leaves, i).CopyTo(hashes.AsSpan(i * MerkleTree.HashLength));
        return hashes;
    }

    static int At(int place) => Salts.SecretLength + place * LeafLength;

    static void Leaf(Entry entry, ReadOnlySpan<byte> secret, IReadOnlyList<PostingRow> postings, ref int row, Span<byte> leaf)
    {
        var count = entry.Legs.Count;
        Span<byte> legs = count <= 32 ? stackalloc byte[count * MerkleTree.HashLength] : new byte[count * MerkleTree.HashLength];
        var salts = new Salts(secret, entry.Id, stackalloc byte[64]);
        Span<byte> initiator = stackalloc byte[MerkleTree.HashLength];
        SealedRecord.Initiator(initiator, salts.At(0), (short)entry.Initiator.Kind, entry.Initiator.Id, entry.AttachedHash);
        for (var i = 0; i < count; i++)
        {
            var p = postings[row++];
            SealedRecord.Leg(legs[(i * MerkleTree.HashLength)..], salts.At(1 + i), p.Owner, p.Leg, p.AccountType.Number, p.Term, p.Amount,
                p.BalanceAfter);
        }
        SealedRecord.Entry(leaf, entry.Id, entry.Kind.Number, entry.At.ToUnixTimeMilliseconds(), entry.Store, entry.Corrects,
            initiator, legs);
    }
}
