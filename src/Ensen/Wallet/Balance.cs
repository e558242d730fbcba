using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>Points that lapse together; <paramref name="ExpiresOn"/> is their last day.</summary>
public sealed record LotBalance(PointAmount Points, JapanDay ExpiresOn);

/// <summary>What a member holds and may still pay: yen, points, lots soonest first, caps.</summary>
/// <param name="LowCaps">Low caps that hold now; <see cref="Caps"/> and <see cref="Left"/> are under them.</param>
public sealed record WalletBalance(
    Yen Money, Yen Prepaid, IReadOnlyList<LotBalance> Lots, Caps Caps, LimitLeft Left, bool Frozen, LowCapsInForce? LowCaps = null)
{
    public Yen Balance => Money + Prepaid;
    public PointAmount Points => Lots.Sum(l => l.Points);
}

/// <summary>Reads a member's wallet.</summary>
public sealed class Balances(Database db, Programme programme, TimeProvider clock)
{
    public async Task<WalletBalance> Of(Payer member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var accounts = (await connection.QueryAsync<(short AccountType, int Term, long Balance)>(
            "select account_type, term, balance from account where owner = @MemberId and stripe = 0 and balance <> 0",
            new { member.MemberId })).AsList();
        var now = clock.GetUtcNow();
        var limit = (await SpendingLimits.Find(connection, member.MemberId, LimitKind.Pay)).At(now);
        var today = JapanDay.Of(now);
        var caps = member.Caps(programme);
        var inForce = await Restrictions.Of(connection, db.Catalogue, member.MemberId, now);
        var left = limit.Left(caps, today);
        var low = LowCaps.Of(inForce);
        if (low is not null)
        {
            var sent = await SpendingLimits.Find(connection, member.MemberId, LimitKind.Transfer);
            left = Outgoing.Lowered(left, limit, sent, today, programme.Payments.Low);
            caps = caps with
            {
                PerPayment = Math.Min(caps.PerPayment, programme.Payments.Low.PerPayment),
                PerDay = Math.Min(caps.PerDay, programme.Payments.Low.PerDay),
            };
        }
        return new WalletBalance(
            Of(AccountType.Money),
            Of(AccountType.Prepaid),
            [.. from a in accounts
                where a.AccountType == AccountType.Points.Number && a.Term >= today.Number
                orderby a.Term
                select new LotBalance(new PointAmount(a.Balance), JapanDay.FromNumber(a.Term))],
            new Caps(
                Math.Min(caps.PerPayment, limit.PerMovement ?? long.MaxValue),
                Math.Min(caps.PerDay, limit.PerDay ?? long.MaxValue),
                Math.Min(caps.PerMonth, limit.PerMonth ?? long.MaxValue)),
            left, inForce.Any(r => r.Kind == RestrictionKind.Frozen), low);

        Yen Of(AccountType accountType) => new(accounts.Where(a => a.AccountType == accountType.Number).Sum(a => a.Balance));
    }
}
