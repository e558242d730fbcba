using System.Security.Cryptography;
using System.Text;
using Ensen.Basics;
using Ensen.Cards;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.CreditCards;

/// <summary>A member who wants to link a credit card, by what its company gave them for that.</summary>
public sealed record LinkCreditCardRequest(MemberId Member, string? LinkToken, IdempotencyKey Key);

/// <summary>
/// Links a credit card by a token that its company made for this once; one card, one account. The company is asked under an id that is made
/// of member and token, so whoever lost the answer asks again, and whoever else has the token is told that it is used.
/// The purchases of the month in which it is linked count, as far as nobody else had it linked.
/// </summary>
public sealed class LinkCreditCard(
    LinkCard<CreditCard, CreditCardId> links, ExternalGateways outside, Programme programme, TimeProvider clock)
{
    const int LongestToken = 128;
    const int LongestBrand = 20;
    const string Used = "token_used";

    public async Task<Answer<CreditCard, LinkCardRefusal>> Run(LinkCreditCardRequest request, CancellationToken ct = default)
    {
        if (await links.Stored(request.Member, request.Key, ct) is { } stored)
            return stored;
        if (Decide(request.LinkToken, outside.Has(Gateway.CreditCard)) is not LinkCardRefusal.None and var refusal)
            return refusal;
        if (!await links.Try(request.Member, ct))
            return LinkCardRefusal.TooManyRequests;

        var token = request.LinkToken!.Trim();
        var reply = await outside.CreditCard.Link(new CreditCardLinkOrder(RequestOf(request.Member, token), token), ct);
        if (reply.Reply.Kind == ReplyKind.Refused)
            return reply.Reply.Reason == Used ? LinkCardRefusal.AlreadyLinked : LinkCardRefusal.CardRefused;
        if (reply is not { Reply.Kind: ReplyKind.Accepted, Card: { } named })
            return LinkCardRefusal.TryAgain;
        // A company that names a card by its number, or tells more than four digits of it, is not heard.
        if (!CardReference.IsOne(Encoding.UTF8.GetBytes(named.Reference)) || named.LastFour is not { Length: 4 }
            || !named.LastFour.All(char.IsAsciiDigit) || named.Brand is not { Length: > 0 and <= LongestBrand })
            return LinkCardRefusal.CardRefused;
        var now = clock.Now();
        var month = new JapanDay(new DateOnly(JapanDay.Of(now).Date.Year, JapanDay.Of(now).Date.Month, 1));
        var linked = new CreditCard(
            Id.New<CreditCardId>(now, request.Member), request.Member, CardReference.Of(named.Reference), named.LastFour,
            now.ToUnixTimeMilliseconds(), month.Start.ToUnixTimeMilliseconds(), null, named.Brand);
        return await links.Keep(linked, request.Key, programme.CreditCards.MostCards, ct);
    }

    /// <summary>The checks before anybody outside is asked, in the order of the refusals.</summary>
    internal static LinkCardRefusal Decide(string? token, bool isSetUp)
    {
        if (token?.Trim() is not { Length: > 0 and <= LongestToken } read) return LinkCardRefusal.InvalidRequest;
        if (read.Any(c => c is <= ' ' or > '~') || CardReference.IsCardNumber(Encoding.ASCII.GetBytes(read)))
            return LinkCardRefusal.InvalidRequest;
        return isSetUp ? LinkCardRefusal.None : LinkCardRefusal.NotAvailable;
    }

    internal static Guid RequestOf(MemberId member, string token) =>
        new(SHA256.HashData([.. member.Value.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(token)]).AsSpan(0, 16),
            bigEndian: true);
}
