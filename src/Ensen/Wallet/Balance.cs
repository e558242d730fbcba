using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>A lot that can be spent at some store; <see cref="ExpiresOn"/> is its last day.</summary>
public sealed record LotBalance(Lot Lot, PointAmount Points)
{
    public JapanDay ExpiresOn => Lot.LastDay!.Value;
}

/// <summary>What a member holds and may still pay: yen, points, lots soonest first, caps.</summary>
/// <param name="Lots">Those that pay at some store; which lots there are besides, <see cref="PointsHeld"/> knows.</param>
/// <param name="Uses">What the lots can be spent on.</param>
/// <param name="LowCaps">Low caps that hold now; <see cref="Caps"/> and <see cref="Left"/> are under them.</param>
public sealed record WalletBalance(
    Yen Money, Yen Prepaid, IReadOnlyList<LotBalance> Lots, PointUseTable Uses, Caps Caps, LimitLeft Left, bool Frozen,
    LowCapsInForce? LowCaps = null)
{
    public Yen Balance => Money + Prepaid;

    /// <summary>What can be spent in payments somewhere.</summary>
    public PointAmount Points => Lots.Sum(l => l.Points);

    /// <summary>The same wallet as it is at one store: only the points that it takes.</summary>
    public WalletBalance At(StoreId store) =>
        this with { Lots = [.. Lots.Where(l => Uses.Allows(l.Lot, SpendingPlace.Store(store)))] };
}

/// <summary>Reads a member's wallet.</summary>
public sealed class Balances(Database db, Programme programme, TimeProvider clock, PointUses uses)
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
            var used = new List<SpendingLimit>();
            foreach (var kind in Outgoing.Kinds)
                used.Add(await SpendingLimits.Find(connection, member.MemberId, kind));
            left = Outgoing.Lowered(left, used, today, programme.Payments.Low);
            caps = caps with
            {
                PerPayment = Math.Min(caps.PerPayment, programme.Payments.Low.PerPayment),
                PerDay = Math.Min(caps.PerDay, programme.Payments.Low.PerDay),
            };
        }
        var lots = Lots.Of(accounts.Select(a => (db.Catalogue.Numbered<AccountType>(a.AccountType), a.Term, a.Balance)));
        var known = await uses.For(lots.Select(l => l.Lot), ct);
        return new WalletBalance(
            Of(AccountType.Money),
            Of(AccountType.Prepaid),
            [.. from part in lots
                where part.Lot.LivesOn(today) && known.IsForPayments(part.Lot)
                select new LotBalance(part.Lot, part.Points)],
            known,
            new Caps(
                Math.Min(caps.PerPayment, limit.PerMovement ?? long.MaxValue),
                Math.Min(caps.PerDay, limit.PerDay ?? long.MaxValue),
                Math.Min(caps.PerMonth, limit.PerMonth ?? long.MaxValue)),
            left, inForce.Any(r => r.Kind == RestrictionKind.Frozen), low);

        Yen Of(AccountType accountType) => new(accounts.Where(a => a.AccountType == accountType.Number).Sum(a => a.Balance));
    }
}
