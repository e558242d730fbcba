using System.CommandLine;
using Ensen.Basics;
using Ensen.Bench.Measure;
using Ensen.Ledger;
using Ensen.Wallet;

namespace Ensen.Bench.Scenarios;

/// <summary>
/// Members send each other money, in a closed loop: two guarded accounts each, so two owners that nobody else may touch meanwhile.
/// </summary>
static class TransferScenario
{
    public static readonly Command Command = new Command("transfer", "Transfers from member to member through the ledger (2 postings)")
    {
        Options.Database, Options.Callers, Options.Seconds, Options.WarmUp, Options.Members, Options.Writers, Options.Json,
    }.Does(Run);

    static async Task<int> Run(ParseResult asked, CancellationToken ct)
    {
        var (callers, seconds) = (asked.GetValue(Options.Callers), asked.GetValue(Options.Seconds));
        await using var stage = await Stage.Open(asked, Math.Max(2, asked.GetValue(Options.Members)), 0, ct);
        await stage.Analyze();
        var transfer = new Transfer(stage.Db, stage.Ledger, Stage.Programme, TimeProvider.System);
        var report = await Report.Begin("transfer", stage.Db);

        var measured = await new ClosedLoop(callers, async (_, random) =>
        {
            var from = random.Next(stage.Members.Length);
            var to = (from + random.Next(1, stage.Members.Length)) % stage.Members.Length;
            return (await transfer.Run(new TransferRequest(
                new Payer(stage.Members[from], true), new Payer(stage.Members[to], true), random.Next(1, 1_500).Yen(), null,
                Initiator.Member(stage.Members[from]), []), ct)).Accepted;
        }).For(TimeSpan.FromSeconds(asked.GetValue(Options.WarmUp)), TimeSpan.FromSeconds(seconds), ct);

        report.With("callers", callers, $"{callers} callers").With("seconds", seconds).With("members", stage.Members.Length)
            .Loop(measured, "transfers");
        return await stage.Finish(report, asked.GetValue(Options.Json));
    }
}
