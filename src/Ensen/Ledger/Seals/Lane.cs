namespace Ensen.Ledger;

/// <summary>A writer's place among the chains of seals, and the end of its chain as this writer knows it.</summary>
sealed class Lane(OwnSeals own, short number = 0)
{
    IReadOnlyCollection<(short Lane, SealHead Head)> _owed = [];

    public short Number { get; private set; } = number;

    /// <summary>In which rows of accounts without a floor and of pools this writer adds and takes.</summary>
    public short Stripe => (short)(Number % PoolState.Stripes);

    /// <summary>
    /// The end of the chain; null when it must be read (a new connection, or nobody knows what became of the last commit).
    /// </summary>
    public SealHead? Head { get; private set; }

    public void Enter(short number) => (Number, Head) = (number, null);

    public void Doubt() => Head = null;

    /// <summary>What the database must hold of what this node wrote; ask for it before the database is read, which is newer then.</summary>
    public IReadOnlyCollection<(short Lane, SealHead Head)> AskOwed() => _owed = own.All;

    /// <summary>Throws <see cref="HistoryLostException"/> when the database lacks one of <see cref="Owed"/>.</summary>
    /// <param name="newest">The newest seal of the lane.</param>
    /// <param name="found">The hashes that the database has for those seals.</param>
    public SealHead Learn(SealHead newest, IReadOnlyDictionary<(short Lane, long Number), byte[]> found)
    {
        foreach (var (lane, head) in _owed)
            if (!found.TryGetValue((lane, head.Number), out var hash) || !hash.AsSpan().SequenceEqual(head.Hash))
                throw new HistoryLostException(lane, head.Number);
        return Head = newest;
    }

    public void Wrote(Seal? seal)
    {
        if (seal is null)
            return;
        own.Add(seal);
        Head = seal.Head;
    }
}
