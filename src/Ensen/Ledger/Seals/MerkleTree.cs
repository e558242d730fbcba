using System.Security.Cryptography;

namespace Ensen.Ledger;

/// <summary>Where a leaf stands in a tree, and the hashes on its way up: enough to compute the root from the leaf.</summary>
/// <param name="Index">The leaf's place, from 0.</param>
/// <param name="Size">How many leaves the tree has.</param>
public sealed record MerklePath(long Index, long Size, IReadOnlyList<byte[]> Hashes);

/// <summary>The Merkle tree of RFC 6962 section 2.1 over SHA-256: a leaf is H(0x00 ‖ record), a node H(0x01 ‖ left ‖ right).</summary>
public static class MerkleTree
{
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>The hash of a leaf: of anything that is sealed.</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> record)
    {
        Span<byte> prefixed = record.Length < 1_024 ? stackalloc byte[record.Length + 1] : new byte[record.Length + 1];
        prefixed[0] = 0;
        record.CopyTo(prefixed[1..]);
        return SHA256.HashData(prefixed);
    }

    /// <summary>The root over leaf hashes that lie one after the other, 32 bytes each. Of no leaves it is the hash of nothing.</summary>
    public static byte[] Root(ReadOnlySpan<byte> leaves)
    {
        if (leaves.Length == 0)
            return SHA256.HashData([]);
        var level = leaves.ToArray();
        for (var count = leaves.Length / HashLength; count > 1; count = Up(level, count))
        {
        }
        return level.AsSpan(0, HashLength).ToArray();
    }

    /// <summary>The way from one leaf to the root.</summary>
    public static MerklePath Path(ReadOnlySpan<byte> leaves, int index)
    {
        var count = leaves.Length / HashLength;
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        var (hashes, level, place) = (new List<byte[]>(), leaves.ToArray(), index);
        for (var width = count; width > 1; width = Up(level, width), place >>= 1)
            if ((place ^ 1) < width)
                hashes.Add(level.AsSpan((place ^ 1) * HashLength, HashLength).ToArray());
        return new MerklePath(index, count, hashes);
    }

    /// <summary>The root that a leaf and its path lead to; null when the path does not fit its own size and place.</summary>
    public static byte[]? Climb(ReadOnlySpan<byte> leaf, MerklePath path)
    {
        if (leaf.Length != HashLength || path.Index < 0 || path.Index >= path.Size || path.Hashes.Any(h => h.Length != HashLength))
            return null;
        var (place, last, here, used) = (path.Index, path.Size - 1, leaf.ToArray(), 0);
        for (; last > 0; place >>= 1, last >>= 1)
        {
            if ((place ^ 1) > last)
                continue;
            if (used == path.Hashes.Count)
                return null;
            var beside = path.Hashes[used++];
            here = (place & 1) == 0 ? Node(here, beside) : Node(beside, here);
        }
        return used == path.Hashes.Count ? here : null;
    }

    /// <summary>One level up, in place: neighbours become their parent, and one without a neighbour rises as it is.</summary>
    static int Up(Span<byte> level, int count)
    {
        Span<byte> pair = stackalloc byte[1 + 2 * HashLength];
        pair[0] = 1;
        for (var i = 0; i + 1 < count; i += 2)
        {
            level.Slice(i * HashLength, 2 * HashLength).CopyTo(pair[1..]);
            SHA256.HashData(pair, level[(i / 2 * HashLength)..]);
        }
        if (count % 2 == 1)
            level.Slice((count - 1) * HashLength, HashLength).CopyTo(level[(count / 2 * HashLength)..]);
        return (count + 1) / 2;
    }

    static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> pair = [1, .. left, .. right];
        return SHA256.HashData(pair);
    }
}
