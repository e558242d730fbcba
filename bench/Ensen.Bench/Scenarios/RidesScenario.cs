using System.CommandLine;
using System.Diagnostics;
using Ensen.Basics;
using Ensen.Bench.Measure;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Transit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Bench.Scenarios;

/// <summary>
/// A month of rides as a file: duplicates and nonsense among them, read by the product's own reader, and then the month's points computed
/// and posted for all cards. Cards are linked beforehand. A second run has to find nothing left. With <c>--kills</c> the same is done once
/// more in another database by a process that is killed so many times, and both have to end alike; with <c>--spoiled</c> a point is taken
/// away there first, and they must not.
/// </summary>
static class RidesScenario
{
    static readonly Option<int> s_rides = Options.Number("--rides", "rides of the month", 1_000_000);
    static readonly Option<int> s_cards = Options.Number("--cards", "linked cards", 200_000);
    static readonly Option<int> s_kills = Options.Number("--kills", "how often the process of a second run is killed", 0);
    static readonly Option<bool> s_spoiled = new("--spoiled")
    {
        Description = "take a point away from the run that is killed: that both end alike must then fail",
    };
    static readonly Option<string?> s_killedIn = new("--killed-in") { Description = "the database of the run that is killed" };
    static readonly Option<string> s_file = new("--file") { Description = "the file of rides", Required = true };

    public static readonly Command Command = new Command("rides", "A file of rides read, and a month's ride points computed and posted")
    {
        Options.Database, s_rides, s_cards, s_kills, s_killedIn, s_spoiled, Options.Writers, Options.Json,
    }.Does(Run);

    /// <summary>What is killed: reads the file and posts, and says when it begins with either.</summary>
    public static readonly Command Part = new Command(RidesKilled.PartName, "Reads a file of rides and posts, in a database that is there")
    {
        Options.Database, s_file, Options.Writers,
    }.Does(RunPart);

    static async Task<int> Run(ParseResult asked, CancellationToken ct)
    {
        var (kills, killedIn) = (asked.GetValue(s_kills), asked.GetValue(s_killedIn));
        if (kills > 0 && killedIn is null)
        {
            await Console.Error.WriteLineAsync("--kills needs --killed-in: the database of the run that is killed");
            return 2;
        }
        var month = new MonthOfRides(asked.GetValue(s_cards));
        await using var stage = await Stage.Open(asked, 1, 1, ct);
        await month.Link(stage.Db, ct);
        await stage.Analyze();

        var path = Path.Combine(Path.GetTempPath(), $"ensen-rides-{Environment.ProcessId}.csv");
        await month.Write(path, asked.GetValue(s_rides), ct);
        try
        {
            var report = await Report.Begin("rides", stage.Db);
            var (spent, reading) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
            var read = await Read(stage.Db, path, ct);
            var readIn = reading.Elapsed;
            var (post, posting) = (Poster(stage.Db, stage.Ledger), Stopwatch.StartNew());
            var posted = await post.Run(ct);
            var postedIn = posting.Elapsed;
            spent = Environment.CpuUsage.TotalTime - spent;
            var again = await post.Run(ct);
            report.With("lines", read.Lines, FormattableString.Invariant(
                    $"{read.Lines:N0} lines: {read.Accepted:N0} rides, {read.Duplicates:N0} duplicates, {read.Refused:N0} refused"))
                .With("accepted", read.Accepted).With("duplicates", read.Duplicates).With("refused", read.Refused)
                .Figure("readSeconds", readIn.TotalSeconds, "s to read them")
                .Figure("postSeconds", postedIn.TotalSeconds, "s to compute and post")
                .Figure("seconds", (readIn + postedIn).TotalSeconds, "s together")
                .Figure("cpuSeconds", spent.TotalSeconds, "s of this process's CPU")
                .With("cards", posted.Cards, FormattableString.Invariant(
                    $"{posted.Cards:N0} cards were given {posted.Points.Value:N0} points"))
                .With("leftForASecondRun", again.Cards, $"{again.Cards} left for a second run");
            var isWhole = again.Cards == 0;
            if (kills > 0)
            {
                var killed = new RidesKilled(killedIn!, path, asked.GetValue(Options.Writers), readIn, postedIn, asked.GetValue(s_spoiled));
                isWhole &= await killed.Run(month, stage.Db, kills, report, ct);
            }
            return await stage.Finish(report, asked.GetValue(Options.Json)) is var code && isWhole ? code : 1;
        }
        finally
        {
            File.Delete(path);
        }
    }

    static async Task<int> RunPart(ParseResult asked, CancellationToken ct)
    {
        await using var db = Database.Open(asked.GetValue(Options.Database)!, Product.Catalogue);
        await using var ledger = new GeneralLedger(db, TimeProvider.System, asked.GetValue(Options.Writers));
        await Console.Out.WriteLineAsync(RidesKilled.Reading);
        await Read(db, asked.GetValue(s_file)!, ct);
        await Console.Out.WriteLineAsync(RidesKilled.Posting);
        await Poster(db, ledger).Run(ct);
        return 0;
    }

    static async Task<RidesRead> Read(Database db, string path, CancellationToken ct)
    {
        using var file = new StreamReader(path);
        return await new ReadRides(db, MonthOfRides.Keys, new Programme(), TimeProvider.System).File("bench", file, ct);
    }

    static PostRidePoints Poster(Database db, GeneralLedger ledger) => new(
        db, ledger, new Programme { Transit = new TransitRules { PostsOnDay = 1 } }, TimeProvider.System,
        NullLogger<PostRidePoints>.Instance);
}
