using System.Data.Common;

namespace Ensen.Ledger;

/// <summary>A guarded account's change: it must still hold <paramref name="Before"/>, or somebody moved first.</summary>
readonly record struct GuardedChange(Guid Owner, AccountType AccountType, int Term, bool Exists, long Before, long After)
{
    /// <summary>0, but for the rows of a pool.</summary>
    public short Stripe { get; init; }
}

/// <summary>A spending limit as it shall be; its version must still be the one that was read.</summary>
readonly record struct LimitChange(bool Exists, SpendingLimit After);

readonly record struct PostingRow(Guid Owner, Guid EntryId, short Leg, AccountType AccountType, int Term, long Amount, long? BalanceAfter);

/// <param name="EntryId">The entry that is sealed with it; null for a refusal.</param>
readonly record struct IdempotencyRow(Guid Caller, string Key, byte[] RequestHash, string? Answer, long AtMs, Guid? EntryId);

readonly record struct SingleUseRow(SingleUse SingleUse, Guid EntryId);

/// <summary>Everything one batch writes, in one transaction or not at all.</summary>
sealed class WriteSet
{
    public List<Entry> Entries { get; } = [];
    public List<PostingRow> Postings { get; } = [];
    public List<GuardedChange> Guarded { get; } = [];
    public Dictionary<(Guid Owner, AccountType AccountType, int Term), long> Open { get; } = [];
    public List<LimitChange> SpendingLimits { get; } = [];
    public List<IdempotencyRow> IdempotencyKeys { get; } = [];
    public List<SingleUseRow> SingleUses { get; } = [];
    public Dictionary<DetailTable, List<object>> Details { get; } = [];
    public HashSet<string> Topics { get; } = [];

    /// <summary>Work of the only draft's own, in the same transaction.</summary>
    public Func<DbTransaction, CancellationToken, Task>? Alongside { get; set; }

    /// <summary>What covers the entries; null when the batch posts none.</summary>
    public Seal? Seal { get; private set; }

    public bool IsEmpty => Entries.Count == 0 && IdempotencyKeys.Count == 0;

    /// <summary>Seals the entries, as they will be written.</summary>
    public void SealAs(short lane, SealHead before, DateTimeOffset now)
    {
        if (Entries.Count > 0)
            Seal = Seal.Of(lane, before, now, Entries, Postings);
    }

    /// <summary>
    /// One order for everybody of what others may touch too: transactions of other nodes then wait for each other instead of deadlocking.
    /// </summary>
    public void Sort()
    {
        Guarded.Sort(static (a, b) => Compare((a.Owner, a.AccountType, a.Term), (b.Owner, b.AccountType, b.Term)) is var order and not 0
            ? order : a.Stripe.CompareTo(b.Stripe));
        SpendingLimits.Sort(static (a, b) =>
            a.After.Owner.CompareTo(b.After.Owner) is var byOwner and not 0 ? byOwner : a.After.Kind.Number.CompareTo(b.After.Kind.Number));
        IdempotencyKeys.Sort(static (a, b) =>
            a.Caller.CompareTo(b.Caller) is var byCaller and not 0 ? byCaller : string.CompareOrdinal(a.Key, b.Key));
        SingleUses.Sort(static (a, b) =>
            a.SingleUse.Subject.CompareTo(b.SingleUse.Subject) is var bySubject and not 0 ? bySubject
            : a.SingleUse.Kind.Number.CompareTo(b.SingleUse.Kind.Number) is var byKind and not 0 ? byKind
            : a.SingleUse.Number.CompareTo(b.SingleUse.Number));
    }

    /// <summary>
    /// From so many on, the accounts of one owner and type that change are written in one go along the key, and not each looked for.
    /// </summary>
    public const int LeastInRun = 16;

    /// <summary>The guarded changes, sorted before: runs of many accounts of one owner and type, and the others.</summary>
    public (List<List<GuardedChange>> Runs, List<GuardedChange> Others) GuardedByRun()
    {
        var (runs, others) = (new List<List<GuardedChange>>(), new List<GuardedChange>(Guarded.Count));
        for (int from = 0, to; from < Guarded.Count; from = to)
        {
            for (to = from + 1; to < Guarded.Count && AreOfOneRun(Guarded[from], Guarded[to]); to++)
            {
            }
            if (to - from >= LeastInRun)
                runs.Add(Guarded[from..to]);
            else
                others.AddRange(Guarded[from..to]);
        }
        return (runs, others);
    }

    static bool AreOfOneRun(in GuardedChange a, in GuardedChange b) =>
        a.Owner == b.Owner && a.AccountType == b.AccountType && a.Exists && b.Exists && a.Stripe == 0 && b.Stripe == 0;

    public IReadOnlyList<KeyValuePair<(Guid Owner, AccountType AccountType, int Term), long>> OpenSorted()
    {
        var list = Open.Where(o => o.Value != 0).ToList();
        list.Sort(static (a, b) => Compare(a.Key, b.Key));
        return list;
    }

    /// <summary>
    /// In the order of the table's key: rows of one owner, a store's or the operator's of the whole batch, then lie beside each other.
    /// </summary>
    public List<PostingRow> PostingsSorted()
    {
        var list = Postings.ToList();
        list.Sort(static (a, b) => a.Owner.CompareTo(b.Owner) is var byOwner and not 0 ? byOwner
            : a.EntryId.CompareTo(b.EntryId) is var byEntry and not 0 ? byEntry : a.Leg.CompareTo(b.Leg));
        return list;
    }

    static int Compare((Guid Owner, AccountType AccountType, int Term) a, (Guid Owner, AccountType AccountType, int Term) b)
    {
        var order = a.Owner.CompareTo(b.Owner);
        if (order == 0)
            order = a.AccountType.Number.CompareTo(b.AccountType.Number);
        return order != 0 ? order : a.Term.CompareTo(b.Term);
    }
}

/// <summary>Somebody else moved first: the batch was rolled back and is decided again from what is there now.</summary>
sealed class MovedException(string what) : Exception(what);
