using Dapper;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>
/// Which till shows a code for an order. The code has no room for the till beside the order, and a payment keeps at which till it was made,
/// whatever way.
/// </summary>
public sealed class OrdersShown(Database db, TimeProvider clock)
{
    /// <summary>Longer than any code lives, and no more than a day's rows to look through.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>This till shows the code of the order from now on; the last till to do so counts.</summary>
    public Task Keep(StoreId store, string order, TillId till, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        return db.Transact(async tx =>
        {
            await tx.Connection!.ExecuteAsync(
                "delete from order_shown where at_ms < @before", new { before = (now - Kept).ToUnixTimeMilliseconds() }, tx);
            return await tx.Connection!.ExecuteAsync(
                """
                insert into order_shown (store_id, order_id, till_id, at_ms)
                values (@store, @order, @till, @at)
                on conflict (store_id, order_id) do update set till_id = excluded.till_id, at_ms = excluded.at_ms
                """,
                new { store, order, till, at = now.ToUnixTimeMilliseconds() }, tx);
        }, ct);
    }

    /// <summary>The till that shows the order's code; null when none of the store's pages made it (a store's own program did).</summary>
    public async Task<TillId?> TillOf(StoreId store, string order, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<TillId?>(
            "select till_id from order_shown where store_id = @store and order_id = @order", new { store, order });
    }
}
