using System.Diagnostics;
using System.Text.Json;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Bench;

sealed record PayOptions(string Database, int Callers, int Seconds, int Stores, int Members, int Writers, bool Keys, bool Json);

/// <summary>
/// A closed loop of payments: every caller waits for its durable answer before it pays again. The members' money comes through the
/// ledger as well; the programme's caps are raised so that the loop may run long, and are checked all the same.
/// </summary>
static class PayScenario
{
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    static readonly Programme Programme = new()
    {
        Payments = new PaymentRules { Verified = new Caps(500_000, 50_000_000_000, 50_000_000_000) },
    };

    public static async Task<int> Run(PayOptions options, CancellationToken ct)
    {
        await using var db = Database.Open(options.Database);
        await db.Migrate(ct);
        await using var ledger = new GeneralLedger(db, TimeProvider.System, options.Writers);
        var pay = new Pay(db, ledger, Programme, TimeProvider.System);

        var members = Enumerable.Range(0, options.Members).Select(_ => Id.New(TimeProvider.System)).ToArray();
        var stores = Enumerable.Range(0, options.Stores).Select(i => new Payee(Id.New(TimeProvider.System), $"Store {i}")).ToArray();
        await Fund(ledger, members, ct);
        await Plans(db, ct);

        var flush = FlushRate.Measure();
        var memory = GC.GetTotalAllocatedBytes();
        var latencies = new LatencyLog(options.Callers);
        long refused = 0;
        var start = Stopwatch.GetTimestamp();
        var from = start + (long)(WarmUp.TotalSeconds * Stopwatch.Frequency);
        var until = from + options.Seconds * Stopwatch.Frequency;
        await Task.WhenAll(Enumerable.Range(0, options.Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            while (Stopwatch.GetTimestamp() < until && !ct.IsCancellationRequested)
            {
                var asked = Stopwatch.GetTimestamp();
                var member = members[random.Next(members.Length)];
                var answer = await pay.Run(new PayRequest(
                    new Payer(member, true), stores[random.Next(stores.Length)], random.Next(200, 1_500).Yen(), PointAmount.Zero, PayWay.Direct, member,
                    options.Keys ? [OnceKey.Of(member, Guid.NewGuid().ToString("N"), "bench")] : [], []), ct);
                var answered = Stopwatch.GetTimestamp();
                if (!answer.Accepted)
                    Interlocked.Increment(ref refused);
                else if (answered >= from && answered <= until)
                    latencies.Add(caller, answered - asked);
            }
        }, ct)));

        var rate = latencies.Count / (double)options.Seconds;
        await using var connection = await db.Connect(ct);
        var balance = await TrialBalance.Read(connection);
        var sumZero = balance.Sum(Unit.Yen) == 0 && balance.Sum(Unit.Point) == 0;
        Console.WriteLine(FormattableString.Invariant(
            $"{db.Engine}, {options.Callers} callers, {options.Stores} stores, {options.Members} members, flush {await FlushSetting.Of(db)}, raw flush rate {flush:N0}/s"));
        Console.WriteLine(FormattableString.Invariant(
            $"{rate:N0} payments/s, p50 {latencies.Percentile(0.5):N1} ms, p99 {latencies.Percentile(0.99):N1} ms, refused {refused}, sums to zero: {sumZero}, {(GC.GetTotalAllocatedBytes() - memory) / Math.Max(1, latencies.Count):N0} bytes allocated a payment"));
        if (options.Json)
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                scenario = "pay",
                engine = db.Engine == Engine.Postgres ? "postgres" : "sqlite",
                callers = options.Callers,
                seconds = options.Seconds,
                paymentsPerSecond = Math.Round(rate, 1),
                p50Ms = Math.Round(latencies.Percentile(0.5), 2),
                p99Ms = Math.Round(latencies.Percentile(0.99), 2),
                refused,
                sumZero,
            }));
        return sumZero ? 0 : 1;
    }

    static async Task Fund(GeneralLedger ledger, Guid[] members, CancellationToken ct)
    {
        foreach (var part in members.Chunk(4_000))
            await Task.WhenAll(part.Select(m => ledger.Post(new Grant(m, Id.New(TimeProvider.System)), ct)));
    }

    /// <summary>New tables have no statistics yet; a running town has them.</summary>
    static async Task Plans(Database db, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        await using var analyze = connection.CreateCommand();
        analyze.CommandText = "analyze";
        await analyze.ExecuteNonQueryAsync(ct);
    }
}
