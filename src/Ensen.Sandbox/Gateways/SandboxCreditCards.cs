using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Ensen.CreditCards;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Sandbox.Gateways;

/// <summary>A card of the sandbox's company, and a token to link it once.</summary>
public sealed record SandboxCreditCard(string Reference, string Brand, string LastFour, string LinkToken);

/// <summary>The sandbox's company of credit cards: it issues cards to whoever asks, and tokens for linking them.</summary>
public sealed class SandboxCreditCards : ICreditCardCompany
{
    const string Brand = "Ensen Card";

    readonly Database _db;
    readonly SandboxExchanges _exchanges;

    internal SandboxCreditCards(Database db, SandboxExchanges exchanges) => (_db, _exchanges) = (db, exchanges);

    /// <summary>A new card.</summary>
    public Task<SandboxCreditCard> Issue(CancellationToken ct = default) =>
        Issue("card_" + RandomNumberGenerator.GetHexString(20, lowercase: true), ct);

    /// <summary>Another token for the card of this reference: a new card, or the one that there is.</summary>
    public Task<SandboxCreditCard> Issue(string reference, CancellationToken ct = default) => _db.Transact(async tx =>
    {
        var (brand, lastFour) = await tx.Connection!.QuerySingleAsync<(string, string)>(
            """
            insert into sandbox_credit_card (reference, card, brand, last_four, made)
            values (@reference, @card, @Brand, @lastFour, coalesce((select max(made) from sandbox_credit_card), 0) + 1)
            on conflict (reference) do update set reference = excluded.reference
            returning brand, last_four
            """,
            new { reference, card = CardReference.Of(reference), Brand, lastFour = RandomNumberGenerator.GetString("0123456789", 4) }, tx);
        var token = "link_" + RandomNumberGenerator.GetHexString(32, lowercase: true);
        await tx.Connection!.ExecuteAsync(
            "insert into sandbox_link_token (token, reference) values (@token, @reference)", new { token, reference }, tx);
        return new SandboxCreditCard(reference, brand, lastFour, token);
    }, ct);

    /// <summary>The cards made last, each with its latest token that nobody used; without one its token is empty.</summary>
    public async Task<IReadOnlyList<SandboxCreditCard>> Latest(CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
        return (await connection.QueryAsync<SandboxCreditCard>(
            """
            select c.reference, c.brand, c.last_four,
              coalesce((select max(t.token) from sandbox_link_token t where t.reference = c.reference and t.request_id is null), '') as link_token
            from sandbox_credit_card c
            order by c.made desc
            limit 50
            """)).AsList();
    }

    /// <summary>The reference of a card that is named by it, by a token, or by its link to a member; null when there is none.</summary>
    public async Task<string?> Find(string id, CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
        var link = Basics.Id.TryParse(id, out CreditCardId parsed) ? parsed : default;
        return await connection.QueryFirstOrDefaultAsync<string?>(
            """
            select reference from sandbox_credit_card where reference = @id
            union all
            select reference from sandbox_link_token where token = @id
            union all
            select s.reference from sandbox_credit_card s join credit_card c on c.card = s.card where c.id = @link
            limit 1
            """, new { id, link });
    }

    public Task<CreditCardLinkReply> Link(CreditCardLinkOrder order, CancellationToken ct) => _db.Transact(async tx =>
    {
        var reply = await Answer(tx, order);
        await _exchanges.Note(tx, Gateway.CreditCard, order.RequestId, "link", reply.Reply.ToString());
        return reply;
    }, ct);

    static async Task<CreditCardLinkReply> Answer(DbTransaction tx, CreditCardLinkOrder order)
    {
        // Whoever comes first with a token has used it up; the row is theirs from here on, and the others see who that was.
        var there = await tx.Connection!.ExecuteAsync(
            "update sandbox_link_token set request_id = coalesce(request_id, @RequestId) where token = @LinkToken", order, tx);
        if (there == 0)
            return new CreditCardLinkReply(Reply.Refused("unknown_token"));
        var (reference, used) = await tx.Connection!.QuerySingleAsync<(string, Guid)>(
            "select reference, request_id from sandbox_link_token where token = @LinkToken", new { order.LinkToken }, tx);
        if (used != order.RequestId)
            return new CreditCardLinkReply(Reply.Refused("token_used"));
        var mode = (await SandboxFaults.Take(tx, Gateway.CreditCard)).FaultMode;
        if (mode == FaultMode.Refuse)
            return new CreditCardLinkReply(Reply.Refused("refused_by_company"));
        if (mode is not (FaultMode.Accept or FaultMode.Twice or FaultMode.CallbackFirst))
            return new CreditCardLinkReply(Reply.Unknown);
        var (brand, lastFour) = await tx.Connection!.QuerySingleAsync<(string, string)>(
            "select brand, last_four from sandbox_credit_card where reference = @reference", new { reference }, tx);
        return new CreditCardLinkReply(Reply.Accepted, new NamedCreditCard(reference, brand, lastFour));
    }
}
