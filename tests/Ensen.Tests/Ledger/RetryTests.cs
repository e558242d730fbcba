using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;
using Npgsql;

namespace Ensen.Tests.Ledger;

/// <summary>
/// What a database refuses although nobody did wrong is tried again, a bounded number of times: five for a lost connection, twenty where
/// another node was first. On PostgreSQL, and as Citus and Patroni say it.
/// </summary>
public class RetryTests
{
    [Theory]
    [InlineData("40001", "could not serialize access due to concurrent update", 20)]
    [InlineData("40P01", "deadlock detected", 20)]
    [InlineData("40P01", "canceling the transaction since it was involved in a distributed deadlock", 20)]
    [InlineData("23505", "duplicate key value violates unique constraint", 20)]
    [InlineData("57P01", "terminating connection due to administrator command", 5)]
    [InlineData("08006", "connection to the remote node worker-2:5432 failed", 5)]
    [InlineData("53300", "sorry, too many clients already", 5)]
    public async Task A_batch_is_tried_some_times_and_then_its_callers_are_told_to_ask_again(string state, string message, int most)
    {
        await using var town = await Town.On(Engine.Postgres);
        var store = new StalledStore(StalledStore.Real(town.Db));
        await using var node = new GeneralLedger(town.Db, town.Clock, [store]);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");

        store.Fail(Times(most - 1, state, message));
        (await town.Pay(Town.Payment(aoi, cafe, 100.Yen(), key: "last try"), node)).Accepted.ShouldBeTrue();
        store.Tries.ShouldBe(most);
        node.Fails.ShouldBeFalse();

        store.Fail(Times(most, state, message));
        await Should.ThrowAsync<LedgerUnavailableException>(town.Pay(Town.Payment(aoi, cafe, 200.Yen(), key: "one too many"), node));
        store.Tries.ShouldBe(2 * most);
        node.Fails.ShouldBeTrue();

        (await town.Pay(Town.Payment(aoi, cafe, 200.Yen(), key: "one too many"), node)).Accepted.ShouldBeTrue();
        node.Fails.ShouldBeFalse();
        (await town.Wallet(aoi)).Money.ShouldBe(700.Yen());
    }

    [Fact]
    public async Task What_is_no_conflict_is_not_tried_again()
    {
        await using var town = await Town.On(Engine.Postgres);
        var store = new StalledStore(StalledStore.Real(town.Db));
        await using var node = new GeneralLedger(town.Db, town.Clock, [store]);
        var aoi = await town.Member("Aoi").With(1_000.Yen());

        store.Fail(Times(1, "42P01", "relation \"entry\" does not exist"));
        await Should.ThrowAsync<LedgerUnavailableException>(town.Pay(Town.Payment(aoi, await town.Store("Café Loop"), 100.Yen()), node));
        store.Tries.ShouldBe(1);
    }

    [Theory]
    [InlineData("40001", 5)]
    [InlineData("40P01", 5)]
    [InlineData("23514", 1)]
    public async Task An_ordinary_transaction_is_tried_five_times_at_most(string state, int most)
    {
        await using var town = await Town.On(Engine.Postgres);
        var tries = 0;

        var thrown = await Should.ThrowAsync<PostgresException>(town.Db.Transact(async tx =>
        {
            tries++;
            await tx.Connection!.ExecuteAsync($"do $$ begin raise exception 'as asked' using errcode = '{state}'; end $$", transaction: tx);
        }));

        (tries, thrown.SqlState).ShouldBe((most, state));
    }

    [Fact]
    public async Task An_ordinary_transaction_passes_at_its_fifth_try()
    {
        await using var town = await Town.On(Engine.Postgres);
        var tries = 0;

        await town.Db.Transact(async tx =>
        {
            await tx.Connection!.ExecuteAsync("insert into setting (name, value) values ('fifth', 'try')", transaction: tx);
            if (++tries < 5)
                await tx.Connection!.ExecuteAsync("do $$ begin raise exception 'as asked' using errcode = '40001'; end $$",
                    transaction: tx);
        });

        tries.ShouldBe(5);
        (await town.Count("select count(*) from setting where name = 'fifth'")).ShouldBe(1);
    }

    static IEnumerable<Exception> Times(int times, string state, string message) =>
        Enumerable.Range(0, times).Select(_ => new PostgresException(message, "ERROR", "ERROR", state));
}
