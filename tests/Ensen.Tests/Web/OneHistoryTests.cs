using System.Globalization;
using System.Text.Json;
using Ensen.Basics;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>Movements and rides of a member in one history, by API and page.</summary>
public class OneHistoryTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task Movements_and_rides_stand_together_newest_first_and_pages_have_neither_gap_nor_overlap(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.MemberWithPoints(100, 5_000);
        var card = (await scene.Nobody.Post("/sandbox/transit-cards", new { }, Client.NoKey)).Json;
        await aoi.Api.Post("/transit-cards", new { number = card.GetProperty("number").GetString(), proof = card.GetProperty("proof").GetString() });
        var now = DateTimeOffset.Parse((await scene.Nobody.Get("/sandbox/clock")).Ok().Text("now"), CultureInfo.InvariantCulture);
        var rides = Enumerable.Range(0, 5).Select(n => new
        {
            card = card.GetProperty("number").GetString(),
            from = "大阪",
            to = "天王寺",
            fare = 210,
            inAt = now.AddMinutes(n + 1),
            outAt = now.AddMinutes(n + 2),
        });
        (await scene.Nobody.Post("/sandbox/rides", rides, Client.NoKey)).Ok().Number("accepted").ShouldBe(5);
        var store = await scene.Store();
        foreach (var amount in (int[])[400, 600, 800])
            (await aoi.Api.Post("/payments", new { storeId = store.StoreId, amount })).Created();

        var all = await Items(aoi.Api, "limit=100");
        all.Count(i => Kind(i) == "ride").ShouldBe(5);
        all.Count(i => Kind(i) == "payment").ShouldBe(4, "one earned the points");
        var times = all.Select(i => i.GetProperty("at").GetDateTimeOffset()).ToList();
        times.ShouldBe([.. times.OrderDescending()]);
        var (paged, before) = (new List<string>(), "");
        for (var page = 0; page < 20; page++)
        {
            var got = (await aoi.Api.Get($"/history?limit=2{before}")).Ok().Json;
            paged.AddRange(got.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()!));
            if (got.GetProperty("next").ValueKind == JsonValueKind.Null)
                break;
            before = $"&before={got.GetProperty("next").GetString()}";
            // What comes in at the top moves nothing below.
            if (page == 2)
                (await aoi.Api.Post("/payments", new { storeId = store.StoreId, amount = 50 })).Created();
        }
        paged.ShouldBe(all.Select(i => i.GetProperty("id").GetString()));

        (await Items(aoi.Api, "kind=rides")).ShouldAllBe(i => Kind(i) == "ride");
        (await Items(aoi.Api, "kind=payments")).Select(Kind).Distinct().ShouldBe(["payment"]);
        (await Items(aoi.Api, "kind=rewards")).ShouldBeEmpty();
        (await Items(aoi.Api, "month=2001-01")).ShouldBeEmpty();
        (await Items(aoi.Api, $"limit=100&month={JapanDay.InTokyo(now):yyyy-MM}")).ShouldNotBeEmpty();
        (await aoi.Api.Get("/history?kind=everything")).Refused(400, "invalid_request");
        (await aoi.Api.Get("/history?month=May")).Refused(400, "invalid_request");

        using var phone = new PlainBrowser(scene.App, "ensen-member", aoi.Api.Token!);
        var shown = await phone.Get("/history?kind=rides");
        shown.ShouldContain("大阪 → 天王寺");
        shown.ShouldContain("/transit#consent");
        (await phone.Get("/history?kind=charges")).ShouldNotContain("大阪 → 天王寺");
    }

    static string Kind(JsonElement item) => item.GetProperty("kind").GetString()!;

    static async Task<List<JsonElement>> Items(Client api, string query) =>
        [.. (await api.Get($"/history?{query}")).Ok().Json.GetProperty("items").EnumerateArray()];
}
