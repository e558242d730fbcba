using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Ensen.Centres;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Sandbox.Gateways;

/// <summary>A card of a pretended issuer, as it was made.</summary>
public sealed record SandboxPointCard(string Number, string? Pin);

/// <summary>
/// Issuers of point cards to play with: one with a PIN and a check digit, one without a PIN, one with a long PIN. They answer late when
/// told to: what they were asked is done, and nobody hears of it.
/// </summary>
public sealed class SandboxPointCards(Database db) : IPointCardIssuers
{
    public IReadOnlyList<PointCardIssuer> All { get; } =
    [
        new("umeda", "うめだポイント", "Umeda Points", "41", 10, 4, HasCheckDigit: true),
        new("tennoji", "てんのうじカード", "Tennoji Card", "52", 11, 0, HasCheckDigit: true),
        new("namba", "なんばクラブ", "Namba Club", "63", 9, 6, HasCheckDigit: false),
    ];

    /// <summary>Makes a card; null where there is no such issuer, or the PIN is none of its.</summary>
    public async Task<SandboxPointCard?> Make(
        string issuerCode, string? ownerKana, string? pin, long points, string state, CancellationToken ct = default)
    {
        if (All.FirstOrDefault(i => i.Code == issuerCode) is not { } issuer || pin is not null && pin.Length != issuer.PinLength
            || state is not ("existing" or "new" or "lapsed") || points is < 0 or > 1_000_000)
            return null;
        var own = issuer.PinLength == 0 ? null : pin ?? RandomNumberGenerator.GetString("0123456789", issuer.PinLength);
        var number = Number(issuer);
        await db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            insert into sandbox_point_card (number, issuer, pin, owner_kana, points, state, silent)
            values (@number, @issuerCode, @own, @ownerKana, @points, @state, 0)
            """, new { number, issuerCode, own, ownerKana, points, state }, tx), ct);
        return new SandboxPointCard(number, own);
    }

    /// <summary>Something happens to a card out there; false where there is no such card or event.</summary>
    public Task<bool> Event(string number, string what, CancellationToken ct = default) => db.Transact(async tx =>
    {
        if (await Find(tx, number) is not { } card)
            return false;
        switch (what)
        {
            case "reissued":
                var other = Number(All.First(i => i.Code == card.Issuer));
                await tx.Connection!.ExecuteAsync(
                    """
                    insert into sandbox_point_card (number, issuer, pin, owner_kana, points, state, silent, closed_by)
                    select @other, issuer, pin, owner_kana, points, state, silent, closed_by from sandbox_point_card where number = @number
                    """, new { other, number }, tx);
                await Set(tx, number, "reissued_as = @value, points = 0", other);
                return true;
            case "lapsed":
                await Set(tx, number, "state = @value", "lapsed");
                return true;
            case "silent":
                await Set(tx, number, "silent = silent + @value", 1);
                return true;
            default:
                return false;
        }
    }, ct);

    public Task<PointCardFinding?> Look(string issuer, string number, string? pin, CancellationToken ct) => db.Transact(async tx =>
        await Find(tx, number) is not { } card || card.Issuer != issuer || card.Pin != pin || card.ReissuedAs is not null
            ? PointCardFinding.NotConfirmed
            : await Answers(tx, card) ? Found(card) : null, ct);

    public Task<PointCardFinding?> Reload(string issuer, string number, CancellationToken ct) => db.Transact(async tx =>
    {
        var (card, latest) = (await Find(tx, number), (string?)null);
        while (card?.ReissuedAs is { } next)
            (card, latest) = (await Find(tx, next), next);
        return card is null ? null : await Answers(tx, card) ? Found(card) with { ReissuedAs = latest } : (PointCardFinding?)null;
    }, ct);

    public Task<PointCardClosing> Close(Guid requestId, string issuer, string number, CancellationToken ct) => db.Transact(async tx =>
    {
        var card = await Find(tx, number);
        while (card?.ReissuedAs is { } next)
            card = await Find(tx, next);
        if (card is null || card.State == "lapsed" || card.ClosedBy is { } other && other != requestId)
            return new PointCardClosing(Reply.Refused("not_confirmed"));
        await tx.Connection!.ExecuteAsync(
            "update sandbox_point_card set closed_by = @requestId where number = @Number", new { requestId, card.Number }, tx);
        return await Answers(tx, card) ? new PointCardClosing(Reply.Accepted, card.Points) : new PointCardClosing(Reply.Unknown);
    }, ct);

    static PointCardFinding Found(Row card) => new(
        card.State == "lapsed" ? PointCardStanding.Lapsed : PointCardStanding.InForce, card.State == "existing", card.OwnerKana);

    /// <summary>Whether the answer arrives; a silence is used up.</summary>
    static async Task<bool> Answers(DbTransaction tx, Row card)
    {
        if (card.Silent == 0)
            return true;
        await Set(tx, card.Number, "silent = silent - @value", 1);
        return false;
    }

    static Task<Row?> Find(DbTransaction tx, string number) => tx.Connection!.QuerySingleOrDefaultAsync<Row?>(
        """
        select number, issuer, pin, owner_kana, points, state, reissued_as, silent, closed_by
        from sandbox_point_card
        where number = @number
        """, new { number }, tx);

    static Task Set(DbTransaction tx, string number, string set, object value) => tx.Connection!.ExecuteAsync(
        $"update sandbox_point_card set {set} where number = @number", new { number, value }, tx);

    static string Number(PointCardIssuer issuer)
    {
        var digits = issuer.Beginning + RandomNumberGenerator.GetString(
            "0123456789", issuer.NumberLength - issuer.Beginning.Length - (issuer.HasCheckDigit ? 1 : 0));
        return issuer.HasCheckDigit ? digits + Luhn.DigitOf(digits) : digits;
    }

    sealed record Row(
        string Number, string Issuer, string? Pin, string? OwnerKana, long Points, string State, string? ReissuedAs, int Silent,
        Guid? ClosedBy);
}
