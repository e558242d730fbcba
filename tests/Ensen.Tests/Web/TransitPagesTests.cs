using System.Globalization;
using System.Net;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Sandbox;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>Rides and transit cards as a member's pages show them: what is on its way, what a charge does, and what a month came to.</summary>
public class TransitPagesTests(Servers servers)
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Points_of_rides_are_told_with_what_they_are_for_before_they_come(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, ren) = (await scene.Member(), await scene.Member(name: "Ren"));
        var card = await Linked(scene, aoi);
        (await aoi.Api.Get("/points")).Ok().Json.TryGetProperty("ridePoints", out _).ShouldBeFalse();
        var month = await Ride(scene, card, 12);

        var coming = (await aoi.Api.Get("/points")).Ok().Json.GetProperty("ridePoints").EnumerateArray().Single();
        (coming.GetProperty("month").GetString(), coming.GetProperty("points").GetInt64()).ShouldBe((month, 36), "two from the 11th at 180");
        (await aoi.Api.Get("/points")).Ok().Json.GetProperty("pending").GetInt64().ShouldBe(0, "what is pending is as it was");
        using var phone = Phone(scene, aoi);
        foreach (var page in new[] { "/points", "/" })
        {
            var shown = WebUtility.HtmlDecode(await phone.Get(page));
            shown.ShouldContain($"/transit/rides?month={month}");
            shown.ShouldContain("チャージ専用");
        }
        WebUtility.HtmlDecode(await phone.Get("/transit/rides")).ShouldContain("交通系ICカードへのチャージだけに使え");
        using var other = Phone(scene, ren);
        (await other.Get("/points")).ShouldNotContain("/transit/rides");
    }

    [Theory, BothEngines]
    public async Task A_charge_is_confirmed_with_card_and_amount_and_its_receipt_names_the_card(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.MemberWithPoints(100, 20_000);
        var card = await Linked(scene, aoi);
        using var phone = Phone(scene, aoi);
        var form = PlainBrowser.Fields(await phone.Get("/transit"), "/transit/confirm");
        foreach (var (number, proof, why) in new[] { ("123", "1", "英数字8〜24文字"), ("ABCD12345678", " ", "確認番号を入れてください") })
        {
            var link = PlainBrowser.Fields(await phone.Get("/transit"), "/transit");
            (link["number"], link["proof"]) = (number, proof);
            WebUtility.HtmlDecode(await phone.Get(await phone.Post("/transit", link))).ShouldContain(why);
        }
        foreach (var (points, why) in new[] { ("0", "1以上"), ("20001", "1以上20,000以下"), ("99999999", "1以上20,000以下") })
        {
            form["points"] = points;
            WebUtility.HtmlDecode(await phone.Get(await phone.Post("/transit/confirm", form))).ShouldContain(why);
        }
        foreach (var (points, why) in new[] { ("0", "1以上"), ("101", "足りません") })
        {
            form["points"] = points;
            var back = await phone.Post("/transit/confirm", form);
            back.ShouldStartWith("/transit?");
            WebUtility.HtmlDecode(await phone.Get(back)).ShouldContain("id=\"fault\"", customMessage: why);
        }
        form["points"] = "60";
        var confirm = await phone.Post("/transit/confirm", form);
        confirm.ShouldStartWith("/transit/charge?");
        var asked = await phone.Get(confirm);
        asked.ShouldContain($"****{card[^4..]}");
        (await Points(aoi)).ShouldBe(100, "nothing has moved");

        var done = await phone.Post("/transit/charge", PlainBrowser.Fields(asked, "/transit/charge"));
        done.ShouldBe("/transit?told=transit-charged");
        (await phone.Post("/transit/charge", PlainBrowser.Fields(asked, "/transit/charge"))).ShouldBe(done, "pressed twice is once");
        (await Points(aoi)).ShouldBe(40);
        var page = WebUtility.HtmlDecode(await phone.Get(done));
        page.ShouldContain("チャージ済み");
        var receipt = System.Text.RegularExpressions.Regex.Match(page, "href=\"(/history/[^\"]+)\"").Groups[1].Value;
        (await phone.Get(receipt)).ShouldContain($"<b>****{card[^4..]}</b>");
        (await phone.Get("/history?kind=rides")).ShouldContain($"****{card[^4..]}");
    }

    [Theory, BothEngines]
    public async Task What_a_month_came_to_is_what_the_books_say_and_rides_stand_in_page_and_file(Engine engine)
    {
        var scene = new Scene(await servers.WithMovableClock(engine));
        // In the first hours of a month rides are still those of the day before, and payments are not.
        if (JapanDay.InTokyo(await Now(scene)) is { Day: 1, Hour: < 4 })
            (await scene.Nobody.Post("/sandbox/clock", new { advance = "PT4H" }, Client.NoKey)).Ok();
        var (aoi, ren, store) = (await scene.Member(50_000), await scene.Member(10_000, name: "Ren"), await scene.Store());
        var card = await Linked(scene, aoi);
        var paid = (await aoi.Api.Post("/payments", new { storeId = store.StoreId, amount = 4_000 })).Created().Text("paymentId");
        (await store.Till.Post($"/payments/{paid}/refunds", new { amount = 1_000 })).Created();
        (await aoi.Api.Post("/transfers", new { to = ren.Id, amount = 2_500 })).Created();
        (await ren.Api.Post("/transfers", new { to = aoi.Id, amount = 700 })).Created();
        var reward = (await scene.Nobody.Post("/sandbox/rewards", new { title = "環状線一日券", points = 5, yen = 300 }, Client.NoKey)).Ok()
            .Text("rewardId");
        (await aoi.Api.Post($"/rewards/{reward}/orders", new { })).Created();
        var month = await Ride(scene, card, 11);

        using var phone = Phone(scene, aoi);
        var page = WebUtility.HtmlDecode(await phone.Get($"/history/month/{month}"));
        Number(Row("送った")).ShouldBe(-2_500);
        Number(Row("支払い")).ShouldBe(-4_000);
        Number(Row("特典との交換")).ShouldBe(-300);
        Number(Row("前月からの繰越")).ShouldBe(0);
        var change = Number(Row("きょうの残高"));
        change.ShouldBe(Number(Row("チャージ")) + Number(Row("返金")) + Number(Row("受け取った")) - 2_500 - 4_000 - 300);
        await using var db = Database.Open(scene.App.DatabaseAddress, SandboxModule.Catalogue);
        await using var connection = await db.Connect(Ct);
        Id.TryParse(aoi.Id, out MemberId member).ShouldBeTrue();
        var yen = string.Join(", ", SandboxModule.Catalogue.All<Ensen.Ledger.AccountType>().Where(t => t.Unit == Ensen.Ledger.Unit.Yen).Select(t => t.Number));
        change.ShouldBe(await connection.ExecuteScalarAsync<long>(
            $"select cast(coalesce(sum(amount), 0) as bigint) from posting where owner = @member and account_type in ({yen})", new { member }));
        change.ShouldBe(await aoi.Balance());
        page.ShouldContain("大阪 → 三ノ宮");
        Number(Sum("この月のポイント")).ShouldBe(18);

        var file = await phone.Get($"/history/csv/{month}");
        var rides = file.Split("\r\n").Where(l => l.Contains("大阪 → 三ノ宮", StringComparison.Ordinal)).Select(l => l.Split(',')).ToList();
        rides.Count.ShouldBe(11);
        rides.ShouldAllBe(r => r[2] == "乗車" && r[4] == "" && r[5] == "" && r[9] == "180");
        rides.Sum(r => long.Parse(r[10], CultureInfo.InvariantCulture)).ShouldBe(18);
        file.Split("\r\n").Skip(1).Where(l => l.Length > 0).Select(l => l.Split(',')[4]).Where(y => y.Length > 0)
            .Sum(y => long.Parse(y, CultureInfo.InvariantCulture)).ShouldBe(change, "the file adds up as well");

        string Row(string name) => First(name, $"<th scope=\"row\">{name}</th>\\s*<td class=\"num\">(.*?)</td>");

        string Sum(string name) => First(name, $"<dt>{name}</dt><dd>(.*?)</dd>");

        string First(string name, string pattern)
        {
            var text = System.Text.RegularExpressions.Regex.Match(page, pattern).Groups[1].Value;
            var shown = System.Text.RegularExpressions.Regex.Match(text, "[+−-]?[0-9][0-9,]*");
            shown.Success.ShouldBeTrue(name);
            return shown.Value;
        }

        static long Number(string text) =>
            long.Parse(text.Replace('−', '-').TrimStart('+'), NumberStyles.AllowThousands | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    static PlainBrowser Phone(Scene scene, Person who) => new(scene.App, "ensen-member", who.Api.Token!);

    static async Task<long> Points(Person who) => (await who.Api.Get("/points")).Ok().Json.GetProperty("lots").EnumerateArray()
        .Sum(l => l.GetProperty("points").GetInt64());

    static async Task<string> Linked(Scene scene, Person who)
    {
        var card = (await scene.Nobody.Post("/sandbox/transit-cards", new { }, Client.NoKey)).Created();
        var number = card.Text("number");
        (await who.Api.Post("/transit-cards", new { number, proof = card.Text("proof") })).Created();
        return number;
    }

    static async Task<DateTimeOffset> Now(Scene scene) =>
        DateTimeOffset.Parse((await scene.Nobody.Get("/sandbox/clock")).Ok().Text("now"), CultureInfo.InvariantCulture);

    /// <summary>So many rides at one fare, now: from the 11th each brings 18 points.</summary>
    static async Task<string> Ride(Scene scene, string card, int rides)
    {
        var now = await Now(scene);
        (await scene.Nobody.Post("/sandbox/rides", Enumerable.Range(0, rides).Select(n => new
        {
            card,
            from = "大阪",
            to = "三ノ宮",
            fare = 180,
            inAt = now.AddSeconds(n),
            outAt = now.AddSeconds(n + 1),
        }), Client.NoKey)).Ok().Number("accepted").ShouldBe(rides);
        return JapanDay.InTokyo(now.AddHours(-4)).ToString("yyyy-MM", CultureInfo.InvariantCulture);
    }
}
