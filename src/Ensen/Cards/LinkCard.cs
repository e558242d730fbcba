using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Cards;

/// <summary>Why no card is linked, in the order it is checked; the names are the contract's codes.</summary>
public enum LinkCardRefusal
{
    None = 0,

    /// <summary>What was typed names no card, or it is a number that is asked for nowhere.</summary>
    InvalidRequest = 1,

    /// <summary>No company of such cards is set up here.</summary>
    NotAvailable = 2,

    /// <summary>Too many tries: by the member, or at the card.</summary>
    TooManyRequests = 3,

    /// <summary>The company says no. Whether there is no such card or another proof, it is told the same.</summary>
    CardRefused = 4,

    /// <summary>The company gave no answer.</summary>
    TryAgain = 5,

    /// <summary>The card is linked to somebody else's account, or what was typed was used by somebody else.</summary>
    AlreadyLinked = 6,

    /// <summary>The member has as many as a member may have.</summary>
    OverLimit = 7,
    KeyReused = 8,

    /// <summary>The member has left the programme since they asked.</summary>
    MemberLeft = 9,
}

/// <summary>
/// What linking a card of any kind has in common: a member tries so often a day, whoever asks again under the same key is answered as
/// before, and a card that its company named becomes one account's. What a kind asks its company, and how, is its own verb's.
/// </summary>
public sealed class LinkCard<TCard, TId>(Database db, CardLinks<TCard, TId> links, AttemptLimiter tries, TimeProvider clock)
    where TCard : LinkedCard<TId>
    where TId : struct, ITypedId<TId>
{
    static readonly AttemptLimit s_perMember = new(20, TimeSpan.FromDays(1));

    string ByMember => links.Table + "-member";

    /// <summary>How long whoever has tried too often should wait.</summary>
    public Task<TimeSpan> ComeAgain(MemberId member, CancellationToken ct = default) =>
        tries.UntilFresh(ByMember, Id.Bare(member), s_perMember, ct);

    /// <summary>Counts a try before anybody outside is asked; false when it is one too many.</summary>
    internal Task<bool> Try(MemberId member, CancellationToken ct) => tries.Count(ByMember, Id.Bare(member), s_perMember, ct);

    /// <summary>What was answered under this key before; null where nothing was.</summary>
    internal async Task<Answer<TCard, LinkCardRefusal>?> Stored(MemberId member, IdempotencyKey key, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        if (await IdempotencyKeys.Find(connection, key) is not { } found)
            return null;
        if (key.IsSameRequest(found) && Id.TryParse(found.Answer, out TId id)
            && await links.Find(connection, id) is { } card && card.Member == member)
            return ((Answer<TCard, LinkCardRefusal>)card).AsReplay();
        return LinkCardRefusal.KeyReused;
    }

    /// <summary>
    /// Keeps the link of a card that its company named. What it brings counts from when its kind says, as far as nobody else had it linked.
    /// </summary>
    /// <param name="most">So many of the kind a member may have.</param>
    internal async Task<Answer<TCard, LinkCardRefusal>> Keep(TCard card, IdempotencyKey key, int most, CancellationToken ct)
    {
        var (refusal, kept) = await db.Transact(async tx =>
        {
            // The turn: leaving, which looks for linked cards in its own step, comes before or after.
            await SpendingLimits.TakeTurn(tx, card.Member);
            if (await MemberDirectory.Read(tx.Connection!, card.Member, tx) is not { HasLeft: false })
                return (LinkCardRefusal.MemberLeft, card);
            var mine = await links.Of(tx.Connection!, card.Member, tx);
            if (!await IdempotencyKeys.Take(tx, key, clock.GetUtcNow()))
                return (LinkCardRefusal.KeyReused, card);
            var linked = mine.FirstOrDefault(c => c.Card == card.Card);
            if (linked is null)
            {
                if (mine.Count >= most)
                    return (await Forget(tx, key, LinkCardRefusal.OverLimit), card);
                linked = card with { CountsFromMs = Math.Max(card.CountsFromMs, await links.LastRemoved(tx, card.Card) ?? 0) };
                if (!await links.Add(tx, linked))
                    return (await Forget(tx, key, LinkCardRefusal.AlreadyLinked), card);
            }
            await IdempotencyKeys.Answer(tx, key.Caller, key.Key, Id.Format(TId.Prefix, linked.Id.Value));
            return (LinkCardRefusal.None, linked);
        }, ct);
        return refusal switch
        {
            LinkCardRefusal.None => kept,
            LinkCardRefusal.KeyReused => await Stored(card.Member, key, ct) ?? refusal,
            _ => refusal,
        };
    }

    static async Task<LinkCardRefusal> Forget(DbTransaction tx, IdempotencyKey key, LinkCardRefusal refusal)
    {
        await tx.Connection!.ExecuteAsync("delete from idempotency_key where caller = @Caller and key = @Key", new { key.Caller, key.Key }, tx);
        return refusal;
    }
}
