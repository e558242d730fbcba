using System.CommandLine;

namespace Ensen.Bench;

/// <summary>The options that scenarios share; each takes those that it knows.</summary>
static class Options
{
    public static readonly Option<string> Database = new("--database")
    {
        Description = "sqlite:PATH or postgres:CONNECTION",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ENSEN_DATABASE") ?? "sqlite:data/bench.db",
    };

    public static readonly Option<int> Callers = Number("--callers", "callers that each wait for their answer before asking again", 256);
    public static readonly Option<int> Seconds = Number("--seconds", "seconds measured, after those to warm up", 10);

    /// <summary>
    /// What runs often is compiled while it runs, and on two cores that takes a fifth of both for half a minute: whoever compares two builds
    /// warms both up for that long, or compares their compilers.
    /// </summary>
    public static readonly Option<int> WarmUp = Number("--warm-up", "seconds to warm up, before anything is measured", 5);
    public static readonly Option<int> Stores = Number("--stores", "stores that payments are spread over", 1_000);
    public static readonly Option<int> Members = Number("--members", "members who pay", 10_000);
    public static readonly Option<int> Writers = Number("--writers", "ledger writers on PostgreSQL", 2);
    public static readonly Option<long> Preload = new("--preload") { Description = "payments brought into the database before measuring" };
    public static readonly Option<bool> Keys = new("--keys")
    { Description = "give each payment an idempotency key of its own, as the API does" };
    public static readonly Option<bool> Json = new("--json") { Description = "end with one line of JSON" };

    public static Option<int> Number(string name, string description, int otherwise) =>
        new(name) { Description = description, DefaultValueFactory = _ => otherwise };

    /// <summary>A command whose action gets what was parsed.</summary>
    public static Command Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        command.SetAction(run);
        return command;
    }
}
