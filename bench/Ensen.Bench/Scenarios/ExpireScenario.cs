using System.CommandLine;
using System.Diagnostics;
using Ensen.Basics;
using Ensen.Bench.Measure;
using Ensen.Points;

namespace Ensen.Bench.Scenarios;

/// <summary>
/// A night on which many lots lapse while people go on paying. The lots come through the ledger as well, a thousand members an entry, as a
/// campaign would give them; then the product's own expiry runs, once for the figure and once more to see that nothing is left for it.
/// </summary>
static class ExpireScenario
{
    const int LotsInEntry = 1_000;
    static readonly Option<int> s_lots = Options.Number("--lots", "lots that lapse in the night, one a member", 1_000_000);
    static readonly Option<int> s_callers = Options.Number("--callers", "callers who pay meanwhile", 32);

    public static readonly Command Command = new Command("expire", "A night on which many lots of points lapse, while payments go on")
    {
        Options.Database, s_lots, s_callers, Options.Stores, Options.Members, Options.Writers, Options.Json,
    }.Does(Run);

    static async Task<int> Run(ParseResult asked, CancellationToken ct)
    {
        var (lots, callers) = (asked.GetValue(s_lots), asked.GetValue(s_callers));
        await using var stage = await Stage.Open(asked, asked.GetValue(Options.Members), asked.GetValue(Options.Stores), ct);
        var today = JapanDay.Of(TimeProvider.System.GetUtcNow());
        var setUp = Stopwatch.StartNew();
        await GiveLots(stage, lots, FiscalYear.Of(today).FirstDay.Number, ct);
        await stage.Analyze();
        Console.WriteLine(FormattableString.Invariant($"{lots:N0} lots given in {setUp.Elapsed.TotalSeconds:N1} s"));

        var expire = new Expire(stage.Db, stage.Ledger, TimeProvider.System);
        var report = await Report.Begin("expire", stage.Db);
        var night = Stopwatch.StartNew();
        var running = Task.Run(() => expire.Run(today, ct), ct);
        var payments = await new ClosedLoop(callers, (_, random) => stage.Pay(random)).During(running, ct);
        var expired = await running;
        var seconds = night.Elapsed.TotalSeconds;
        var again = await expire.Run(today, ct);

        report.With("lots", expired.Lots, FormattableString.Invariant($"{expired.Lots:N0} lots lapsed")).Figure("seconds", seconds, "s")
            .Figure("lotsPerSecond", expired.Lots / seconds, "lots/s", "N0")
            .With("callers", callers, $"meanwhile {callers} callers paid").Loop(payments, "payments")
            .With("leftForASecondRun", again.Lots, $"{again.Lots} left for a second run");
        // A database that was used before may have had lots to lapse of its own.
        return await stage.Finish(report, asked.GetValue(Options.Json)) is var code && expired.Lots >= lots && again.Lots == 0 ? code : 1;
    }

    static async Task GiveLots(Stage stage, int lots, int term, CancellationToken ct)
    {
        var members = Enumerable.Range(0, lots).Select(_ => Id.New(TimeProvider.System));
        foreach (var entries in members.Chunk(LotsInEntry).Chunk(8))
            await Task.WhenAll(entries.Select(part => stage.Ledger.Post(Booking.Lots(part, new Lot(LotKind.Basic, term), 10.Points()), ct)));
    }
}
