using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.CreditCards;

/// <summary>A member who wants to link a credit card, by what its company gave them for that.</summary>
public sealed record LinkCreditCardRequest(MemberId Member, string? LinkToken, IdempotencyKey Key);

/// <summary>Why no card is linked, in the order it is checked; the names are the contract's codes.</summary>
public enum LinkCreditCardRefusal
{
    None = 0,

    /// <summary>The token is none, or it is a card's number, which is asked for nowhere.</summary>
    InvalidRequest = 1,

    /// <summary>No company of credit cards is set up here.</summary>
    NotAvailable = 2,

    /// <summary>The member tried too often.</summary>
    TooManyRequests = 3,

    /// <summary>The company knows no such token.</summary>
    CreditCardRefused = 4,

    /// <summary>The company gave no answer.</summary>
    TryAgain = 5,

    /// <summary>The token was used by somebody else, or the card is linked to another account.</summary>
    AlreadyLinked = 6,

    /// <summary>The member has as many as a member may have.</summary>
    OverLimit = 7,
    KeyReused = 8,

    /// <summary>The member has left the programme since they asked.</summary>
    MemberLeft = 9,
}

/// <summary>
/// Links a credit card by a token that its company made for this once; one card, one account. The company is asked under an id that is made
/// of member and token, so whoever lost the answer asks again, and whoever else has the token is told that it is used.
/// The purchases of the month in which it is linked count, as far as nobody else had it linked.
/// </summary>
public sealed class LinkCreditCard(Database db, AttemptLimiter tries, ExternalGateways outside, Programme programme, TimeProvider clock)
{
    const string ByMember = "credit-link-member";
    const int LongestToken = 128;
    const int LongestBrand = 20;
    const string Used = "token_used";

    static readonly AttemptLimit s_perMember = new(20, TimeSpan.FromDays(1));

    /// <summary>How long whoever has tried too often should wait.</summary>
    public Task<TimeSpan> ComeAgain(MemberId member, CancellationToken ct = default) =>
        tries.UntilFresh(ByMember, Id.Bare(member), s_perMember, ct);

    public async Task<Answer<CreditCard, LinkCreditCardRefusal>> Run(LinkCreditCardRequest request, CancellationToken ct = default)
    {
        if (await Stored(request, ct) is { } stored)
            return stored;
        if (Decide(request.LinkToken, outside.Has(Gateway.CreditCard)) is not LinkCreditCardRefusal.None and var refusal)
            return refusal;
        if (!await tries.Count(ByMember, Id.Bare(request.Member), s_perMember, ct))
            return LinkCreditCardRefusal.TooManyRequests;

        var token = request.LinkToken!.Trim();
        var reply = await outside.CreditCard.Link(new CreditCardLinkOrder(RequestOf(request.Member, token), token), ct);
        if (reply.Reply.Kind == ReplyKind.Refused)
            return reply.Reply.Reason == Used ? LinkCreditCardRefusal.AlreadyLinked : LinkCreditCardRefusal.CreditCardRefused;
        if (reply is not { Reply.Kind: ReplyKind.Accepted, Card: { } named })
            return LinkCreditCardRefusal.TryAgain;
        // A company that names a card by its number, or tells more than four digits of it, is not heard.
        if (!CardReference.IsOne(Encoding.UTF8.GetBytes(named.Reference)) || named.LastFour is not { Length: 4 }
            || !named.LastFour.All(char.IsAsciiDigit) || named.Brand is not { Length: > 0 and <= LongestBrand })
            return LinkCreditCardRefusal.CreditCardRefused;
        var now = clock.Now();
        var month = new JapanDay(new DateOnly(JapanDay.Of(now).Date.Year, JapanDay.Of(now).Date.Month, 1));
        return await Keep(request, new CreditCard(Id.New<CreditCardId>(now, request.Member), request.Member,
            CardReference.Of(named.Reference), named.Brand, named.LastFour, now.ToUnixTimeMilliseconds(),
            month.Start.ToUnixTimeMilliseconds(), null), ct);
    }

