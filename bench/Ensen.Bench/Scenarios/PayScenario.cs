using System.CommandLine;
using Ensen.Bench.Measure;

namespace Ensen.Bench.Scenarios;

/// <summary>Payments through the ledger, in a closed loop.</summary>
static class PayScenario
{
    static readonly Option<int> s_campaigns = new("--campaigns")
    {
        Description = "running campaigns of mixed rules; measured between two rounds without any, each of --seconds",
    };

    static readonly Option<bool> s_narrow = new("--narrow")
    {
        Description = "each campaign is for its share of the stores, so that about one covers a payment",
    };

    public static readonly Command Command = new Command("pay",
        "Payments through the ledger: each a debit, a store's credit and points earned (4 postings)")
    {
        Options.Database, Options.Callers, Options.Seconds, Options.WarmUp, Options.Stores, Options.Members, Options.Writers, Options.Keys, Options.Preload,
            s_campaigns, s_narrow, Options.Json,
    }.Does(Run);

    static async Task<int> Run(ParseResult asked, CancellationToken ct)
    {
        var (callers, seconds, keys, preload) = (asked.GetValue(Options.Callers), asked.GetValue(Options.Seconds),
            asked.GetValue(Options.Keys), asked.GetValue(Options.Preload));
        await using var stage = await Stage.Open(asked, asked.GetValue(Options.Members), asked.GetValue(Options.Stores), ct);
        if (preload > 0)
            await FillScenario.Fill(stage, preload, ct);
        await stage.Analyze();
        if (asked.GetValue(s_campaigns) is > 0 and var campaigns)
            return await Compare(asked, stage, campaigns, ct);
        var report = await Report.Begin("pay", stage.Db);

        var allocated = GC.GetTotalAllocatedBytes();
        var batches = stage.Ledger.Batches;
        var posted = stage.Ledger.Posted;
        var measured = await new ClosedLoop(callers, (_, random) => stage.Pay(random, keys)).For(
            TimeSpan.FromSeconds(asked.GetValue(Options.WarmUp)), TimeSpan.FromSeconds(seconds), ct);
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        posted = stage.Ledger.Posted - posted;

        report.With("callers", callers, $"{callers} callers").With("seconds", seconds).With(
            "stores", stage.Stores.Length, $"{stage.Stores.Length} stores")
            .With("members", stage.Members.Length).With("preloaded", preload)
            .Loop(measured, "payments")
            .Figure("paymentsPerBatch", posted / (double)Math.Max(1, stage.Ledger.Batches - batches), "payments a batch")
            .Figure("bytesAllocatedPerPayment", allocated / (double)Math.Max(1, posted), "bytes allocated a payment", "N0");
        return await stage.Finish(report, asked.GetValue(Options.Json));
    }

    /// <summary>Without, with, and without again, so that neither gets the emptier tables alone.</summary>
    static async Task<int> Compare(ParseResult asked, Stage stage, int campaigns, CancellationToken ct)
    {
        var report = await Report.Begin("pay --campaigns", stage.Db);
        var before = await Round();
        var running = await RunningOnStage.Open(stage, campaigns, asked.GetValue(s_narrow), ct);
        var with = await Round();
        var awards = await running.AwardsPerPayment();
        await running.Close();
        var after = await Round();

        var without = (before.PerSecond + after.PerSecond) / 2;
        report.With("campaigns", campaigns, $"{campaigns} campaigns").With("callers", asked.GetValue(Options.Callers))
            .Loop(with, "payments")
            .Figure("withoutPerSecond", without, "payments/s without campaigns")
            .Figure("share", 100 * with.PerSecond / without, "% of that with them")
            .Figure("awardsPerPayment", awards, "campaigns gave something to a payment");
        return await stage.Finish(report, asked.GetValue(Options.Json));

        Task<Measured> Round() => new ClosedLoop(asked.GetValue(Options.Callers), (_, random) => stage.Pay(random)).For(
            TimeSpan.FromSeconds(asked.GetValue(Options.WarmUp)), TimeSpan.FromSeconds(asked.GetValue(Options.Seconds)), ct);
    }
}
