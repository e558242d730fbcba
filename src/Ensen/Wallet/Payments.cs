using System.Data.Common;
using Dapper;

namespace Ensen.Wallet;

/// <summary>Reading payments and their refunds.</summary>
public static class Payments
{
    /// <summary>Into so many parts a payment can be refunded.</summary>
    public const int MostRefunds = 1_000;

    public static Task<PaymentRow?> Find(DbConnection connection, Guid paymentId) =>
        connection.QuerySingleOrDefaultAsync<PaymentRow?>(
            """
            select entry_id, member_id, store_id, at_ms, amount_yen, points, points_earned, way, order_id
            from payment
            where entry_id = @paymentId
            """,
            new { paymentId });

    /// <summary>A store's payment for an order of its own; null when there is none.</summary>
    public static Task<PaymentRow?> FindByOrder(DbConnection connection, Guid storeId, string orderId) =>
        connection.QuerySingleOrDefaultAsync<PaymentRow?>(
            """
            select entry_id, member_id, store_id, at_ms, amount_yen, points, points_earned, way, order_id
            from payment
            where store_id = @storeId
              and order_id = @orderId
            """,
            new { storeId, orderId });

    public static async Task<IReadOnlyList<RefundRow>> RefundsOf(DbConnection connection, Guid paymentId) =>
        (await connection.QueryAsync<RefundRow>(
            """
            select payment_id, number, entry_id, member_id, store_id, at_ms, amount_yen, yen, points, points_taken_back, reason
            from refund
            where payment_id = @paymentId
            order by number
            limit @MostRefunds
            """,
            new { paymentId, MostRefunds })).AsList();

    /// <summary>A store's payments, newest first; only those between the given entries. The store's postings are the index.</summary>
    public static async Task<IReadOnlyList<PaymentRow>> OfStore(DbConnection connection, Guid storeId, Guid? after, Guid? before, int limit) =>
        (await connection.QueryAsync<PaymentRow>(
            """
            select p.entry_id, p.member_id, p.store_id, p.at_ms, p.amount_yen, p.points, p.points_earned, p.way, p.order_id
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
    public static async Task<IReadOnlyList<RefundRow>> RefundsOfStore(DbConnection connection, Guid storeId, Guid? after, Guid? before, int limit) =>
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

    /// <summary>The store's entries after one, the oldest first.</summary>
    public static async Task<IReadOnlyList<Guid>> EntriesOfStore(DbConnection connection, Guid storeId, Guid after, int limit) =>
        (await connection.QueryAsync<Guid>(
            """
            select distinct entry_id
            from posting
            where owner = @storeId
              and entry_id > @after
            order by entry_id
            limit @limit
            """,
            new { storeId, after, limit })).AsList();

    /// <summary>A store's payments after one entry up to another, that one included.</summary>
    public static async Task<IReadOnlyList<PaymentRow>> OfStoreBetween(DbConnection connection, Guid storeId, Guid after, Guid last, int limit) =>
        (await connection.QueryAsync<PaymentRow>(
            """
            select p.entry_id, p.member_id, p.store_id, p.at_ms, p.amount_yen, p.points, p.points_earned, p.way, p.order_id
            from posting g
            join payment p on p.entry_id = g.entry_id
            where g.owner = @storeId
              and g.entry_id > @after
              and g.entry_id <= @last
            order by g.entry_id
            limit @limit
            """,
            new { storeId, after, last, limit })).AsList();

    /// <summary>A store's refunds after one entry up to another, that one included.</summary>
    public static async Task<IReadOnlyList<RefundRow>> RefundsOfStoreBetween(DbConnection connection, Guid storeId, Guid after, Guid last, int limit) =>
        (await connection.QueryAsync<RefundRow>(
            """
            select r.payment_id, r.number, r.entry_id, r.member_id, r.store_id, r.at_ms, r.amount_yen, r.yen, r.points, r.points_taken_back, r.reason
            from posting g
            join refund r on r.entry_id = g.entry_id
            where g.owner = @storeId
              and g.entry_id > @after
              and g.entry_id <= @last
            order by g.entry_id
            limit @limit
            """,
            new { storeId, after, last, limit })).AsList();
}
