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

    /// <summary>A store's payments, newest first; only those before the given one.</summary>
    public static async Task<IReadOnlyList<PaymentRow>> OfStore(DbConnection connection, Guid storeId, Guid? after, Guid? before, int limit) =>
        (await connection.QueryAsync<PaymentRow>(
            """
            select entry_id, member_id, store_id, at_ms, amount_yen, points, points_earned, way, order_id
            from payment
            where store_id = @storeId
              and entry_id > @after
              and entry_id < @before
            order by entry_id desc
            limit @limit
            """,
            new { storeId, after = after ?? Guid.Empty, before = before ?? Guid.AllBitsSet, limit })).AsList();

    /// <summary>A store's refunds, newest first; only those between the given entries.</summary>
    public static async Task<IReadOnlyList<RefundRow>> RefundsOfStore(DbConnection connection, Guid storeId, Guid? after, Guid? before, int limit) =>
        (await connection.QueryAsync<RefundRow>(
            """
            select payment_id, number, entry_id, member_id, store_id, at_ms, amount_yen, yen, points, points_taken_back, reason
            from refund
            where store_id = @storeId
              and entry_id > @after
              and entry_id < @before
            order by entry_id desc
            limit @limit
            """,
            new { storeId, after = after ?? Guid.Empty, before = before ?? Guid.AllBitsSet, limit })).AsList();
}
