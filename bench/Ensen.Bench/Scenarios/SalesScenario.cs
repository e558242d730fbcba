using System.CommandLine;
using System.Diagnostics;
using Ensen.Basics;
using Ensen.Bench.Measure;
using Ensen.Sales;

namespace Ensen.Bench.Scenarios;

/// <summary>
/// The sales of a merchant's busy day, added up again and again as a desk that follows it does. It is the feature behind
/// <c>GET /shop/sales</c> that is asked.
/// </summary>
static class SalesScenario
{
    static readonly Option<int> s_payments = Options.Number("--payments", "payments of the merchant's day", 100_000);

    public static readonly Command Command = new Command("sales", "The sales of one merchant's day of very many payments")
    {
        Options.Database, s_payments, Options.Seconds, Options.Stores, Options.Members, Options.Writers, Options.Json,
    }.Does(Run);

    static async Task<int> Run(ParseResult asked, CancellationToken ct)
    {
        var payments = asked.GetValue(s_payments);
        await using var stage = await Stage.Open(asked, asked.GetValue(Options.Members), asked.GetValue(Options.Stores), ct);
        var (first, setUp) = (JapanDay.Of(TimeProvider.System.GetUtcNow()), Stopwatch.StartNew());
        await new ClosedLoop(2_048, (_, random) => stage.Pay(random)).Times(payments, ct);
        await stage.Analyze();
        var last = JapanDay.Of(TimeProvider.System.GetUtcNow());
        Console.WriteLine(FormattableString.Invariant($"{payments:N0} payments of a merchant in {setUp.Elapsed.TotalSeconds:N1} s"));

        var sales = new AddUpSales(stage.Db);
        var told = await new ClosedLoop(1, async (_, _) =>
            (await sales.Run([.. stage.Stores.Select(s => s.StoreId)], first, last, ct)).Total.Payments == payments)
            .For(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(asked.GetValue(Options.Seconds)), ct);
        var report = (await Report.Begin("sales", stage.Db))
            .With("payments", payments, FormattableString.Invariant($"{payments:N0} payments"))
            .Figure("p50Ms", told.Latencies.Percentile(0.5), "ms p50", "N1").Figure("p99Ms", told.Latencies.Percentile(0.99), "ms p99", "N1")
            .With("wrong", told.Refused, $"{told.Refused} sums that miss a payment");
        return await stage.Finish(report, asked.GetValue(Options.Json));
    }
}
