using System.Data.Common;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>
/// What a decision wants to happen: an answer, and (when it is not a refusal) an entry with what must commit beside it. Without an
/// entry it may still count something against a spending limit: then its draft has an idempotency key, by which a retry finds it done.
/// </summary>
public sealed record Decision<TValue, TRefusal>(Answer<TValue, TRefusal> Answer)
    where TValue : class
    where TRefusal : struct, Enum
{
    public Entry? Entry { get; init; }
    public IReadOnlyList<LimitUse> Uses { get; init; } = [];
    public IReadOnlyList<SingleUse> SingleUses { get; init; } = [];
    public IReadOnlyList<EntryDetail> Details { get; init; } = [];

    /// <summary>A refusal that the same key may ask about again: "not now" is no answer to keep.</summary>
    public bool IsForNow { get; init; }

    /// <summary>
    /// Rare: work of the feature's own in the same transaction, for a draft that <see cref="Draft{TValue, TRefusal}.IsAlone"/>.
    /// </summary>
    public Func<DbTransaction, CancellationToken, Task>? Alongside { get; init; }

    /// <summary>Topics to raise once it is committed, so that live screens look again.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    public static implicit operator Decision<TValue, TRefusal>(TRefusal refusal) => new((Answer<TValue, TRefusal>)refusal);
}
