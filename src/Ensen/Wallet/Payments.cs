using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;

namespace Ensen.Wallet;

/// <summary>Reading payments and their refunds.</summary>
public static class Payments
{
    /// <summary>So many refunds of one payment are listed; there may be more.</summary>
    public const int MostListed = 1_000;

    public static Task<PaymentRow?> Find(DbConnection connection, PaymentId paymentId) =>
        connection.QuerySingleOrDefaultAsync<PaymentRow?>(
            """
            select entry_id, member_id, store_id, at_ms, amount_yen, points, points_earned, way, till_id, order_id
            from payment
            where entry_id = @paymentId
            """,
            new { paymentId });

    /// <summary>A store's payment for an order of its own; null when there is none.</summary>
    public static Task<PaymentRow?> FindByOrder(DbConnection connection, StoreId storeId, string orderId) =>
        connection.QuerySingleOrDefaultAsync<PaymentRow?>(
            """
            select entry_id, member_id, store_id, at_ms, amount_yen, points, points_earned, way, till_id, order_id
            from payment
            where store_id = @storeId
              and order_id = @orderId
            """,
            new { storeId, orderId });

    /// <summary>The latest refunds of a payment, the oldest of them first.</summary>
    public static async Task<IReadOnlyList<RefundRow>> RefundsOf(DbConnection connection, PaymentId paymentId) =>
        [.. (await connection.QueryAsync<RefundRow>(
            """
            select payment_id, number, entry_id, member_id, store_id, at_ms, amount_yen, yen, points, points_taken_back, reason
            from refund
            where payment_id = @paymentId
            order by number desc
            limit @MostListed
            """,
            new { paymentId, MostListed })).Reverse()];

    /// <summary>All refunds of a payment together, however many there are.</summary>
    public static Task<RefundTotal> RefundedOf(DbConnection connection, PaymentId paymentId) =>
        connection.QuerySingleAsync<RefundTotal>(
            """
            select
              cast(coalesce(max(number), 0) as bigint) as refunds,
              cast(coalesce(sum(amount_yen), 0) as bigint) as amount_yen,
              cast(coalesce(sum(yen), 0) as bigint) as yen,
              cast(coalesce(sum(points), 0) as bigint) as points,
              cast(coalesce(sum(points_taken_back), 0) as bigint) as points_taken_back
            from refund
            where payment_id = @paymentId
            """,
            new { paymentId });

    /// <summary>One refund; null when the entry is none.</summary>
    public static Task<RefundRow?> FindRefund(DbConnection connection, RefundId refundId) =>
        connection.QuerySingleOrDefaultAsync<RefundRow?>(
            """
            select payment_id, number, entry_id, member_id, store_id, at_ms, amount_yen, yen, points, points_taken_back, reason
            from refund
            where entry_id = @refundId
            """,
            new { refundId });

    /// <summary>A store's payments, newest first; only those between the given entries. The store's postings are the index.</summary>
    public static async Task<IReadOnlyList<PaymentRow>> OfStore(
        DbConnection connection, StoreId storeId, EntryId? after, EntryId? before, int limit) =>
        (await connection.QueryAsync<PaymentRow>(
            """
            select p.entry_id, p.member_id, p.store_id, p.at_ms, p.amount_yen, p.points, p.points_earned, p.way, p.till_id, p.order_id
            from posting g
            join payment p on p.entry_id = g.entry_id
            where g.owner = @storeId
              and g.entry_id > @after
              and g.entry_id < @before
            order by g.entry_id desc
            limit @limit
            """,
            new { storeId, after = after ?? Guid.Empty, before = before ?? Guid.AllBitsSet, limit })).AsList();

    /// <summary>A store's refunds, newest first; only those between the given entries.</summary>
    public static async Task<IReadOnlyList<RefundRow>> RefundsOfStore(
        DbConnection connection, StoreId storeId, EntryId? after, EntryId? before, int limit) =>
        (await connection.QueryAsync<RefundRow>(
            """
            select r.payment_id, r.number, r.entry_id, r.member_id, r.store_id, r.at_ms, r.amount_yen, r.yen, r.points, r.points_taken_back, r.reason
            from posting g
            join refund r on r.entry_id = g.entry_id
            where g.owner = @storeId
              and g.entry_id > @after
              and g.entry_id < @before
            order by g.entry_id desc
            limit @limit
            """,
            new { storeId, after = after ?? Guid.Empty, before = before ?? Guid.AllBitsSet, limit })).AsList();

    /// <summary>What a store gave back between two entries, yen by payment.</summary>
    public static async Task<Dictionary<PaymentId, Yen>> GivenBack(DbConnection connection, StoreId storeId, Guid after, Guid before) =>
        (await connection.QueryAsync<(PaymentId PaymentId, Yen Yen)>(
            """
            select r.payment_id, cast(sum(r.amount_yen) as bigint)
            from posting g
            join refund r on r.entry_id = g.entry_id
            where g.owner = @storeId
              and g.entry_id > @after
              and g.entry_id < @before
            group by r.payment_id
            """,
            new { storeId, after, before })).ToDictionary(r => r.PaymentId, r => r.Yen);

    /// <summary>What happened at a store after one entry, the oldest first: a payment, a refund, or neither.</summary>
    public static async Task<IReadOnlyList<StoreNews>> NewsOfStore(DbConnection connection, StoreId storeId, Guid after, int limit) =>
        (await connection.QueryAsync<StoreNews>(
            """
            select n.entry_id, p.entry_id as payment_id, p.at_ms, p.amount_yen, p.points, p.order_id,
              r.payment_id as refund_of, r.at_ms as refund_ms, r.amount_yen as refund_amount, r.yen as refund_yen, r.points as refund_points
            from (
              select distinct entry_id
              from posting
              where owner = @storeId
                and entry_id > @after
              order by entry_id
              limit @limit
            ) n
            left join payment p on p.entry_id = n.entry_id
            left join refund r on r.entry_id = n.entry_id
            order by n.entry_id
            """,
            new { storeId, after, limit })).AsList();
}

/// <summary>One entry at a store, for its live screens; amounts in yen and points.</summary>
public sealed record StoreNews(
    EntryId EntryId, PaymentId? PaymentId, long? AtMs, Yen? AmountYen, PointAmount? Points, string? OrderId,
    PaymentId? RefundOf, long? RefundMs, Yen? RefundAmount, Yen? RefundYen, PointAmount? RefundPoints);

/// <summary>
/// What was given back of a payment so far: in how many refunds, over how much of its amount, in yen and points, and what was taken back of
/// the points it earned.
/// </summary>
public sealed record RefundTotal(long Refunds, Yen AmountYen, Yen Yen, PointAmount Points, PointAmount PointsTakenBack)
{
    /// <summary>Of what was paid in yen, also the part that was withheld for points that were spent already.</summary>
    public Yen OfYenPart => AmountYen - Points.WorthInPayments;
}
