using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Points;

/// <summary>All points of a member that are alive, soonest to lapse first, whatever they can be spent on, and what that is.</summary>
/// <param name="Pending">What cannot be spent yet, by the day from which it can; the first day first.</param>
public sealed record HeldPoints(IReadOnlyList<LotPart> Lots, PointUseTable Uses, IReadOnlyList<PendingPart> Pending)
{
    public PointAmount Total => Points.Lots.Total(Lots);

    /// <summary>What can be spent on at least one of these.</summary>
    public PointAmount For(params IReadOnlyCollection<SpendingPlace> places) =>
        Points.Lots.Total(Lots.Where(l => places.Any(p => Uses.Allows(l.Lot, p))));

    /// <summary>What can be spent in payments somewhere.</summary>
    public PointAmount Usable => Points.Lots.Total(Lots.Where(l => Uses.IsForPayments(l.Lot)));
}

/// <summary>Points that a member can spend from a day on.</summary>
public readonly record struct PendingPart(JapanDay From, PointAmount Points);

/// <summary>Reads which points a member holds.</summary>
public sealed class PointsHeld(Database db, PointUses uses, TimeProvider clock)
{
    public async Task<HeldPoints> Of(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var accounts = (await connection.QueryAsync<(short AccountType, int Term, long Balance)>(
            $"""
            select account_type, term, balance
            from account
            where owner = @member
              and account_type in ({string.Join(", ", Lots.Types.Append(AccountType.PendingPoints).Select(t => t.Number))})
              and stripe = 0
              and balance > 0
            """,
            new { member })).AsList();
        var today = JapanDay.Of(clock.GetUtcNow());
        var lots = Lots.Of(accounts.Select(a => (db.Catalogue.Numbered<AccountType>(a.AccountType), a.Term, a.Balance)))
            .Where(l => l.Lot.LivesOn(today)).ToList();
        return new HeldPoints(lots, await uses.For(lots.Select(l => l.Lot), ct), [..
            from account in accounts
            where account.AccountType == AccountType.PendingPoints.Number
            orderby account.Term
            select new PendingPart(JapanDay.FromNumber(account.Term), new PointAmount(account.Balance))]);
    }
}
