using System.CommandLine;
using System.Diagnostics;
using Dapper;
using Ensen.Basics;
using Ensen.Bench.Measure;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Bench.Scenarios;

/// <summary>
/// How long <c>verify</c> takes over a history that went through the product: payments with keys, some of them refunded, at few stores,
/// which are the hard case.
/// </summary>
static class VerifyScenario
{
    const int Callers = 2_048;
    static readonly Option<long> s_payments = new("--payments")
    { Description = "payments in the database; those that are missing are brought in first", DefaultValueFactory = _ => 1_000_000 };
    static readonly Option<long> s_refunds = new("--refunds")
    { Description = "refunds of as many payments", DefaultValueFactory = _ => 100_000 };
    static readonly Option<int> s_stores = Options.Number("--stores", "stores that payments are spread over", 10);

    public static readonly Command Command = new Command("verify", "Measures verify over a history of payments and refunds")
    {
        Options.Database, s_payments, s_refunds, s_stores, Options.Members, Options.Writers, Options.Json,
    }.Does(Run);

    static async Task<int> Run(ParseResult asked, CancellationToken ct)
    {
        await using var stage = await Stage.Open(asked, asked.GetValue(Options.Members), asked.GetValue(s_stores), ct);
        var report = await Report.Begin("verify", stage.Db);
        await FillScenario.Fill(stage, Math.Max(0, asked.GetValue(s_payments) - await Count(stage.Db, "payment")), ct, keys: true);
        await Refund(stage, asked.GetValue(s_refunds) - await Count(stage.Db, "refund"), ct);
        await stage.Analyze();

        var from = Stopwatch.GetTimestamp();
        var verdict = await new Verify(stage.Db).Run([], step =>
        {
            if (step.Part >= 1)
                Console.WriteLine(FormattableString.Invariant($"{step.Took.TotalSeconds,7:0.0} s  {step.What}"));
        }, ct: ct);
        report.Figure("verifySeconds", Stopwatch.GetElapsedTime(from).TotalSeconds, "s to verify")
            .With("payments", await Count(stage.Db, "payment"), $"{await Count(stage.Db, "payment"):N0} payments")
            .With("refunds", await Count(stage.Db, "refund"), $"{await Count(stage.Db, "refund"):N0} refunds")
            .With("holds", verdict.Holds, $"holds: {verdict.Holds}");
        return await stage.Finish(report, asked.GetValue(Options.Json)) is 0 && verdict.Holds ? 0 : 1;
    }

    static async Task<long> Count(Database db, string table)
    {
        await using var connection = await db.Connect();
        return await connection.ExecuteScalarAsync<long>($"select count(*) from {table}");
    }

    /// <summary>A yen to half of each payment is given back: the oldest that have no refund yet.</summary>
    static async Task Refund(Stage stage, long refunds, CancellationToken ct)
    {
        if (refunds <= 0)
            return;
        List<(PaymentId Id, StoreId Store, long Amount)> payments;
        await using (var connection = await stage.Db.Connect(ct))
            payments = [.. await connection.QueryAsync<(PaymentId, StoreId, long)>(
                """
                select p.entry_id, p.store_id, p.amount_yen
                from payment p
                left join refund r on r.payment_id = p.entry_id
                where r.payment_id is null
                order by p.entry_id
                limit @refunds
                """, new { refunds })];
        var (refund, next) = (new Refund(stage.Db, stage.Ledger, Stage.Programme, TimeProvider.System, new PointUses(stage.Db)), -1);
        await new ClosedLoop(Callers, async (_, random) =>
        {
            if (Interlocked.Increment(ref next) is var at && at >= payments.Count)
                return true;
            var (id, store, amount) = payments[at];
            return (await refund.Run(new RefundRequest(
                id, [store], random.NextInt64(1, amount / 2).Yen(), null, Initiator.Till(store), [
                    IdempotencyKey.Of(store, Guid.NewGuid().ToString("N"), "bench")]), ct)).Accepted;
        }).Times(payments.Count, ct);
    }
}
