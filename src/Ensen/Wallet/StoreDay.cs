using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>What a store took on one business day: payments and refunds, each with its number and its yen (points count as yen).</summary>
public sealed record StoreTotal(long Payments, Yen PaidYen, long Refunds, Yen RefundedYen)
{
    /// <summary>What stays, yen.</summary>
    public Yen Yen => PaidYen - RefundedYen;
}

/// <summary>
/// A movement at a store's till: a payment, or the refund of one. <paramref name="RefundedYen"/>: what of a payment was given back that
/// day.
/// </summary>
public sealed record StoreMovement(
    EntryId EntryId, PaymentId PaymentId, bool IsRefund, Yen AmountYen, Yen Yen, PointAmount Points, Yen RefundedYen, DateTimeOffset At)
{
    /// <summary>The number on the customer's receipt: a refund goes by its payment's.</summary>
    public string ReceiptNumber => Wallet.ReceiptNumber.Of(PaymentId);

    /// <summary>pay_… or ref_…: what its own receipt is asked for by.</summary>
    public string Number => IsRefund ? new RefundId(EntryId).ToString() : new PaymentId(EntryId).ToString();
}

/// <summary>
/// Operators set right what a store's payment or refund did; <paramref name="Yen"/>: what that changed in what the store is owed.
/// </summary>
/// <param name="Number">What its own receipt is asked for by.</param>
public sealed record StoreCorrection(EntryId EntryId, string Number, Yen Yen, DateTimeOffset At);

/// <summary>A store's business day as its till shows it.</summary>
public sealed class StoreDay(Database db, TimeProvider clock)
{
    /// <summary>The business day of this moment.</summary>
    public JapanDay Today => JapanDay.Of(clock.GetUtcNow());

    /// <summary>Today's sums.</summary>
    public Task<StoreTotal> Total(StoreId store, CancellationToken ct = default) => Total(store, Today, ct);

    /// <summary>The sums of a day.</summary>
    public async Task<StoreTotal> Total(StoreId store, JapanDay day, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var (from, until) = (Id.First<EntryId>(day.Start), Id.First<EntryId>(day.Next.Start));
        var (payments, paid) = await connection.QuerySingleAsync<(long, Yen)>(
            """
            select count(*), cast(coalesce(sum(p.amount_yen), 0) as bigint)
            from posting g
            join payment p on p.entry_id = g.entry_id
            where g.owner = @store
              and g.entry_id >= @from
              and g.entry_id < @until
            """,
            new { store, from, until });
        var (refunds, refunded) = await connection.QuerySingleAsync<(long, Yen)>(
            """
            select count(*), cast(coalesce(sum(r.amount_yen), 0) as bigint)
            from posting g
            join refund r on r.entry_id = g.entry_id
            where g.owner = @store
              and g.entry_id >= @from
              and g.entry_id < @until
            """,
            new { store, from, until });
        return new StoreTotal(payments, paid, refunds, refunded);
    }

    /// <summary>Today's movements, newest first.</summary>
    public Task<IReadOnlyList<StoreMovement>> Movements(StoreId store, int limit, CancellationToken ct = default) =>
        Movements(store, Today, null, limit, ct);

    /// <summary>The movements of a day, newest first; only those before an entry where one is given.</summary>
    public async Task<IReadOnlyList<StoreMovement>> Movements(
        StoreId store, JapanDay day, EntryId? before, int limit, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var (from, end) = (Id.First<EntryId>(day.Start), Id.First<EntryId>(day.Next.Start));
        var until = before is { } entry && entry.Value < end ? entry : end;
        var payments = await Payments.OfStore(connection, store, from, until, limit);
        var refunds = await Payments.RefundsOfStore(connection, store, from, until, limit);
        // The refunds of a payment come after it.
        var back = payments is [.., var oldest] ? await Payments.GivenBack(connection, store, oldest.EntryId, end) : [];
        return [.. payments.Select(p => Of(p, back.GetValueOrDefault(p.EntryId)))
            .Concat(refunds.Select(Of))
            .OrderByDescending(m => m.EntryId)
            .Take(limit)];
    }

    /// <summary>
    /// One movement of a store, of whatever day, with all that was given back of it until now; null when it is not the store's.
    /// </summary>
    public async Task<StoreMovement?> One(StoreId store, EntryId entry, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        if (await Payments.Find(connection, new PaymentId(entry)) is { } payment)
            return payment.StoreId == store ? Of(payment, (await Payments.RefundedOf(connection, payment.EntryId)).AmountYen) : null;
        return await Payments.FindRefund(connection, new RefundId(entry)) is { } refund && refund.StoreId == store ? Of(refund) : null;
    }

    /// <summary>What set one of the store's movements right; null when nothing did, or nothing of it was the store's.</summary>
    public async Task<StoreCorrection?> CorrectionOf(StoreId store, EntryId entry, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        if (await Statement.CorrectionOf(connection, entry, store) is not { } id
            || await Statement.Head(connection, db.Catalogue, id) is not { } head)
            return null;
        var legs = await Statement.Legs(connection, db.Catalogue, store, id);
        return new StoreCorrection(
            id, Receipt.KnownAs(head.Kind, id), new Yen(legs.Where(l => l.AccountType.Unit == Unit.Yen).Sum(l => l.Amount)),
            DateTimeOffset.FromUnixTimeMilliseconds(head.AtMs));
    }

    /// <summary>The store's latest payment or refund, of whatever day.</summary>
    public async Task<StoreMovement?> Latest(StoreId store, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await Payments.OfStore(connection, store, null, null, 1)).Select(p => Of(p, Yen.Zero))
            .Concat((await Payments.RefundsOfStore(connection, store, null, null, 1)).Select(Of))
            .MaxBy(m => m.EntryId);
    }

    static StoreMovement Of(PaymentRow p, Yen back) =>
        new(p.EntryId, p.EntryId, false, p.AmountYen, p.Yen, p.Points, back, DateTimeOffset.FromUnixTimeMilliseconds(p.AtMs));

    static StoreMovement Of(RefundRow r) =>
        new(r.EntryId, r.PaymentId, true, r.AmountYen, r.Yen, r.Points, Yen.Zero, DateTimeOffset.FromUnixTimeMilliseconds(r.AtMs));
}