    /// <summary>The checks before anybody outside is asked, in the order of the refusals.</summary>
    internal static LinkCreditCardRefusal Decide(string? token, bool isSetUp)
    {
        if (token?.Trim() is not { Length: > 0 and <= LongestToken } read) return LinkCreditCardRefusal.InvalidRequest;
        if (read.Any(c => c is <= ' ' or > '~') || CardReference.IsCardNumber(Encoding.ASCII.GetBytes(read)))
            return LinkCreditCardRefusal.InvalidRequest;
        return isSetUp ? LinkCreditCardRefusal.None : LinkCreditCardRefusal.NotAvailable;
    }

    internal static Guid RequestOf(MemberId member, string token) =>
        new(SHA256.HashData([.. member.Value.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(token)]).AsSpan(0, 16),
            bigEndian: true);

    async Task<Answer<CreditCard, LinkCreditCardRefusal>> Keep(LinkCreditCardRequest request, CreditCard card, CancellationToken ct)
    {
        var (refusal, kept) = await db.Transact(async tx =>
        {
            // The turn: leaving, which looks for linked cards in its own step, comes before or after.
            await SpendingLimits.TakeTurn(tx, request.Member);
            if (await MemberDirectory.Read(tx.Connection!, request.Member, tx) is not { HasLeft: false })
                return (LinkCreditCardRefusal.MemberLeft, card);
            var mine = await LinkedCreditCards.Of(tx.Connection!, request.Member, tx);
            if (!await IdempotencyKeys.Take(tx, request.Key, clock.GetUtcNow()))
                return (LinkCreditCardRefusal.KeyReused, card);
            if (mine.FirstOrDefault(c => c.Card == card.Card) is { } already)
            {
                await IdempotencyKeys.Answer(tx, request.Key.Caller, request.Key.Key, already.Id.ToString());
                return (LinkCreditCardRefusal.None, already);
            }
            if (mine.Count >= programme.CreditCards.MostCards)
                return (await Forget(tx, request.Key, LinkCreditCardRefusal.OverLimit), card);
            if (!await LinkedCreditCards.Claim(tx, card))
                return (await Forget(tx, request.Key, LinkCreditCardRefusal.AlreadyLinked), card);
            var before = await tx.Connection!.ExecuteScalarAsync<long?>(
                "select max(removed_ms) from credit_card where card = @Card", new { card.Card }, tx);
            var counted = card with { CountsFromMs = Math.Max(card.CountsFromMs, before ?? 0) };
            await LinkedCreditCards.Insert(tx, counted);
            await IdempotencyKeys.Answer(tx, request.Key.Caller, request.Key.Key, counted.Id.ToString());
            return (LinkCreditCardRefusal.None, counted);
        }, ct);
        if (refusal == LinkCreditCardRefusal.KeyReused)
            return await Stored(request, ct) ?? refusal;
        return refusal == LinkCreditCardRefusal.None ? kept : refusal;
    }

    static async Task<LinkCreditCardRefusal> Forget(DbTransaction tx, IdempotencyKey key, LinkCreditCardRefusal refusal)
    {
        await tx.Connection!.ExecuteAsync("delete from idempotency_key where caller = @Caller and key = @Key", new { key.Caller, key.Key }, tx);
        return refusal;
    }

    async Task<Answer<CreditCard, LinkCreditCardRefusal>?> Stored(LinkCreditCardRequest request, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        if (await IdempotencyKeys.Find(connection, request.Key) is not { } found)
            return null;
        if (request.Key.IsSameRequest(found) && Id.TryParse(found.Answer, out CreditCardId id)
            && await LinkedCreditCards.Find(connection, id) is { } card && card.Member == request.Member)
            return ((Answer<CreditCard, LinkCreditCardRefusal>)card).AsReplay();
        return LinkCreditCardRefusal.KeyReused;
    }
}
