using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>
/// A request to the ledger. It names what must be known, and decides purely from that. The decision may be asked for more than
/// once (somebody else moved first), so it changes nothing by itself.
/// </summary>
public abstract class Draft<TValue, TRefusal>
    where TValue : class
    where TRefusal : struct, Enum
{
    /// <summary>The entry's id, made by the caller before the first try.</summary>
    public abstract Guid Id { get; }

    /// <summary>The owners whose guarded accounts and limits the decision looks at or changes.</summary>
    public abstract IReadOnlyList<Guid> Owners { get; }

    /// <summary>
    /// The owners of pools that the decision looks at or takes from. Unlike owners they are not given to one writer at a time.
    /// </summary>
    public virtual IReadOnlyList<Guid> Pools => [];

    /// <summary>
    /// Ids under which something is only counted, by limits on their own (<see cref="LimitKind.IsOnItsOwn"/>). Nothing else of them is
    /// read, and they are not given to one writer at a time: their versions guard them.
    /// </summary>
    public virtual IReadOnlyList<Guid> Counters => [];

    public virtual IReadOnlyList<IdempotencyKey> IdempotencyKeys => [];

    /// <summary>The single uses that the decision asks about.</summary>
    public virtual IReadOnlyList<SingleUse> SingleUses => [];

    public abstract Decision<TValue, TRefusal> Decide(AccountState state);

    /// <summary>What to answer when an idempotency key was used for another request.</summary>
    public abstract TRefusal Reused(IdempotencyKey key);

    /// <summary>How the answer is remembered for repeats.</summary>
    public abstract JsonTypeInfo<TValue> Json { get; }

    /// <summary>Nobody stands and waits for this draft: it is taken however many wait already.</summary>
    public virtual bool IsPatient => false;

    /// <summary>
    /// What a request with one of these keys was answered before, read outside the commit queue; null when none of them has an answer.
    /// </summary>
    internal Task<Answer<TValue, TRefusal>?> FindStoredAnswer(Database db, CancellationToken ct) =>
        StoredAnswer.Find(db, IdempotencyKeys, Json, Reused, ct);

    /// <summary>The decision has work of its own in the same transaction, so the draft is a batch of its own.</summary>
    public virtual bool IsAlone => false;

    /// <summary>
    /// For a draft that only begins something: its keys are taken, and their answer is written by the feature once the outcome is known.
    /// Until then the same request is told this.
    /// </summary>
    public virtual TValue? UnderWay => null;
}
