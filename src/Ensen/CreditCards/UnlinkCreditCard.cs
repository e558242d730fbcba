using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.CreditCards;

/// <summary>Why a card stays linked.</summary>
public enum UnlinkCreditCardRefusal
{
    None = 0,

    /// <summary>The member has no such card linked.</summary>
    NotFound = 1,
}

/// <summary>
/// Removes the link: later purchases bring nothing, those before it still do, and the card may be linked to another account. No proof is
/// asked for: it only takes away.
/// </summary>
public sealed class UnlinkCreditCard(Database db, TimeProvider clock)
{
    public async Task<Answer<CreditCard, UnlinkCreditCardRefusal>> Run(MemberId member, CreditCardId id, CancellationToken ct = default)
    {
        var removed = await db.Transact(async tx =>
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            return await LinkedCreditCards.Find(tx.Connection!, id, tx) is { } card && card.Member == member
                && await LinkedCreditCards.End(tx, id, now) ? card with { RemovedMs = now } : null;
        }, ct);
        return removed is null ? UnlinkCreditCardRefusal.NotFound : removed;
    }
}
