using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Sandbox.Gateways;

/// <summary>A card that the sandbox's transit company issued. <paramref name="Proof"/> is printed on it, or shown by its
/// telephone.</summary>
public sealed record SandboxTransitCard(string Number, string Proof, TransitCardForm Form);

/// <summary>The sandbox's transit company: it issues cards to whoever asks, knows whose they are, and puts value on them.</summary>
public sealed class SandboxTransit : ITransitCompany
{
    const string Prefix = "JW";

    readonly SandboxRequests _requests;
    readonly Database _db;
    readonly SandboxExchanges _exchanges;

    internal SandboxTransit(SandboxRequests requests, Database db, SandboxExchanges exchanges) =>
        (_requests, _db, _exchanges) = (requests, db, exchanges);

    /// <summary>A new card.</summary>
    public Task<SandboxTransitCard> Issue(TransitCardForm form, CancellationToken ct = default) =>
        Issue(Prefix + RandomNumberGenerator.GetString("0123456789", 15), form, ct);

    /// <summary>The card with this number: a new one, or the one that there is.</summary>
    public Task<SandboxTransitCard> Issue(string number, TransitCardForm form, CancellationToken ct = default) => _db.Transact(async tx =>
    {
        var (proof, kept) = await tx.Connection!.QuerySingleAsync<(string, long)>(
            """
            insert into sandbox_transit_card (number, proof, form)
            values (@number, @proof, @form)
            on conflict (number) do update set number = excluded.number
            returning proof, form
            """,
            new { number, proof = RandomNumberGenerator.GetString("0123456789", 6), form = (long)form }, tx);
        return new SandboxTransitCard(number, proof, (TransitCardForm)kept);
    }, ct);

    public Task<TransitLinkReply> Link(TransitLinkOrder order, CancellationToken ct) => _db.Transact(async tx =>
    {
        var (number, proof, form) = await tx.Connection!.QuerySingleOrDefaultAsync<(string?, string?, long)>(
            "select number, proof, form from sandbox_transit_card where number = @Number", new { order.Number }, tx);
        var reply = number is null || proof != order.Proof ? Reply.Refused("not_the_holder")
            : (await SandboxFaults.Take(tx, Gateway.Transit)).FaultMode switch
            {
                FaultMode.Refuse => Reply.Refused("refused_by_company"),
                FaultMode.Accept or FaultMode.Twice or FaultMode.CallbackFirst => Reply.Accepted,
                _ => Reply.Unknown,
            };
        await _exchanges.Note(tx, Gateway.Transit, order.RequestId, $"link ****{order.Number[^4..]}", reply.ToString());
        return new TransitLinkReply(reply, reply.Kind == ReplyKind.Accepted ? TokenOf(order.Number) : null, (TransitCardForm)form);
    }, ct);

    public Task<Reply> Charge(TransitLoad load, CancellationToken ct) =>
        _requests.Receive(load.RequestId, load.CardToken, load.Amount, load.Amount <= Yen.Zero ? "invalid_amount" : null, ct);

    public Task<Reply> Ask(Guid requestId, CancellationToken ct) => _requests.Ask(requestId, ct);

    public void WhenNews(NewsOfRequest hear) => _requests.WhenNews(hear);

    /// <summary>All that was ever put on cards.</summary>
    public Task<Yen> Loaded(CancellationToken ct = default) => _requests.Accepted(ct);

    static string TokenOf(string number) =>
        "transit_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(number)))[..24];
}
