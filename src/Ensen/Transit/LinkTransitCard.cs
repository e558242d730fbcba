using Ensen.Access;
using Ensen.Basics;
using Ensen.Cards;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Transit;

/// <summary>A member who wants to link a transit card: its number, and what its holder alone can show.</summary>
public sealed record LinkTransitCardRequest(MemberId Member, string? Number, string? Proof, IdempotencyKey Key);

/// <summary>
/// Links a transit card to a member who can show that it is theirs; one card, one account. Tries are counted before anybody outside is
/// asked.
/// The rides of the month in which it is linked count, as far as nobody else had it linked.
/// </summary>
public sealed class LinkTransitCard(
    LinkCard<TransitCard, TransitCardId> links, AttemptLimiter tries, CardKeys keys, ExternalGateways outside, Programme programme,
    TimeProvider clock)
{
    const string ByCard = "transit-link-card";
    public const int LongestProof = 64;

    static readonly AttemptLimit s_perCard = new(5, TimeSpan.FromDays(1));

    public async Task<Answer<TransitCard, LinkCardRefusal>> Run(LinkTransitCardRequest request, CancellationToken ct = default)
    {
        if (await links.Stored(request.Member, request.Key, ct) is { } stored)
            return stored;
        if (Decide(request.Number, request.Proof, outside.Has(Gateway.Transit)) is not LinkCardRefusal.None and var refusal)
            return refusal;
        var number = CardKeys.Read(request.Number)!;
        var card = keys.Of(number);
        var may = await links.Try(request.Member, ct);
        may &= await tries.Count(ByCard, Id.Bare(card), s_perCard, ct);
        if (!may)
            return LinkCardRefusal.TooManyRequests;

        var now = clock.Now();
        var id = Id.New<TransitCardId>(now, request.Member);
        var reply = await outside.Transit.Link(new TransitLinkOrder(id, number, request.Proof!.Trim()), ct);
        if (reply.Reply.Kind == ReplyKind.Refused)
            return LinkCardRefusal.CardRefused;
        if (reply is not { Reply.Kind: ReplyKind.Accepted, Token: { } token })
            return LinkCardRefusal.TryAgain;
        var linked = new TransitCard(
            id, request.Member, card, number[^4..], now.ToUnixTimeMilliseconds(),
            ServiceDay.MonthOf(now, programme.Transit).ToUnixTimeMilliseconds(), null, token, reply.Form,
            now.AddMonths(programme.Transit.LapseMonths).ToUnixTimeMilliseconds(), Lapsed: false);
        return await links.Keep(linked, request.Key, programme.Transit.MostCards, ct);
    }

    /// <summary>The checks before anybody outside is asked, in the order of the refusals.</summary>
    internal static LinkCardRefusal Decide(string? number, string? proof, bool isSetUp)
    {
        if (CardKeys.Read(number) is null) return LinkCardRefusal.InvalidRequest;
        if (proof?.Trim() is not { Length: > 0 and <= LongestProof }) return LinkCardRefusal.InvalidRequest;
        return isSetUp ? LinkCardRefusal.None : LinkCardRefusal.NotAvailable;
    }
}
