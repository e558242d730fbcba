using System.Data.Common;
using Dapper;
using Ensen.Storage;

namespace Ensen.Merchants;

/// <summary>Looks stores up. Rows are kept until news of a change; they may be two seconds old when another node changed them.</summary>
public sealed class Stores
{
    const int ReadAtOnce = 1_000;
    const string Kind = "store-row";

    readonly Database _db;
    readonly RowCache<StoreId, Store> _recent;

    public Stores(Database db, TimeProvider clock)
    {
        _db = db;
        _recent = new(clock, TimeSpan.FromSeconds(2), most: 100_000, db.Notifications);
        db.Notifications.Follow(Kind, _recent.ForgetOne);
    }

    public ValueTask<Store?> Find(StoreId id, CancellationToken ct = default) => _recent.Get(id, Read, ct);

    /// <summary>By the number that staff type.</summary>
    public async Task<Store?> FindByNumber(string number, CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
        var id = await connection.QuerySingleOrDefaultAsync<StoreId?>(
            "select store from store_number where number = @number", new { number });
        return id is null ? null : await Read(id.Value, ct);
    }

    /// <summary>All of the merchant's stores, the oldest first.</summary>
    public async Task<IReadOnlyList<Store>> OfMerchant(MerchantId merchant, CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
        var all = new List<Store>();
        for (var (after, more) = (default(StoreId), true); more;)
        {
            var some = (await connection.QueryAsync<Store>(
                """
                select id, merchant, number, name, latin_name as LatinName, latin_city as LatinCity, area, station, category, address,
                  postal_code as PostalCode, state
                from store
                where merchant = @merchant
                  and id > @after
                order by id
                limit @ReadAtOnce
                """,
                new { merchant, after, ReadAtOnce })).AsList();
            all.AddRange(some);
            more = some.Count == ReadAtOnce;
            after = more ? some[^1].Id : after;
        }
        return all;
    }

    /// <summary>Stores after one (or from the first), the oldest first.</summary>
    public async Task<IReadOnlyList<Store>> List(int limit, StoreId after = default, CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
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

    /// <summary>Stores in whose name, area or number these letters stand, by name; so many at most.</summary>
    public async Task<IReadOnlyList<Store>> Search(string letters, int limit, CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
        var like = "%" + letters.Trim().Replace("!", "!!", StringComparison.Ordinal)
            .Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal) + "%";
        return (await connection.QueryAsync<Store>(
            """
            select id, merchant, number, name, latin_name as LatinName, latin_city as LatinCity, area, station, category, address,
              postal_code as PostalCode, state
            from store
            where lower(name) like lower(@like) escape '!'
              or lower(latin_name) like lower(@like) escape '!'
              or lower(area) like lower(@like) escape '!'
              or number like @like escape '!'
            order by name, id
            limit @limit
            """,
            new { like, limit })).AsList();
    }

    /// <summary>The areas that stores are in, by name.</summary>
    public async Task<IReadOnlyList<string>> Areas(CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
        return (await connection.QueryAsync<string>(
            "select distinct area from store where area <> '' order by area limit @ReadAtOnce", new { ReadAtOnce })).AsList();
    }

    /// <summary>Called by whoever changes a store's row, within the transaction: other nodes hear of it with the commit.</summary>
    public Task Changing(DbTransaction tx, StoreId id) => _db.Notifications.Announce(tx, Topic(id));

    /// <summary>Called by whoever changed a store's row, after the commit: this node sees it at once.</summary>
    public void Changed(StoreId id) => _db.Notifications.Raise(Topic(id));

    static string[] Topic(StoreId id) => [$"{Kind}:{id}"];

    /// <summary>What live screens of a store listen for.</summary>
    public static string TopicOf(StoreId store) => "store:" + store.Value.ToString("N");

    async Task<Store?> Read(StoreId id, CancellationToken ct)
    {
        await using var connection = await _db.Connect(ct);
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
