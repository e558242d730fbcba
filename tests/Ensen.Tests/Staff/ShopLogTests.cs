using Dapper;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Staff;

/// <summary>Each merchant's log is a chain of its own, whoever adds to it at once, and whoever changes a row is named by verify.</summary>
public class ShopLogTests
{
    [Theory, BothEngines]
    public async Task Forty_at_once_make_a_chain_for_each_merchant(Engine engine)
    {
        await using var town = await Town.On(engine);
        MerchantId[] merchants = [await Merchant(town, "Bakery"), await Merchant(town, "Florist")];

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => Invite(town, merchants[i % 2]), Ct)));

        foreach (var merchant in merchants)
            (await town.Get<ShopLog>().List(merchant, 100, ct: Ct)).Select(row => row.Number)
                .ShouldBe(Enumerable.Range(1, 20).Select(n => (long)n).Reverse());
        (await town.Complaints()).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task Verify_names_the_row_that_was_changed_moved_or_deleted_and_whose_log_it_is(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (bakery, florist) = (await Merchant(town, "Bakery"), await Merchant(town, "Florist"));
        for (var i = 1; i <= 5; i++)
            await Invite(town, bakery);
        await Invite(town, florist);
        await using var connection = await town.Db.Connect(Ct);
        await connection.ExecuteAsync("create table log_before as select * from shop_log");

        await Planted("update shop_log set detail = 'clerk' where merchant = @bakery and number = 3", "row 3 of the log of {0} is not as it was written");
        await Planted("update shop_log set by_account = account where merchant = @bakery and number = 1", "row 1 of the log of {0} is not as it was written");
        await Planted("delete from shop_log where merchant = @bakery and number = 4", "row 4 of the log of {0} is not there");
        await Planted("delete from shop_log where merchant = @bakery and number = 5", "the log of {0} ends with row 4, and its head says row 5");
        await Planted("delete from shop_log where merchant = @bakery", "the log of {0} ends with row 0, and its head says row 5");
        await Planted("update shop_log set merchant = @florist where merchant = @bakery and number = 2", "row 2 of the log of {0} is not there");
        // A row that was written anew with its hash: the next names another.
        var row = (await town.Get<ShopLog>().List(bakery, 10, ct: Ct)).Single(r => r.Number == 3);
        var previous = await connection.QuerySingleAsync<byte[]>(
            "select previous from shop_log where merchant = @bakery and number = 3", new { bakery });
        await Planted("update shop_log set detail = 'clerk', hash = @hash where merchant = @bakery and number = 3",
            "row 3 of the log of {0} is not the one that row 4 names", (row with { Detail = "clerk" }).Hash(bakery, previous));
        await connection.ExecuteAsync("drop table log_before");

        async Task Planted(string sql, string named, byte[]? hash = null)
        {
            (await connection.ExecuteAsync(sql, new { bakery, florist, hash })).ShouldBeGreaterThan(0, sql);
            var words = string.Format(System.Globalization.CultureInfo.InvariantCulture, named, bakery);
            (await town.Complaints()).ShouldContain(c => c.Contains(words, StringComparison.Ordinal), words);
            await connection.ExecuteAsync("delete from shop_log");
            await connection.ExecuteAsync("insert into shop_log select * from log_before");
            (await town.Complaints()).ShouldBeEmpty();
        }
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static async Task<MerchantId> Merchant(Town town, string name) =>
        (await town.Get<Stores>().Find((await town.Store(name)).Id, Ct))!.Merchant;

    static async Task Invite(Town town, MerchantId merchant) => (await town.Get<InviteToShop>().Run(
        new InviteToShopRequest(new ActingShop(merchant, null), "Hana", ShopRole.Owner, []), Ct)).Refusal.ShouldBe(InviteToShopRefusal.None);
}
