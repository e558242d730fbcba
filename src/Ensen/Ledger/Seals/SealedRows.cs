namespace Ensen.Ledger;

/// <summary>A seal as the database keeps it, without its leaves.</summary>
sealed record SealRow(short Lane, long Number, long AtMs, int Entries, byte[] Root, byte[] Previous, byte[] Hash);

/// <summary>A posting as the database keeps it.</summary>
sealed record PostingLine(Guid Owner, short Leg, short Book, int Term, long Amount, long? BalanceAfter)
{
    public byte[] Hash()
    {
        var hash = new byte[MerkleTree.HashLength];
        SealedRecord.Leg(hash, Owner, Leg, Book, Term, Amount, BalanceAfter);
        return hash;
    }
}

/// <summary>An entry as the database keeps it.</summary>
sealed record EntryRow(
    Guid Id, short Kind, long AtMs, Guid AskedBy, Guid? StoreId, Guid? Corrects, byte[]? RequestHash, byte[] Owners, short Lane, long Seal)
{
    public byte[] AskerHash()
    {
        var hash = new byte[MerkleTree.HashLength];
        SealedRecord.Asker(hash, AskedBy, RequestHash);
        return hash;
    }

    /// <summary>Its leaf, with its postings in the order of their legs.</summary>
    public byte[] Leaf(IEnumerable<PostingLine> legs)
    {
        var leaf = new byte[MerkleTree.HashLength];
        SealedRecord.Entry(leaf, Id, Kind, AtMs, StoreId, Corrects, AskerHash(), [.. legs.SelectMany(l => l.Hash())]);
        return leaf;
    }
}
