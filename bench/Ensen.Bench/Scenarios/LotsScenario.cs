using System.CommandLine;
using System.Diagnostics;
using Ensen.Basics;
using Ensen.Bench.Measure;
using Ensen.Points;

namespace Ensen.Bench.Scenarios;

/// <summary>
/// Members pay with all their points, one after the other: in turn one whose points lie in two lots and one whose points lie in many. Each
/// pays once, for afterwards the lots are empty.
/// </summary>
static class LotsScenario
{
    const int Few = 2;
    static readonly Option<int> s_lots = Options.Number("--lots", "lots of the members who have many", 400);
    static readonly Option<int> s_payments = Options.Number("--payments", "payments of each sort that are measured, after a fifth as many", 200);

    public static readonly Command Command = new Command("lots", "Payments with all points of members with two lots and with many, in turn")
    {
        Options.Database, s_lots, s_payments, Options.Stores, Options.Writers, Options.Json,
    }.Does(Run);

    static async Task<int> Run(ParseResult asked, CancellationToken ct)
    {
        var (lots, payments) = (asked.GetValue(s_lots), asked.GetValue(s_payments));
        var warmUp = payments / 5;
        await using var stage = await Stage.Open(asked, 2 * (warmUp + payments), asked.GetValue(Options.Stores), ct);
        for (var i = 0; i < stage.Members.Length; i++)
            await stage.Ledger.Post(Booking.Lots(stage.Members[i], LotsOf(i % 2 == 0 ? Few : lots, lots)), ct);
        await stage.Analyze();

        var report = await Report.Begin("lots", stage.Db);
        var took = new[] { new LatencyLog(1), new LatencyLog(1) };
        var refused = 0;
        for (var i = 0; i < stage.Members.Length; i++)
        {
            var from = Stopwatch.GetTimestamp();
            var paid = await stage.PayWithPoints(stage.Members[i], lots.Points(), ct);
            if (!paid)
                refused++;
            else if (i >= 2 * warmUp)
                took[i % 2].Add(0, Stopwatch.GetTimestamp() - from);
        }
        var (few, many) = (took[0].Percentile(0.5), took[1].Percentile(0.5));
        report.With("lots", lots, FormattableString.Invariant($"{payments} payments from {Few} lots and {payments} from {lots}, in turn"))
            .Figure("p50FewMs", few, $"ms p50 from {Few} lots", "N2")
            .Figure("p50ManyMs", many, FormattableString.Invariant($"ms p50 from {lots} lots"), "N2")
            .Figure("times", many / few, "times as long", "N2")
            .Figure("p99FewMs", took[0].Percentile(0.99), $"ms p99 from {Few}", "N2")
            .Figure("p99ManyMs", took[1].Percentile(0.99), FormattableString.Invariant($"ms p99 from {lots}"), "N2")
            .With("refused", refused, $"{refused} refused");
        return await stage.Finish(report, asked.GetValue(Options.Json)) is var code && refused == 0 ? code : 1;
    }

    /// <summary>The same points in so many lots, each with a last day of its own.</summary>
    static IReadOnlyList<LotPart> LotsOf(int lots, int points)
    {
        var today = JapanDay.Of(TimeProvider.System.GetUtcNow());
        return [.. Enumerable.Range(1, lots).Select(n => new LotPart(
            Lot.Campaign(new JapanDay(today.Date.AddDays(n))), new PointAmount(points / lots + (n <= points % lots ? 1 : 0))))];
    }
}
