using Dapper;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>What was given back of a payment: its latest refunds, the oldest of them first, and all of them together.</summary>
public sealed record PaymentRefunds(IReadOnlyList<RefundRow> Latest, RefundTotal Total);

/// <summary>
/// Payments for those they belong to: the member who paid, the store that took, its merchant. Somebody else's are not found.
/// </summary>
public sealed class OwnPayments(Database db)
{
    public async Task<PaymentRow?> OfMember(MemberId member, PaymentId payment, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<PaymentRow?>(
            """
            select entry_id, member_id, store_id, at_ms, amount_yen, points, points_earned, way, till_id, order_id
            from payment
            where entry_id = @payment
              and member_id = @member
            """,
            new { payment, member });
    }

    public async Task<PaymentRow?> OfStore(StoreId store, PaymentId payment, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<PaymentRow?>(
            """
            select entry_id, member_id, store_id, at_ms, amount_yen, points, points_earned, way, till_id, order_id
            from payment
            where entry_id = @payment
              and store_id = @store
            """,
            new { payment, store });
    }

    /// <summary>At any of the merchant's stores.</summary>
    public async Task<PaymentRow?> OfMerchant(MerchantId merchant, PaymentId payment, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<PaymentRow?>(
            """
            select p.entry_id, p.member_id, p.store_id, p.at_ms, p.amount_yen, p.points, p.points_earned, p.way, p.till_id, p.order_id
            from payment p
            join store s on s.id = p.store_id
            where p.entry_id = @payment
              and s.merchant = @merchant
            """,
            new { payment, merchant });
    }

    /// <summary>The store's payment for an order of its own; null when there is none.</summary>
    public async Task<PaymentRow?> OfOrder(StoreId store, string order, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Payments.FindByOrder(connection, store, order);
    }

    /// <summary>The refund of the store's payment; null when it is another payment's or another store's.</summary>
    public async Task<RefundRow?> RefundOf(StoreId store, PaymentId payment, RefundId refund, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<RefundRow?>(
            """
            select payment_id, number, entry_id, member_id, store_id, at_ms, amount_yen, yen, points, points_taken_back, reason
            from refund
            where entry_id = @refund
              and payment_id = @payment
              and store_id = @store
            """,
            new { refund, payment, store });
    }

    /// <summary>What was given back of a payment, which the caller was given as its own.</summary>
    public async Task<PaymentRefunds> Refunds(PaymentRow payment, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return new(await Payments.RefundsOf(connection, payment.EntryId), await Payments.RefundedOf(connection, payment.EntryId));
    }

    /// <summary>What such a payment got from campaigns.</summary>
    public async Task<IReadOnlyList<(CampaignAward Award, CampaignTerms Terms)>> GiftsOf(PaymentId payment, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await CampaignAward.Of(connection, payment);
    }

    /// <summary>Whether operators have set such a payment right: then it is not refunded as well.</summary>
    public async Task<bool> IsCorrected(PaymentRow payment, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Statement.CorrectionOf(connection, payment.EntryId) is not null;
    }

    /// <summary>What a refund can still give back of such a payment.</summary>
    public async Task<Yen> LeftToRefund(PaymentRow payment, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return payment.AmountYen - (await Payments.RefundedOf(connection, payment.EntryId)).AmountYen;
    }
}
