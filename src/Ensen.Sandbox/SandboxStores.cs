using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Sandbox.Town;
using Ensen.Storage;

namespace Ensen.Sandbox;

/// <summary>
/// Stores whose PINs the sandbox's pages may tell: those of the town, and those opened here. A store that was opened elsewhere has a PIN of
/// its own, or none; one that got a new PIN has that.
/// </summary>
sealed class SandboxStores(Database db, OpenStore open, DemoTown town)
{
    const int Most = 1_000;

    /// <summary>Opens a store with the PINs that the pages tell.</summary>
    public async Task<Answer<OpenedStore, OpenStoreRefusal>> Open(string name, string category, CancellationToken ct)
    {
        var opened = await open.Run(
            new OpenStoreRequest(name, name, Category: category, TillPin: TownPeople.TillPin, RefundPin: TownPeople.RefundPin), ct);
        if (opened.Accepted)
            await db.Transact(tx => tx.Connection!.ExecuteAsync(
                "insert into sandbox_store (id) values (@id)", new { id = opened.Value.Store.Id }, tx), ct);
        return opened;
    }

    /// <summary>The newest of them: both PINs are still those that the store was opened with.</summary>
    public async Task<IReadOnlySet<StoreId>> WithOurPins(CancellationToken ct)
    {
        var shops = (await town.People(ct))?.Shops.Select(shop => shop.Store).ToHashSet() ?? [];
        await using var connection = await db.Connect(ct);
        var unchanged = await connection.QueryAsync<(StoreId Id, bool IsOurs)>(
            """
            select s.id, exists (select 1 from sandbox_store o where o.id = s.id) as is_ours
            from store s
            join credential t on t.owner = s.id and t.kind = @till and t.set_ms = s.created_ms
            join credential r on r.owner = s.id and r.kind = @refund and r.set_ms = s.created_ms
            order by s.id desc
            limit @Most
            """,
            new { till = (short)CredentialKind.TillPin, refund = (short)CredentialKind.RefundPin, Most });
        return unchanged.Where(store => store.IsOurs || shops.Contains(store.Id)).Select(store => store.Id).ToHashSet();
    }
}
