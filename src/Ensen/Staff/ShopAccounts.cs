using System.Data.Common;
using Dapper;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>Looks shop accounts up. Nothing is kept in memory: whoever was dismissed acts no more, on every node.</summary>
public sealed class ShopAccounts(Database db)
{
    /// <summary>So many accounts of one merchant, the dismissed among them, are listed; no more are made.</summary>
    public const int Most = 500;

    const string Columns = "a.id, a.merchant, a.name, a.sign_in_name as SignInName, a.role, a.state, a.invited_ms as InvitedMs";

    public async Task<ShopAccount?> Find(ShopAccountId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Find(connection, id);
    }

    public async Task<ShopAccount?> FindByName(string signInName, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.ExecuteScalarAsync<Guid?>(
            "select id from shop_account where sign_in_name = @name", new { name = SignInName.Key(signInName) }) is { } id
                ? await Find(connection, new ShopAccountId(id)) : null;
    }

    /// <summary>A merchant's, the owners first, the dismissed last.</summary>
    public async Task<IReadOnlyList<ShopAccount>> Of(MerchantId merchant, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var accounts = (await connection.QueryAsync<ShopAccount>(
            $"""
            select {Columns}
            from shop_account a
            where a.merchant = @merchant
            order by case when a.state = @dismissed then 1 else 0 end, a.role, a.id
            limit @Most
            """, new { merchant, dismissed = ShopAccountState.Dismissed, Most })).AsList();
        var stores = (await connection.QueryAsync<(Guid Account, Guid Store)>(
            """
            select s.account, s.store
            from shop_account_store s
            join shop_account a on a.id = s.account
            where a.merchant = @merchant
            order by s.account, s.store
            limit @most
            """, new { merchant, most = Most * MostStores })).ToLookup(row => row.Account, row => new StoreId(row.Store));
        return [.. accounts.Select(account => account with { Stores = [.. stores[account.Id]] })];
    }

    /// <summary>So many stores are written beside an account; an owner sees more, all of them.</summary>
    internal const int MostStores = 200;

    internal static async Task<ShopAccount?> Find(DbConnection connection, ShopAccountId id, DbTransaction? tx = null)
    {
        var account = await connection.QuerySingleOrDefaultAsync<ShopAccount?>(
            $"select {Columns} from shop_account a where a.id = @id", new { id }, tx);
        return account is null ? null : account with
        {
            Stores = [.. await connection.QueryAsync<StoreId>(
                "select store from shop_account_store where account = @id order by store limit @most", new { id, most = MostStores }, tx)],
        };
    }

    /// <summary>The same where it is this merchant's; null for everybody else's.</summary>
    internal static async Task<ShopAccount?> Find(DbConnection connection, MerchantId merchant, ShopAccountId id, DbTransaction tx) =>
        await Find(connection, id, tx) is { } account && account.Merchant == merchant ? account : null;

    /// <summary>
    /// Whether whoever acts may do that to a merchant's accounts, in the transaction that does it; the merchant itself may.
    /// </summary>
    internal static async Task<bool> MayStaff(DbTransaction tx, ActingShop by) =>
        by.Account is not { } id || await Find(tx.Connection!, by.Merchant, id, tx) is { State: ShopAccountState.Active } account
            && account.Role.May(ShopRight.Staff);

    /// <summary>
    /// Whoever may invite nobody any more has invited nobody: links that they handed out and that nobody has used open nothing. Within the
    /// merchant's turn.
    /// </summary>
    internal static async Task EndInvitations(DbTransaction tx, ShopLog log, ActingShop by, ShopAccountId inviter, DateTimeOffset now)
    {
        var ended = (await tx.Connection!.QueryAsync<ShopAccountId>(
            """
            update shop_account
            set state = @dismissed, link_hash = null, link_until_ms = null, dismissed_ms = @at
            where merchant = @Merchant and invited_by = @inviter and state = @invited
            returning id
            """,
            new
            {
                by.Merchant,
                inviter,
                at = now.ToUnixTimeMilliseconds(),
                dismissed = ShopAccountState.Dismissed,
                invited = ShopAccountState.Invited,
            }, tx)).AsList();
        foreach (var invitation in ended)
            await log.Append(tx, ShopAct.Dismissed, by, invitation);
    }

    /// <summary>How many owners sign in, within the merchant's turn.</summary>
    internal static Task<int> Owners(DbTransaction tx, MerchantId merchant) => tx.Connection!.ExecuteScalarAsync<int>(
        "select count(*) from shop_account where merchant = @merchant and role = @owner and state = @active",
        new { merchant, owner = ShopRole.Owner, active = ShopAccountState.Active }, tx);

    /// <summary>Writes which stores an account sees, in place of those before.</summary>
    internal static async Task WriteStores(DbTransaction tx, ShopAccountId account, IEnumerable<StoreId> stores)
    {
        await tx.Connection!.ExecuteAsync("delete from shop_account_store where account = @account", new { account }, tx);
        foreach (var store in stores.Distinct())
            await tx.Connection!.ExecuteAsync(
                "insert into shop_account_store (account, store) values (@account, @store)", new { account, store }, tx);
    }

    /// <summary>Whether all of these are the merchant's.</summary>
    internal static async Task<bool> AreOf(DbTransaction tx, MerchantId merchant, IReadOnlyList<StoreId> stores)
    {
        foreach (var store in stores)
            if (await tx.Connection!.ExecuteScalarAsync<int?>(
                "select 1 from store where id = @store and merchant = @merchant", new { store, merchant }, tx) is null)
                return false;
        return true;
    }
}
