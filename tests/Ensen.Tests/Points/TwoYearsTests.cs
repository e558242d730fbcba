using System.Globalization;
using System.Text.Json;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;
using Shop = Ensen.Tests.Api.Shop;

namespace Ensen.Tests.Points;

/// <summary>
/// Two years of one member's points, lived through the API while the sandbox's clock is moved: each line of <c>docs/two-years.md</c>, which
/// was reckoned by hand, is what she then has.
/// </summary>
public class TwoYearsTests
{
    [Theory, BothEngines]
    public async Task Two_years_end_with_the_numbers_that_were_reckoned_by_hand(Engine engine)
    {
        await using var app = await WebApp.Start(engine);
        var years = await Years.Begin(new Scene(app));
        var lived = new List<string>();
        foreach (var (day, happens) in years.Days)
        {
            await years.Until(day, happens.At);
            await happens.Act();
            lived.Add($"| {day} | {happens.What} | {await years.Has()} |");
        }

        string.Join('\n', lived).ShouldBe(string.Join('\n', Written()));
        var verdict = await WebApp.Command("verify", "--database", app.DatabaseAddress);
        verdict.ExitCode.ShouldBe(0, verdict.Output);
    }

    static IEnumerable<string> Written() => File.ReadLines(Path.Combine(Repository.Root, "docs", "two-years.md"))
        .Where(line => line.StartsWith("| 20", StringComparison.Ordinal));

    sealed record Happening(string What, Func<Task> Act, string At = "12:00:00");

    sealed class Years
    {
        const string Gates = "11:00:00";

        readonly Scene _scene;
        readonly Dictionary<string, string> _payments = [];
        Person _aoi = null!;
        Shop _bakery = null!;
        Shop _cafe = null!;
        Client _pointTill = null!;
        string _card = "";
        string _cardId = "";

        Years(Scene scene) => _scene = scene;

        public static async Task<Years> Begin(Scene scene)
        {
            var years = new Years(scene);
            // The clock goes ten years at a time at most.
            await years.Until("2033-04-10", "09:00:00");
            await years.Until("2040-04-10", "09:00:00");
            years._aoi = await scene.Member(200_000);
            years._bakery = await scene.Store("パン工房つるはし");
            years._cafe = await scene.Store("喫茶ループ");
            var centre = (await scene.Nobody.Post("/sandbox/centres", new { name = "なんばモール" }, Client.NoKey)).Created();
            years._pointTill = new Client(scene.App.Http, centre.Text("pointTillToken"));
            return years;
        }

        public IReadOnlyList<(string Day, Happening Happens)> Days =>
        [
            ("2040-04-10", new("pays 12,345 at the bakery: 1 point for each full 200 yen", () => Pay(_bakery, 12_345))),
            ("2040-05-02", new("shows her number at the centre for 5,000 yen: 1 point for each full 110 yen", () => Show(5_000, "r-1"))),
            ("2040-05-03", new("a purchase of 1,100 at the centre is booked, and cancelled the same day", BookedAndCancelled)),
            ("2040-06-15", new("pays 3,200 at the café, where a campaign gives 100 more from 3,000 yen", PayInTheCampaign)),
            ("2040-07-20", new("pays 1,000 at the bakery with 50 points: those that lapse first go first; 950 yen earn 4",
                () => Pay(_bakery, 1_000, 50))),
            ("2040-08-01", new("pays 500 at the café with 120 points: 50 of the campaign, 70 basic; 380 yen earn 1",
                () => Pay(_cafe, 500, 120, "taken back"))),
            ("2040-08-03", new("the café takes it back: points return to where they came from, the one that was earned goes",
                () => Refund(_cafe, "taken back", 500))),
            ("2040-10-01", new("the campaign's points have lapsed in the night", () => Task.CompletedTask)),
            ("2040-11-09", new("has ridden five times from Osaka to Kyobashi at eleven o'clock, for 170 yen each", Ride)),
            ("2040-12-08", new("the fourth and the fifth ride bring 17 points each, for her transit card only", () => Task.CompletedTask)),
            ("2040-12-10", new("puts them on the card", () => Charge(34))),
            ("2041-02-14", new("pays 20,000 at the bakery: 100 points", () => Pay(_bakery, 20_000, called: "spent since"))),
            ("2041-02-20", new("pays 226 at the café, all with points", () => Pay(_cafe, 226, 226))),
            ("2041-02-25", new("the bakery takes the 20,000 back: the 100 points it brought are spent, so 100 yen stay behind",
                () => Refund(_bakery, "spent since", 20_000))),
            ("2041-03-31", new("pays 6,000 at the bakery on the last day of the fiscal year", () => Pay(_bakery, 6_000), At: "23:59:00")),
            ("2041-04-01", new("pays 40,000 at the bakery on the first day of the next", () => Pay(_bakery, 40_000), At: "00:00:01")),
            ("2042-03-31", new("pays 1,000 at the bakery with 10 points; 990 yen earn 4", () => Pay(_bakery, 1_000, 10))),
            ("2042-04-01", new("what was left of the first fiscal year has lapsed in the night", () => Task.CompletedTask)),
        ];

