using System.CommandLine;
using Dapper;
using Ensen.Bench.Measure;
using Ensen.Storage;

namespace Ensen.Bench.Scenarios;

/// <summary>Brings payments into the database through the ledger, and says what one weighs on disk, table by table.</summary>
static class FillScenario
{
    const int Callers = 2_048;
    static readonly Option<long> s_payments = new("--payments")
    { Description = "payments to bring in", DefaultValueFactory = _ => 5_000_000 };

    public static readonly Command Command = new Command("fill", "Brings payments into the database, and weighs them")
    {
        Options.Database, s_payments, Options.Stores, Options.Members, Options.Writers, Options.Keys, Options.Json,
    }.Does(Run);

    /// <summary>So many payments, as fast as they go.</summary>
    public static Task<Measured> Fill(Stage stage, long payments, CancellationToken ct, bool keys = false) =>
        new ClosedLoop(Callers, (_, random) => stage.Pay(random, keys)).Times(payments, ct);

    static async Task<int> Run(ParseResult asked, CancellationToken ct)
    {
        var payments = asked.GetValue(s_payments);
        await using var stage = await Stage.Open(asked, asked.GetValue(Options.Members), asked.GetValue(Options.Stores), ct);
        var before = await Weight(stage.Db);
        var report = await Report.Begin("fill", stage.Db);
        var filled = await Fill(stage, payments, ct, asked.GetValue(Options.Keys));
        var after = await Weight(stage.Db);

        report.With("payments", filled.Answers).Loop(filled, "payments");
        foreach (var (part, bytes) in after.OrderByDescending(a => a.Value))
            if ((bytes - before.GetValueOrDefault(part)) / (double)filled.Answers is > 0.5 and var each)
                report.Figure("bytesPerPayment." + part, each, $"bytes a payment in {part}", "N0");
        report.Figure("bytesPerPayment", (after.Values.Sum() - before.Values.Sum()) / (double)filled.Answers,
            "bytes a payment in all", "N0");
        return await stage.Finish(report, asked.GetValue(Options.Json));
    }

    /// <summary>Bytes on disk: each table with its indexes on PostgreSQL, the whole file on SQLite.</summary>
    static async Task<Dictionary<string, long>> Weight(Database db)
    {
        await using var connection = await db.Connect();
        if (db.Engine == Engine.Sqlite)
            return new()
            { ["file"] = await connection.ExecuteScalarAsync<long>("select page_count * page_size from pragma_page_count(), pragma_page_size()") };
        return (await connection.QueryAsync<(string Name, long Bytes)>(
            """
            select n.name, n.bytes
            from (
              select c.relname || case when c.relkind = 'i' then ' (index)' else '' end as name, pg_relation_size(c.oid) as bytes
              from pg_class c
              where c.relnamespace = 'public'::regnamespace
                and c.relkind in ('r', 'i')
            ) n
            limit 1000
            """)).ToDictionary(t => t.Name, t => t.Bytes);
    }
}
