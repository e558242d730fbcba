using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Sales;

/// <summary>What is known of a payment or refund that somebody looks for.</summary>
/// <param name="From">At this moment or later.</param>
/// <param name="Until">Before this moment.</param>
/// <param name="Before">Only what was before this payment or refund: the next page.</param>
public sealed record SalesSearch(
    IReadOnlyCollection<StoreId> Stores, DateTimeOffset From, DateTimeOffset Until, Yen? Amount = null, EntryId? Before = null);

/// <summary>A payment or refund that was found; its amount is never negative.</summary>
public sealed record SalesFound(
    EntryId EntryId, PaymentId PaymentId, StoreId StoreId, long AtMs, Yen AmountYen, bool IsRefund)
{
    public string ReceiptNumber => Wallet.ReceiptNumber.Of(PaymentId);

    /// <summary>pay_… or ref_…: what its own page is asked for by.</summary>
    public string Number => IsRefund ? new RefundId(EntryId).ToString() : new PaymentId(EntryId).ToString();
}

/// <summary>
/// Looks a payment or refund up by when it was and how much, the latest first. By its receipt's number: <see cref="FindReceipt"/>.
/// </summary>
public sealed class SearchSales(Database db)
{
    public async Task<IReadOnlyList<SalesFound>> Run(SalesSearch search, int limit, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var end = Id.First<EntryId>(search.Until);
        var found = new List<SalesFound>();
        foreach (var store in search.Stores)
        {
            var asked = new
            {
                store,
                from = Id.First<EntryId>(search.From),
                until = search.Before is { } before && before.Value < end ? before : end,
                payable = AccountType.Payable.Number,
                least = search.Amount?.Value ?? 0,
                most = search.Amount?.Value ?? long.MaxValue,
                limit,
            };
            found.AddRange(await Payments(connection, asked));
            found.AddRange(await Refunds(connection, asked));
        }
        return [.. found.OrderByDescending(f => f.EntryId).Take(limit)];
    }

    static Task<IEnumerable<SalesFound>> Payments(DbConnection connection, object asked) => connection.QueryAsync<SalesFound>(
        """
        select p.entry_id, p.entry_id as payment_id, p.store_id, p.at_ms, p.amount_yen, false as is_refund
        from posting g
        join payment p on p.entry_id = g.entry_id
        where g.owner = @store
          and g.entry_id >= @from
          and g.entry_id < @until
          and g.account_type = @payable
          and g.amount between @least and @most
        order by g.entry_id desc
        limit @limit
        """, asked);

    static Task<IEnumerable<SalesFound>> Refunds(DbConnection connection, object asked) => connection.QueryAsync<SalesFound>(
        """
        select r.entry_id, r.payment_id, r.store_id, r.at_ms, r.amount_yen, true as is_refund
        from refund r
        where r.store_id = @store
          and r.entry_id >= @from
          and r.entry_id < @until
          and r.amount_yen between @least and @most
        order by r.entry_id desc
        limit @limit
        """, asked);
}
