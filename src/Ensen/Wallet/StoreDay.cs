using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>What a store took on one business day: payments and refunds, each with its number and its yen (points count as yen).</summary>
public sealed record StoreTotal(long Payments, long PaidYen, long Refunds, long RefundedYen)
{
    /// <summary>What stays, yen.</summary>
    public long Yen => PaidYen - RefundedYen;
}

/// <summary>A movement at a store's till: a payment, or the refund of one. <paramref name="RefundedYen"/>: what of a payment was given back that day.</summary>
public sealed record StoreMovement(Guid EntryId, Guid PaymentId, bool IsRefund, long AmountYen, long Yen, long Points, long RefundedYen, DateTimeOffset At)
{
    /// <summary>The number on the customer's receipt: a refund goes by its payment's.</summary>
    public string ReceiptNumber => Wallet.ReceiptNumber.Of(PaymentId);
}

/// <summary>A store's business day as its till shows it.</summary>
public sealed class StoreDay(Database db, TimeProvider clock)
{
    const int MostRead = 500;

    /// <summary>Today's sums.</summary>
    public async Task<StoreTotal> Total(Guid store, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var from = Id.First(BusinessDay.Of(clock.GetUtcNow()).Start);
        var (payments, paid) = await connection.QuerySingleAsync<(long, long)>(
            """
            select count(*), cast(coalesce(sum(p.amount_yen), 0) as bigint)
            from posting g
            join payment p on p.entry_id = g.entry_id
            where g.owner = @store
              and g.entry_id >= @from
            """,
            new { store, from });
        var (refunds, refunded) = await connection.QuerySingleAsync<(long, long)>(
            """
            select count(*), cast(coalesce(sum(r.amount_yen), 0) as bigint)
            from posting g
            join refund r on r.entry_id = g.entry_id
            where g.owner = @store
              and g.entry_id >= @from
            """,
            new { store, from });
        return new StoreTotal(payments, paid, refunds, refunded);
    }

    /// <summary>Today's movements, newest first.</summary>
    public async Task<IReadOnlyList<StoreMovement>> Movements(Guid store, int limit, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var from = Id.First(BusinessDay.Of(clock.GetUtcNow()).Start);
        var payments = await Payments.OfStore(connection, store, from, null, limit);
        // The refunds of a payment come after it, so those of the listed ones are among these.
        var refunds = await Payments.RefundsOfStore(connection, store, from, null, MostRead);
        var back = refunds.GroupBy(r => r.PaymentId).ToDictionary(r => r.Key, r => r.Sum(x => x.AmountYen));
        return [.. payments.Select(p => Of(p, back.GetValueOrDefault(p.EntryId)))
            .Concat(refunds.Select(Of))
            .OrderByDescending(m => m.EntryId)
            .Take(limit)];
    }

    /// <summary>The store's latest payment or refund, of whatever day.</summary>
    public async Task<StoreMovement?> Latest(Guid store, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await Payments.OfStore(connection, store, null, null, 1)).Select(p => Of(p, 0))
            .Concat((await Payments.RefundsOfStore(connection, store, null, null, 1)).Select(Of))
            .MaxBy(m => m.EntryId);
    }

    static StoreMovement Of(PaymentRow p, long back) =>
        new(p.EntryId, p.EntryId, false, p.AmountYen, p.Yen, p.Points, back, DateTimeOffset.FromUnixTimeMilliseconds(p.AtMs));

    static StoreMovement Of(RefundRow r) =>
        new(r.EntryId, r.PaymentId, true, r.AmountYen, r.Yen, r.Points, 0, DateTimeOffset.FromUnixTimeMilliseconds(r.AtMs));
}