        /// <summary>Answers when everything that fell due until then has run.</summary>
        public async Task Until(string day, string at)
        {
            var now = (await _scene.Nobody.Get("/sandbox/clock")).Ok().Json.GetProperty("now").GetDateTimeOffset();
            var then = DateTimeOffset.Parse($"{day}T{at}+09:00", CultureInfo.InvariantCulture);
            if (then > now)
                (await _scene.Nobody.Post("/sandbox/clock", new { now = then }, Client.NoKey)).Ok();
        }

        /// <summary>Money, and points by kind and last day.</summary>
        public async Task<string> Has()
        {
            var lots = (await _aoi.Api.Get("/points")).Ok().Json.GetProperty("lots").EnumerateArray().ToList();
            long Of(string kind, string? lastDay) => lots
                .Where(l => l.GetProperty("kind").GetString() == kind && l.GetProperty("expiresOn").GetString() == lastDay)
                .Sum(l => l.GetProperty("points").GetInt64());
            long[] has =
            [
                await _aoi.Balance(), Of("basic", "2042-03-31"), Of("basic", "2043-03-31"), Of("campaign", "2040-09-30"),
                Of("charge-only", null),
            ];
            // No lot beside these.
            lots.Sum(l => l.GetProperty("points").GetInt64()).ShouldBe(has[1..].Sum());
            return string.Join(" | ", has.Select(n => n.ToString("N0", CultureInfo.InvariantCulture)));
        }

        async Task Pay(Shop shop, long amount, long points = 0, string? called = null) =>
            _payments[called ?? $"{_payments.Count}"] = (await _aoi.Pay(shop, amount, points)).Created().Text("paymentId");

        async Task Refund(Shop shop, string called, long amount) =>
            (await shop.Till.Post($"/payments/{_payments[called]}/refunds", new { amount })).Created();

        async Task Show(long amount, string receipt) =>
            (await _pointTill.Post("/point-till/awards",
                new { code = (await _aoi.Api.Get("/member-code")).Ok().Text("code"), amount, receipt })).Created();

        async Task BookedAndCancelled()
        {
            await Show(1_100, "r-2");
            (await _pointTill.Post("/point-till/receipts/r-2/cancellation")).Created();
        }

        async Task PayInTheCampaign()
        {
            var (suzuki, ito) = ((await _scene.Operator("Suzuki")).Api, (await _scene.Operator("Ito")).Api);
            var campaign = (await suzuki.Post("/console/campaigns", new
            {
                nameJa = "雨の日の喫茶",
                nameEn = "Rainy days at the café",
                from = "2040-06-15T00:00:00+09:00",
                until = "2040-07-01T00:00:00+09:00",
                gift = new { kind = "fixed", amount = 100 },
                budget = 10_000,
                stores = new[] { _cafe.StoreId },
                leastYen = 3_000,
                lastDay = "2040-09-30",
            })).Created().Text("campaignId");
            (await suzuki.Post($"/console/campaigns/{campaign}/dry-run")).Ok();
            (await ito.Post($"/console/campaigns/{campaign}/approval")).Ok();
            await Pay(_cafe, 3_200);
        }

        async Task Ride()
        {
            var made = (await _scene.Nobody.Post("/sandbox/transit-cards", new { }, Client.NoKey)).Created();
            _card = made.Text("number");
            _cardId = (await _aoi.Api.Post("/transit-cards", new { number = _card, proof = made.Text("proof") })).Created().Text("transitCardId");
            var rides = Enumerable.Range(5, 5).Select(day => new
            {
                card = _card,
                from = "大阪",
                to = "京橋",
                fare = 170,
                inAt = $"2040-11-0{day}T{Gates}+09:00",
                outAt = $"2040-11-0{day}T11:10:00+09:00",
            });
            var answer = (await _scene.Nobody.Post("/sandbox/rides", rides, Client.NoKey)).Ok();
            (answer.Number("accepted"), answer.Number("duplicates")).ShouldBe((5, 0));
        }

        async Task Charge(long points)
        {
            (await _aoi.Api.Post($"/transit-cards/{_cardId}/charges", new { points })).Created();
            await Until("2040-12-10", "13:00:00");
        }
    }
}
