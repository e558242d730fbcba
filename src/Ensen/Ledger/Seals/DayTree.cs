namespace Ensen.Ledger;

/// <summary>
/// The tree of a day while it is built: seals in, one root over each 4,096 of them out. Since 4,096 is a power of two these roots are
/// nodes of the tree itself, and a proof needs the leaves of one of them only.
/// </summary>
sealed class DayTree
{
    public const int Span = 4_096;

    readonly byte[] _leaves = new byte[Span * MerkleTree.HashLength];
    readonly List<byte[]> _spans = [];
    int _count;

    public long Seals { get; private set; }

    public void Add(ReadOnlySpan<byte> seal)
    {
        seal.CopyTo(_leaves.AsSpan(_count * MerkleTree.HashLength));
        Seals++;
        if (++_count == Span)
            Fold();
    }

    /// <summary>The roots of the spans, the last one over what is left.</summary>
    public IReadOnlyList<byte[]> Spans()
    {
        if (_count > 0)
            Fold();
        return _spans;
    }

    public byte[] Root() => MerkleTree.Root([.. Spans().SelectMany(s => s)]);

    void Fold()
    {
        _spans.Add(MerkleTree.Root(_leaves.AsSpan(0, _count * MerkleTree.HashLength)));
        _count = 0;
    }
}
