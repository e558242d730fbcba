using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ensen.Basics;
using Ensen.Bench.Measure;
using Ensen.CreditCards;
using Ensen.Members;
using Ensen.Staff;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Bench.Scenarios;

/// <summary>
/// A month's file of purchases by credit card, read by the product's own reader, and then the month's points computed and posted for all
/// cards. Cards are linked beforehand. A second run has to find nothing left.
/// </summary>
static class PurchasesScenario
{
    static readonly Option<int> s_purchases = Options.Number("--purchases", "purchases of the month", 1_000_000);
    static readonly Option<int> s_cards = Options.Number("--cards", "linked cards", 200_000);

    public static readonly Command Command = new Command(
        "purchases", "A file of purchases by credit card read, and a month's points for them computed and posted")
    {
        Options.Database, s_purchases, s_cards, Options.Writers, Options.Json,
    }.Does(Run);

    static async Task<int> Run(ParseResult asked, CancellationToken ct)
    {
        var (purchases, cards) = (asked.GetValue(s_purchases), asked.GetValue(s_cards));
        await using var stage = await Stage.Open(asked, 1, 1, ct);
        var today = JapanDay.Of(TimeProvider.System.GetUtcNow());
        var first = new JapanDay(new DateOnly(today.Date.Year, today.Date.Month, 1).AddMonths(-1));
        await Link(stage, cards, first.Start, ct);
        await stage.Analyze();
        var file = Text(purchases, cards, first);

        var report = await Report.Begin("purchases", stage.Db);
        var reading = Stopwatch.StartNew();
        var operators = new Operators(stage.Db);
        var read = await new TakePurchaseFile(stage.Db, operators, new OperatorLog(stage.Db, TimeProvider.System), TimeProvider.System)
            .Run("bench", file, ct);
        var readIn = reading.Elapsed.TotalSeconds;
        var post = new PostCreditCardPoints(stage.Db, stage.Ledger,
            new Programme { CreditCards = new CreditCardRules { PostsOnDay = 1 } }, TimeProvider.System,
            NullLogger<PostCreditCardPoints>.Instance);
        var posting = Stopwatch.StartNew();
        var posted = await post.Run(ct);
        var postedIn = posting.Elapsed.TotalSeconds;
        var again = await post.Run(ct);
        report.With("lines", read.Lines, FormattableString.Invariant($"{read.Lines:N0} purchases, {read.Accepted:N0} taken"))
            .With("accepted", read.Accepted)
            .Figure("readSeconds", readIn, "s to read them").Figure("postSeconds", postedIn, "s to compute and post")
            .Figure("seconds", readIn + postedIn, "s together")
            .With("cards", posted.Cards, FormattableString.Invariant($"{posted.Cards:N0} cards were given {posted.Points.Value:N0} points"))
            .With("leftForASecondRun", again.Cards, $"{again.Cards} left for a second run");
        return await stage.Finish(report, asked.GetValue(Options.Json)) is var code && again.Cards == 0 && read.Refused.Count == 0 ? code : 1;
    }

    static string Reference(int card) => string.Create(CultureInfo.InvariantCulture, $"card_{card:x12}");

    static async Task Link(Stage stage, int cards, DateTimeOffset from, CancellationToken ct)
    {
        foreach (var part in Enumerable.Range(0, cards).Chunk(2_000))
            await stage.Db.Transact(async tx =>
            {
                foreach (var card in part)
                {
                    var linked = new CreditCard(Id.New<CreditCardId>(from), Id.New<MemberId>(TimeProvider.System),
                        CardReference.Of(Reference(card)), "0000", from.ToUnixTimeMilliseconds(), from.ToUnixTimeMilliseconds(), null, "Bench");
                    await LinkedCreditCards.Links.Add(tx, linked);
                }
            }, ct);
    }

    /// <summary>In no order: one in ten charges a transit card, one in a hundred is given back.</summary>
    static byte[] Text(int purchases, int cards, JapanDay first)
    {
        var random = new Random(2_026);
        var days = DateTime.DaysInMonth(first.Date.Year, first.Date.Month);
        var text = new StringBuilder("card,item,at,amount,kind\n", purchases * 72);
        var sum = 0L;
        for (var n = 0; n < purchases; n++)
        {
            var at = first.Start.AddDays(random.Next(days)).AddSeconds(random.Next(24 * 3_600));
            var amount = random.Next(100, 20_000) * (n % 100 == 50 ? -1 : 1);
            sum += amount;
            text.Append(CultureInfo.InvariantCulture,
                $"{Reference(random.Next(cards))},item-{n},{at:yyyy-MM-ddTHH:mm:sszzz},{amount},{(n % 10 == 0 ? "transit" : "purchase")}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"total,{first.Date:yyyy-MM},1,{sum},{purchases}\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
