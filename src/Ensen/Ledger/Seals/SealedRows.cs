namespace Ensen.Ledger;

/// <summary>A seal as the database keeps it, without its leaves.</summary>
sealed record SealRow(short Lane, long Number, long AtMs, int Entries, byte[] Root, byte[] Previous, byte[] Hash);

/// <summary>
/// A seal that waits for its entries: what their leaves must lead to, and the leaves it keeps, with the secret behind their salts.
/// </summary>
sealed record SealLeaves(short Lane, long Number, int Entries, byte[] Root, byte[] Leaves);

/// <summary>A posting as the database keeps it.</summary>
sealed record PostingLine(Guid Owner, short Leg, short AccountType, int Term, long Amount, long? BalanceAfter)
{
    public byte[] Hash(ReadOnlySpan<byte> salt)
    {
        var hash = new byte[MerkleTree.HashLength];
        SealedRecord.Leg(hash, salt, Owner, Leg, AccountType, Term, Amount, BalanceAfter);
        return hash;
    }
}

/// <summary>An entry as the database keeps it.</summary>
sealed record EntryRow(
    Guid Id, short Kind, long AtMs, short InitiatorKind, Guid InitiatorId, Guid? StoreId, Guid? Corrects, byte[]? AttachedHash,
    byte[] Owners, short Lane, long Seal)
{
    public byte[] InitiatorHash(ReadOnlySpan<byte> salt)
    {
        var hash = new byte[MerkleTree.HashLength];
        SealedRecord.Initiator(hash, salt, InitiatorKind, InitiatorId, AttachedHash);
        return hash;
    }

    /// <summary>Its leaf, with its postings in the order of their legs, under a seal with this secret.</summary>
    public byte[] Leaf(IReadOnlyList<PostingLine> legs, ReadOnlySpan<byte> secret)
    {
        var salts = new Salts(secret, Id, stackalloc byte[64]);
        var (leaf, initiator) = (new byte[MerkleTree.HashLength], InitiatorHash(salts.At(0)));
        var hashes = new byte[legs.Count * MerkleTree.HashLength];
        for (var i = 0; i < legs.Count; i++)
            legs[i].Hash(salts.At(1 + i)).CopyTo(hashes, i * MerkleTree.HashLength);
        SealedRecord.Entry(leaf, Id, Kind, AtMs, StoreId, Corrects, initiator, hashes);
        return leaf;
    }
}
