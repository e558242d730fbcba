using System.Text.Json;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Operations;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// On PostgreSQL with analysed tables the checks of payments and refunds walked all postings of the store for each row, since a limit
/// stood outside: 24,000 payments of one store took two minutes. Judged by the rows that are touched, not by time.
/// </summary>
public class VerifyWalkedAStoreForEachPayment
{
    [Fact]
    public async Task Each_check_touches_about_as_many_rows_as_there_are()
    {
        await using var town = await Busy(Engine.Postgres);
        await using var connection = await town.Db.Connect();
        await connection.ExecuteAsync("analyze", commandType: System.Data.CommandType.Text);
        var rows = await town.Count(
            "select (select count(*) from entry) + (select count(*) from posting) + (select count(*) from payment) + (select count(*) from idempotency_key) + (select count(*) from account)");

        foreach (var check in town.Db.Catalogue.All<Check>())
            Touched(await Explained(check.Limited(new SqlDialect(Engine.Postgres, town.Db.Catalogue, town.Clock.GetUtcNow()))))
                .ShouldBeLessThan(6 * rows, check.Name);

        // So that this is known to see it: the join that was too slow, with its limit.
        Touched(await Explained(
            """
            select b.line
            from (
              select p.entry_id as line
              from payment p
              left join posting l on l.entry_id = p.entry_id and l.owner in (p.member_id, p.store_id)
              group by p.entry_id, p.amount_yen
              having sum(case when l.account_type = 10 then l.amount else 0 end) <> p.amount_yen
            ) b
            limit 10
            """, "set enable_hashjoin = off; set enable_mergejoin = off;")).ShouldBeGreaterThan(6 * rows);

        async Task<JsonElement> Explained(string sql, string settings = "")
        {
            await using var tx = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync(settings == "" ? "select 1" : settings.Replace("set ", "set local ", StringComparison.Ordinal),
                transaction: tx);
            using var plan = JsonDocument.Parse(
                (await connection.ExecuteScalarAsync<string>($"explain (analyze, timing off, format json) {sql}", transaction: tx))!);
            return plan.RootElement[0].GetProperty("Plan").Clone();
        }
    }

    [Fact]
    public async Task No_check_scans_a_table_for_each_row_of_another()
    {
        await using var town = await Busy(Engine.Sqlite);
        await using var connection = await town.Db.Connect();
        await connection.ExecuteAsync("analyze", commandType: System.Data.CommandType.Text);
        foreach (var check in town.Db.Catalogue.All<Check>())
        {
            var plan = (await connection.QueryAsync<(long Id, long Parent, long NotUsed, string Detail)>(
                "explain query plan " + check.Limited(new SqlDialect(Engine.Sqlite, town.Db.Catalogue, town.Clock.GetUtcNow())))).AsList();
            foreach (var loops in plan.Where(p => p.Detail.StartsWith("SCAN", StringComparison.Ordinal)
                || p.Detail.StartsWith("SEARCH", StringComparison.Ordinal)).GroupBy(p => p.Parent))
                loops.Skip(1).ShouldAllBe(p => p.Detail.StartsWith("SEARCH", StringComparison.Ordinal), check.Name + "\n"
                    + string.Join('\n', plan.Select(p => p.Detail)));
        }
    }

    /// <summary>One store that everybody pays, as the shop before the station.</summary>
    static async Task<Town> Busy(Engine engine)
    {
        var town = await Town.On(engine);
        var (crowd, shop) = (await town.Crowd(40, 200_000.Yen()), await town.Store("Bakery"));
        var paid = await Task.WhenAll(Enumerable.Range(0, 1_200).Select(i => town.Pay(crowd[i % crowd.Length], shop, 1_000.Yen())));
        await Task.WhenAll(paid.Take(200).Select(p => town.Refund(p.Value!.PaymentId, shop, 300.Yen())));
        return town;
    }

    /// <summary>The rows that all steps of a plan gave, and those that they read in vain.</summary>
    static double Touched(JsonElement plan)
    {
        double Of(string name) => plan.TryGetProperty(name, out var value) ? value.GetDouble() : 0;
        return (Of("Actual Rows") + Of("Rows Removed by Filter") + Of("Rows Removed by Join Filter")
            + Of("Rows Removed by Index Recheck")) * Of("Actual Loops")
            + (plan.TryGetProperty("Plans", out var below) ? below.EnumerateArray().Sum(Touched) : 0);
    }
}
