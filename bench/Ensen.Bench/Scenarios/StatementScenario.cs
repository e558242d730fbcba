using System.CommandLine;
using System.Diagnostics;
using Ensen.Basics;
using Ensen.Bench.Measure;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Bench.Scenarios;

/// <summary>
/// Pages of the history of one member who moved a million times: the newest page, and pages from anywhere in the past by cursor. It is
/// the feature behind <c>GET /history</c> that is asked.
/// </summary>
static class StatementScenario
{
    const int PageLines = 20;
    static readonly Option<int> s_movements = Options.Number("--movements", "movements of the member", 1_000_000);
    static readonly Option<int> s_callers = Options.Number("--callers", "callers who read pages", 1);

    public static readonly Command Command = new Command("statement", "Pages of the history of one member with very many movements")
    {
        Options.Database, s_movements, s_callers, Options.Seconds, Options.Stores, Options.Writers, Options.Json,
    }.Does(Run);

    static async Task<int> Run(ParseResult asked, CancellationToken ct)
    {
        var (movements, callers, seconds) = (asked.GetValue(s_movements), asked.GetValue(s_callers), asked.GetValue(Options.Seconds));
        await using var stage = await Stage.Open(asked, 1, asked.GetValue(Options.Stores), ct);
        var member = stage.Members[0];
        var from = Id.New(TimeProvider.System);
        var setUp = Stopwatch.StartNew();
        await new ClosedLoop(2_048, (_, random) => stage.Pay(random)).Times(movements, ct);
        await stage.Analyze();
        Console.WriteLine(FormattableString.Invariant($"{movements:N0} payments of one member in {setUp.Elapsed.TotalSeconds:N1} s"));
        var (first, last) = (Id.TimeOf(from), TimeProvider.System.GetUtcNow());

        var history = new History(stage.Db);
        var report = (await Report.Begin("statement", stage.Db)).With(
            "movements", movements, FormattableString.Invariant($"{movements:N0} movements")).With("callers", callers);
        foreach (var (name, before) in new (string, Func<Random, EntryId?>)[]
        {
            ("newest", _ => null),
            ("deep", random => Id.First<EntryId>(first + (last - first) * (0.01 + 0.98 * random.NextDouble()))),
        })
        {
            var pages = await new ClosedLoop(callers, async (_, random) => (await history.Of(member, before(random), PageLines, ct))
                .Count == PageLines)
                .For(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(seconds), ct);
            report.Figure(name + "PagesPerSecond", pages.PerSecond, name + " pages/s", "N0")
                .Figure(name + "P50Ms", pages.Latencies.Percentile(0.5), "ms p50", "N2").Figure(
                    name + "P99Ms", pages.Latencies.Percentile(0.99), "ms p99", "N2")
                .With(name + "Short", pages.Refused, $"{pages.Refused} short pages");
        }
        return await stage.Finish(report, asked.GetValue(Options.Json));
    }
}
