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
public sealed record WalletBalance(Yen Money, Yen Prepaid, IReadOnlyList<LotBalance> Lots, Caps Caps, LimitLeft Left, bool Frozen)
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
        var caps = programme.Payments.CapsOf(member.Verified);
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
            limit.Left(caps, today),
            await Restrictions.Holds(connection, member.MemberId, RestrictionKind.Frozen, now));

        Yen Of(AccountType accountType) => new(accounts.Where(a => a.AccountType == accountType.Number).Sum(a => a.Balance));
    }
}
