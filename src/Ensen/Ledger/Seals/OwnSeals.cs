using System.Collections.Concurrent;

namespace Ensen.Ledger;

/// <summary>
/// The newest seal that this node wrote in each lane, whichever of its writers did. A database that lacks one of them was put back to an
/// older state, and nothing may be written on top of it unseen: not by the writer who wrote it, nor by another, nor in another lane.
/// </summary>
sealed class OwnSeals
{
    readonly ConcurrentDictionary<short, SealHead> _newest = new();

    public void Add(Seal seal) =>
        _newest.AddOrUpdate(seal.Lane, seal.Head, (_, newest) => newest.Number > seal.Number ? newest : seal.Head);

    /// <summary>All of them, as they are now.</summary>
    public IReadOnlyCollection<(short Lane, SealHead Head)> All => [.. _newest.Select(own => (own.Key, own.Value))];
}

/// <summary>
/// The database does not hold what this node committed to it: it was restored from an older state, or history was changed.
/// </summary>
public sealed class HistoryLostException(short lane, long number)
    : Exception(FormattableString.Invariant($"Seal {number} of lane {lane}, which this node wrote, is not in the database any more: it was put back to an older state. See docs/operating/backup.md."));
