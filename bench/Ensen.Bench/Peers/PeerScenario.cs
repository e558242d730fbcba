using System.CommandLine;
using Ensen.Basics;
using Ensen.Bench.Measure;
using Ensen.Storage;
using Npgsql;

namespace Ensen.Bench.Peers;

/// <summary>
/// The same payments kept in other ways, on the same PostgreSQL in a schema of their own. A caller is a connection. The store's and the
/// operator's balances are spread over sixteen rows as the ledger's are, unless <c>--hot</c> asks for one row each.
/// </summary>
static class PeerScenario
{
    const int Stripes = 16;
    static readonly Option<int> s_callers = Options.Number("--callers", "callers, each with a connection", 32);
    static readonly Option<bool> s_hot = new("--hot") { Description = "one row for each balance of a store and of the operator" };

    public static readonly Command Naive = new Command("naive", "A peer: one transaction a payment, rows locked and updated")
    {
        Options.Database, s_callers, Options.Seconds, Options.WarmUp, Options.Stores, Options.Members, s_hot, Options.Json,
    }.Does((asked, ct) => Run(asked, "naive", Peers.Naive.Schema, Peers.Naive.Members, Peers.Naive.On, ct));

    public static readonly Command Sum = new Command("sum", "A peer: no balances, every payment sums the member's postings under a lock")
    {
        Options.Database, s_callers, Options.Seconds, Options.Stores, Options.Members, Options.Json,
    }.Does((asked, ct) => Run(asked, "sum", Summed.Schema, Summed.Members, Summed.On, ct));

    static async Task<int> Run(
        ParseResult asked, string name, string schema, string seed, Func<NpgsqlConnection, Task<IPeer>> open, CancellationToken ct)
    {
        var (callers, seconds, hot) = (asked.GetValue(s_callers), asked.GetValue(Options.Seconds), name == "naive"
            && asked.GetValue(s_hot));
        await using var db = Database.Open(asked.GetValue(Options.Database)!, Product.Catalogue);
        if (db.Engine != Engine.Postgres)
            throw new NotSupportedException("The peers are written for PostgreSQL.");
        await using var source = NpgsqlDataSource.Create(asked.GetValue(Options.Database)!["postgres:".Length..]
            + $";Maximum Pool Size={callers + 1}");
        var members = Ids(asked.GetValue(Options.Members));
        var stores = Ids(asked.GetValue(Options.Stores));
        await Prepare(source, schema, seed, members, ct);
        var peers = await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ => await open(await source.OpenConnectionAsync(ct))));

        var report = (await Report.Begin(name, db)).With("callers", callers, $"{callers} callers").With("seconds", seconds)
            .With("stores", stores.Length).With("members", members.Length).With(
                "hotRows", hot, name == "sum" ? "no balances" : hot ? "one row a balance" : "balances spread over 16 rows");
        var measured = await new ClosedLoop(callers, (caller, random) =>
        {
            var now = TimeProvider.System.GetUtcNow();
            return peers[caller].Pay(new PeerPayment(
                Id.New(now), members[random.Next(members.Length)], stores[random.Next(stores.Length)], random.Next(200, 1_500),
                now.ToUnixTimeMilliseconds(),
                (short)(hot ? 0 : random.Next(Stripes))));
        }).For(TimeSpan.FromSeconds(asked.GetValue(Options.WarmUp)), TimeSpan.FromSeconds(seconds), ct);
        foreach (var peer in peers)
            await peer.DisposeAsync();
        report.Loop(measured, "payments").Write(asked.GetValue(Options.Json));
        return 0;
    }

    static Guid[] Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => Id.New(TimeProvider.System))];

    static async Task Prepare(NpgsqlDataSource source, string schema, string seed, Guid[] members, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        foreach (var statement in (schema + ";" + seed).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Append("analyze"))
            await Run(connection, statement, statement.Contains("$1", StringComparison.Ordinal) ? members : null, ct);
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA2100", Justification = "Statements written in this folder.")]
    static async Task Run(NpgsqlConnection connection, string statement, Guid[]? members, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        if (members is not null)
            command.Parameters.Add(new NpgsqlParameter { Value = members });
        await command.ExecuteNonQueryAsync(ct);
    }
}
