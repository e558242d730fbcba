using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Transit;

/// <summary>Why a card stays linked.</summary>
public enum UnlinkTransitCardRefusal
{
    None = 0,

    /// <summary>The member has no such card linked.</summary>
    NotFound = 1,
}

/// <summary>
/// Removes the link: later rides bring nothing, those before it still do, and the card may be linked to another account. A charge
/// that is on its way ends as it would have. No proof is asked for: it only takes away.
/// </summary>
public sealed class UnlinkTransitCard(Database db, TimeProvider clock)
{
    public async Task<Answer<TransitCard, UnlinkTransitCardRefusal>> Run(MemberId member, TransitCardId id, CancellationToken ct = default)
    {
        var removed = await db.Transact(async tx =>
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            return await TransitCards.Find(tx.Connection!, id, tx) is { } card && card.Member == member
                && await TransitCards.End(tx, id, now, lapsed: false) ? card with { RemovedMs = now } : null;
        }, ct);
        return removed is null ? UnlinkTransitCardRefusal.NotFound : removed;
    }
}
