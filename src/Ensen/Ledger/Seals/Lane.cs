namespace Ensen.Ledger;

/// <summary>
/// A writer's place among the chains of seals, and the end of its chain as this writer knows it. It remembers what it wrote itself:
/// a database that no longer holds that was put back to an older state, and nothing may be written on top of it unseen.
/// </summary>
sealed class Lane(short number = 0)
{
    readonly Dictionary<short, SealHead> _written = [];

    public short Number { get; private set; } = number;

    /// <summary>The end of the chain; null when it must be read (a new connection, or nobody knows what became of the last commit).</summary>
    public SealHead? Head { get; private set; }

    /// <summary>The number of the newest seal that this writer wrote in its lane; 0 when none.</summary>
    public long Written => _written.TryGetValue(Number, out var seal) ? seal.Number : 0;

    public void Enter(short number) => (Number, Head) = (number, null);

    public void Doubt() => Head = null;

    /// <param name="found">The newest seal of the lane.</param>
    /// <param name="own">The hash the database has now at <see cref="Written"/>; null when it has no such seal.</param>
    public SealHead Learn(SealHead found, byte[]? own)
    {
        if (_written.TryGetValue(Number, out var mine) && (own is null || !own.AsSpan().SequenceEqual(mine.Hash)))
            throw new HistoryLostException(Number, mine.Number);
        return Head = found;
    }

    public void Wrote(Seal? seal)
    {
        if (seal is not null)
            _written[Number] = (Head = seal.Head)!;
    }
}

/// <summary>The database does not hold what this node committed to it: it was restored from an older state, or history was changed.</summary>
public sealed class HistoryLostException(short lane, long number)
    : Exception(FormattableString.Invariant($"Seal {number} of lane {lane}, which this node wrote, is not in the database any more: it was put back to an older state. See docs/operating/backup.md."));
