using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;

namespace Ensen.Transit;

/// <summary>Points that were put on a card: which card, and where that stands.</summary>
public sealed record TransitCardCharge(EntryId EntryId, string Masked, PointAmount Points, TransitChargeState State, DateTimeOffset At);

/// <summary>Reads a member's transit cards, for their pages and programs.</summary>
public sealed class OwnTransitCards(Database db)
{
    /// <summary>Those that are linked, and those whose registration lapsed; the latest first.</summary>
    public async Task<IReadOnlyList<TransitCard>> Of(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return [.. (await TransitCards.Links.Ever(connection, member)).Where(c => c.RemovedMs is null || c.Lapsed)];
    }

    /// <summary>The latest charges of any card of the member's, newest first.</summary>
    public async Task<IReadOnlyList<TransitCardCharge>> Charges(MemberId member, int limit, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var rows = await TransitCharges.Latest(connection, member, limit);
        var cards = rows.Count == 0 ? [] : await TransitCards.Links.Ever(connection, member);
        return [.. rows.Select(r => new TransitCardCharge(
            r.EntryId, cards.FirstOrDefault(c => c.Id == r.TransitCard)?.Masked ?? "", r.Points, r.State,
            DateTimeOffset.FromUnixTimeMilliseconds(r.AtMs)))];
    }

    /// <summary>What the member can put on a card: charge-only points, and basic ones that have not lapsed.</summary>
    public async Task<(PointAmount ChargeOnly, PointAmount Basic)> Chargeable(MemberId member, JapanDay today,
        CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (new PointAmount(await Accounts.Sum(connection, member, [AccountType.ChargeOnlyPoints])), new PointAmount(
            await connection.ExecuteScalarAsync<long>(
                """
                select cast(coalesce(sum(balance), 0) as bigint)
                from account
                where owner = @member and account_type = @basic and term >= @today
                """, new { member, basic = AccountType.Points.Number, today = today.Number })));
    }
}
