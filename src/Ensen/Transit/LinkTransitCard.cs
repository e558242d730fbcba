using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Transit;

/// <summary>A member who wants to link a transit card: its number, and what its holder alone can show.</summary>
public sealed record LinkTransitCardRequest(MemberId Member, string? Number, string? Proof, IdempotencyKey Key);

/// <summary>Why no card is linked, in the order it is checked; the names are the contract's codes.</summary>
public enum LinkTransitCardRefusal
{
    None = 0,

    /// <summary>Number or proof are none.</summary>
    InvalidRequest = 1,

    /// <summary>No transit company is set up here.</summary>
    NotAvailable = 2,

    /// <summary>Too many tries: by the member, or at the card.</summary>
    TooManyRequests = 3,

    /// <summary>The company says no. Whether there is no such card or another proof, it is told the same.</summary>
    TransitCardRefused = 4,

    /// <summary>The company gave no answer.</summary>
    TryAgain = 5,

    /// <summary>The card is linked to somebody else's account.</summary>
    AlreadyLinked = 6,

    /// <summary>The member has as many as a member may have.</summary>
    OverLimit = 7,
    KeyReused = 8,

    /// <summary>The member has left the programme since they asked.</summary>
    MemberLeft = 9,
}

/// <summary>
/// Links a transit card to a member who can show that it is theirs; one card, one account. Tries are counted before anybody outside is
/// asked.
/// The rides of the month in which it is linked count, as far as nobody else had it linked.
/// </summary>
public sealed class LinkTransitCard(
    Database db, AttemptLimiter tries, CardKeys keys, ExternalGateways outside, Programme programme, TimeProvider clock)
{
    const string ByMember = "transit-link-member";
    const string ByCard = "transit-link-card";
    public const int LongestProof = 64;

    static readonly AttemptLimit s_perMember = new(20, TimeSpan.FromDays(1));
    static readonly AttemptLimit s_perCard = new(5, TimeSpan.FromDays(1));

    /// <summary>How long whoever has tried too often should wait.</summary>
    public Task<TimeSpan> ComeAgain(MemberId member, CancellationToken ct = default) =>
        tries.UntilFresh(ByMember, Id.Bare(member), s_perMember, ct);

    public async Task<Answer<TransitCard, LinkTransitCardRefusal>> Run(LinkTransitCardRequest request, CancellationToken ct = default)
    {
        if (await Stored(request, ct) is { } stored)
            return stored;
        if (Decide(request.Number, request.Proof, outside.Has(Gateway.Transit)) is not LinkTransitCardRefusal.None and var refusal)
            return refusal;
        var number = CardKeys.Read(request.Number)!;
        var card = keys.Of(number);
        var may = await tries.Count(ByMember, Id.Bare(request.Member), s_perMember, ct);
        may &= await tries.Count(ByCard, Id.Bare(card), s_perCard, ct);
        if (!may)
            return LinkTransitCardRefusal.TooManyRequests;

        var now = clock.Now();
        var id = Id.New<TransitCardId>(now, request.Member);
        var reply = await outside.Transit.Link(new TransitLinkOrder(id, number, request.Proof!.Trim()), ct);
        if (reply.Reply.Kind == ReplyKind.Refused)
            return LinkTransitCardRefusal.TransitCardRefused;
        if (reply is not { Reply.Kind: ReplyKind.Accepted, Token: { } token })
            return LinkTransitCardRefusal.TryAgain;
        var ms = now.ToUnixTimeMilliseconds();
        var linked = new TransitCard(
            id, request.Member, card, token, number[^4..], reply.Form, ms, ServiceDay.MonthOf(now,
                programme.Transit).ToUnixTimeMilliseconds(),
            now.AddMonths(programme.Transit.LapseMonths).ToUnixTimeMilliseconds(), null, false);
        return await Keep(request, linked, ct);
    }

    /// <summary>The checks before anybody outside is asked, in the order of the refusals.</summary>
    internal static LinkTransitCardRefusal Decide(string? number, string? proof, bool isSetUp)
    {
        if (CardKeys.Read(number) is null) return LinkTransitCardRefusal.InvalidRequest;
        if (proof?.Trim() is not { Length: > 0 and <= LongestProof }) return LinkTransitCardRefusal.InvalidRequest;
        return isSetUp ? LinkTransitCardRefusal.None : LinkTransitCardRefusal.NotAvailable;
    }

    async Task<Answer<TransitCard, LinkTransitCardRefusal>> Keep(LinkTransitCardRequest request, TransitCard card, CancellationToken ct)
    {
        var (refusal, kept) = await db.Transact(async tx =>
        {
            // The turn: leaving, which looks for linked cards in its own step, comes before or after.
            await SpendingLimits.TakeTurn(tx, request.Member);
            if (await MemberDirectory.Read(tx.Connection!, request.Member, tx) is not { HasLeft: false })
                return (LinkTransitCardRefusal.MemberLeft, card);
            var mine = (await TransitCards.Of(tx.Connection!, request.Member, tx)).Where(c => c.RemovedMs is null).ToList();
            if (!await IdempotencyKeys.Take(tx, request.Key, clock.GetUtcNow()))
                return (LinkTransitCardRefusal.KeyReused, card);
            if (mine.Find(c => c.Card == card.Card) is { } already)
            {
                await IdempotencyKeys.Answer(tx, request.Key.Caller, request.Key.Key, already.Id.ToString());
                return (LinkTransitCardRefusal.None, already);
            }
            if (mine.Count >= programme.Transit.MostCards)
                return (await Forget(tx, request.Key, LinkTransitCardRefusal.OverLimit), card);
            if (!await TransitCards.Claim(tx, card))
                return (await Forget(tx, request.Key, LinkTransitCardRefusal.AlreadyLinked), card);
            var before = await tx.Connection!.ExecuteScalarAsync<long?>(
                "select max(removed_ms) from transit_card where card = @Card", new { card.Card }, tx);
            var counted = card with { CountsFromMs = Math.Max(card.CountsFromMs, before ?? 0) };
            await TransitCards.Insert(tx, counted);
            await IdempotencyKeys.Answer(tx, request.Key.Caller, request.Key.Key, counted.Id.ToString());
            return (LinkTransitCardRefusal.None, counted);
        }, ct);
        if (refusal == LinkTransitCardRefusal.KeyReused)
            return await Stored(request, ct) ?? refusal;
        return refusal == LinkTransitCardRefusal.None ? kept : refusal;
    }

    static async Task<LinkTransitCardRefusal> Forget(DbTransaction tx, IdempotencyKey key, LinkTransitCardRefusal refusal)
    {
        await tx.Connection!.ExecuteAsync("delete from idempotency_key where caller = @Caller and key = @Key", new { key.Caller, key.Key }, tx);
        return refusal;
    }

    async Task<Answer<TransitCard, LinkTransitCardRefusal>?> Stored(LinkTransitCardRequest request, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        if (await IdempotencyKeys.Find(connection, request.Key) is not { } found)
            return null;
        if (request.Key.IsSameRequest(found) && Id.TryParse(found.Answer, out TransitCardId id)
            && await TransitCards.Find(connection, id) is { } card && card.Member == request.Member)
            return ((Answer<TransitCard, LinkTransitCardRefusal>)card).AsReplay();
        return LinkTransitCardRefusal.KeyReused;
    }
}
