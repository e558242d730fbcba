using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Ensen.Basics;
using Ensen.Bench.Measure;
using Ensen.Members;
using Ensen.Transit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Bench.Scenarios;

/// <summary>
/// A month of rides as a file: duplicates and nonsense among them, read by the product's own reader, and then the month's points computed and
/// posted for all cards. Cards are linked beforehand. A second run has to find nothing left.
/// </summary>
static class RidesScenario
{
    static readonly Option<int> s_rides = Options.Number("--rides", "rides of the month", 1_000_000);
    static readonly Option<int> s_cards = Options.Number("--cards", "linked cards", 200_000);

    public static readonly Command Command = new Command("rides", "A file of rides read, and a month's ride points computed and posted")
    {
        Options.Database, s_rides, s_cards, Options.Writers, Options.Json,
    }.Does(Run);

    static async Task<int> Run(ParseResult asked, CancellationToken ct)
    {
        var (rides, cards) = (asked.GetValue(s_rides), asked.GetValue(s_cards));
        await using var stage = await Stage.Open(asked, 1, 1, ct);
        var now = TimeProvider.System.GetUtcNow();
        var first = ServiceDay.FirstOf(ServiceDay.Before(ServiceDay.Of(now, new TransitRules()).Month));
        var keys = new CardKeys(new byte[CardKeys.KeyBytes]);
        await Link(stage, keys, cards, first.Start, ct);
        await stage.Analyze();

        var path = Path.Combine(Path.GetTempPath(), $"ensen-rides-{Environment.ProcessId}.csv");
        await Write(path, rides, cards, first, ct);
        try
        {
            var report = await Report.Begin("rides", stage.Db);
            var reading = Stopwatch.StartNew();
            RidesRead read;
            using (var file = new StreamReader(path))
                read = await new ReadRides(stage.Db, keys, new Programme(), TimeProvider.System).File("bench", file, ct);
            var readIn = reading.Elapsed.TotalSeconds;
            var post = new PostRidePoints(stage.Db, stage.Ledger, new Programme { Transit = new TransitRules { PostsOnDay = 1 } },
                TimeProvider.System, NullLogger<PostRidePoints>.Instance);
            var posting = Stopwatch.StartNew();
            var posted = await post.Run(ct);
            var postedIn = posting.Elapsed.TotalSeconds;
            var again = await post.Run(ct);
            report.With("lines", read.Lines, FormattableString.Invariant(
                    $"{read.Lines:N0} lines: {read.Accepted:N0} rides, {read.Duplicates:N0} duplicates, {read.Refused:N0} refused"))
                .With("accepted", read.Accepted).With("duplicates", read.Duplicates).With("refused", read.Refused)
                .Figure("readSeconds", readIn, "s to read them").Figure("postSeconds", postedIn, "s to compute and post")
                .Figure("seconds", readIn + postedIn, "s together")
                .With("cards", posted.Cards, FormattableString.Invariant($"{posted.Cards:N0} cards were given {posted.Points.Value:N0} points"))
                .With("leftForASecondRun", again.Cards, $"{again.Cards} left for a second run");
            return await stage.Finish(report, asked.GetValue(Options.Json)) is var code && again.Cards == 0 ? code : 1;
        }
        finally
        {
            File.Delete(path);
        }
    }

    static string Number(int card) => string.Create(CultureInfo.InvariantCulture, $"JW{card:000000000000000}");

    static async Task Link(Stage stage, CardKeys keys, int cards, DateTimeOffset from, CancellationToken ct)
    {
        foreach (var part in Enumerable.Range(0, cards).Chunk(2_000))
            await stage.Db.Transact(async tx =>
            {
                foreach (var card in part)
                {
                    var linked = new TransitCard(
                        Id.New<TransitCardId>(from), Id.New<MemberId>(TimeProvider.System), keys.Of(Number(card)), "bench", "0000",
                        Ensen.Gateways.TransitCardForm.Mobile, from.ToUnixTimeMilliseconds(), from.ToUnixTimeMilliseconds(), long.MaxValue, null, false);
                    await TransitCards.Claim(tx, linked);
                    await TransitCards.Insert(tx, linked);
                }
            }, ct);
    }

    /// <summary>In no order: one line in a hundred a second time, one in a thousand nonsense.</summary>
    static async Task Write(string path, int rides, int cards, JapanDay first, CancellationToken ct)
    {
        var random = new Random(2_026);
        string[] stations = ["大阪", "京橋", "鶴橋", "天王寺", "西九条", "三ノ宮"];
        var days = DateTime.DaysInMonth(first.Date.Year, first.Date.Month);
        await using var file = new StreamWriter(path);
        var before = "";
        for (var n = 0; n < rides; n++)
        {
            ct.ThrowIfCancellationRequested();
            if (n % 1_000 == 500)
            {
                await file.WriteLineAsync("nonsense,;?");
                continue;
            }
            if (n % 100 == 50)
            {
                await file.WriteLineAsync(before);
                continue;
            }
            var at = first.Start.AddDays(random.Next(days)).AddSeconds(random.Next(5 * 3_600, 24 * 3_600));
            var from = random.Next(stations.Length);
            before = string.Create(CultureInfo.InvariantCulture,
                $"{Number(random.Next(cards))},{stations[from]},{stations[(from + 1 + random.Next(stations.Length - 1)) % stations.Length]},{random.Next(14, 60) * 10},{at:yyyy-MM-ddTHH:mm:sszzz},{at.AddMinutes(25):yyyy-MM-ddTHH:mm:sszzz}");
            await file.WriteLineAsync(before);
        }
    }
}
