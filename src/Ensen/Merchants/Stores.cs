using Dapper;
using Ensen.Storage;

namespace Ensen.Merchants;

/// <summary>Looks stores up. Rows may be up to two seconds old when another node changed them.</summary>
public sealed class Stores(Database db, TimeProvider clock)
{
    const int MostOfMerchant = 1_000;

    readonly Recent<Guid, Store> _recent = new(clock, TimeSpan.FromSeconds(2), most: 50_000);

    public ValueTask<Store?> Find(Guid id, CancellationToken ct = default) => _recent.Get(id, Read, ct);

    /// <summary>By the number that staff type.</summary>
    public async Task<Store?> FindByNumber(string number, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var id = await connection.QuerySingleOrDefaultAsync<Guid?>("select store from store_number where number = @number", new { number });
        return id is null ? null : await Read(id.Value, ct);
    }

    /// <summary>The merchant's stores, the oldest first.</summary>
    public async Task<IReadOnlyList<Store>> OfMerchant(Guid merchant, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<Store>(
            """
            select id, merchant, number, name, latin_name as LatinName, latin_city as LatinCity, area, station, category, address,
              postal_code as PostalCode, state
            from store
            where merchant = @merchant
            order by id
            limit @MostOfMerchant
            """,
            new { merchant, MostOfMerchant })).AsList();
    }

    /// <summary>Stores after one (or from the first), the oldest first.</summary>
    public async Task<IReadOnlyList<Store>> List(int limit, Guid after = default, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<Store>(
            """
            select id, merchant, number, name, latin_name as LatinName, latin_city as LatinCity, area, station, category, address,
              postal_code as PostalCode, state
            from store
            where id > @after
            order by id
            limit @limit
            """,
            new { after, limit })).AsList();
    }

    /// <summary>Called by whoever changed a store's row, after the commit.</summary>
    public void Changed(Guid id) => _recent.Forget(id);

    /// <summary>What live screens of a store listen for.</summary>
    public static string News(Guid store) => "store:" + store.ToString("N");

    async Task<Store?> Read(Guid id, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Store?>(
            """
            select id, merchant, number, name, latin_name as LatinName, latin_city as LatinCity, area, station, category, address,
              postal_code as PostalCode, state
            from store
            where id = @id
            """,
            new { id });
    }
}
