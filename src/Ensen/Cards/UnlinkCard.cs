using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Cards;

/// <summary>Why a card stays linked.</summary>
public enum UnlinkCardRefusal
{
    None = 0,

    /// <summary>The member has no such card linked.</summary>
    NotFound = 1,
}

/// <summary>
/// Removes the link of a card of any kind: what happens with it later brings nothing, what happened before still does, and the card may be
/// linked to another account. What is on its way to it ends as it would have. No proof is asked for: it only takes away.
/// </summary>
public sealed class UnlinkCard<TCard, TId>(Database db, CardLinks<TCard, TId> links, TimeProvider clock)
    where TCard : LinkedCard<TId>
    where TId : struct, ITypedId<TId>
{
    public async Task<Answer<TCard, UnlinkCardRefusal>> Run(MemberId member, TId id, CancellationToken ct = default)
    {
        var removed = await db.Transact(async tx =>
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            return await links.Find(tx.Connection!, id, tx) is { } card && card.Member == member && await links.End(tx, id, now)
                ? card with { RemovedMs = now } : null;
        }, ct);
        return removed is null ? UnlinkCardRefusal.NotFound : removed;
    }
}
