using System.Globalization;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>A month by credit card as a script lives it: link, purchases, the next month, points, a correction.</summary>
public class CreditCardsApiTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_script_lives_a_month_by_credit_card(Engine engine)
    {
        var scene = new Scene(await servers.WithMovableClock(engine));
        var (aoi, ren) = (await scene.Member(), await scene.Member(name: "Ren"));
        var card = (await scene.Nobody.Post("/sandbox/credit-cards", new { }, Client.NoKey)).Created();
        var linkToken = card.Text("linkToken");
        (await aoi.Api.Post("/credit-cards", new { linkToken = "4111 1111 1111 1111" })).Refused(400, "invalid_request");
        (await aoi.Api.Post("/credit-cards", new { linkToken = "link_0" })).Refused(422, "card_refused");
        var linked = (await aoi.Api.Post("/credit-cards", new { linkToken })).Created();
        (await ren.Api.Post("/credit-cards", new { linkToken })).Refused(409, "already_linked");
        var again = (await scene.Nobody.Post("/sandbox/credit-cards", new { card = card.Text("id") }, Client.NoKey)).Created().Text("linkToken");
        (await ren.Api.Post("/credit-cards", new { linkToken = again })).Refused(409, "already_linked");
        var id = linked.Text("creditCardId");
        (await aoi.Api.Get("/credit-cards")).Ok().Json.GetProperty("items")[0].GetProperty("creditCardId").GetString().ShouldBe(id);

        var now = DateTimeOffset.Parse((await scene.Nobody.Get("/sandbox/clock")).Ok().Text("now"), CultureInfo.InvariantCulture)
            .ToOffset(TimeSpan.FromHours(9));
        var month = $"{now:yyyy-MM}";
        object[] items = [new { amount = 12_999, at = now.ToString("O") }, new { amount = 3_000, at = now.ToString("O"), transitCharge = true }];
        foreach (var name in new[] { card.Text("id"), linkToken, id })
        {
            var fed = (await scene.Nobody.Post($"/sandbox/credit-cards/{name}/purchases", new { month, items }, Client.NoKey)).Ok().Json;
            fed.GetProperty("accepted").GetInt64().ShouldBe(2);
        }
        (await scene.Nobody.Post($"/sandbox/credit-cards/{id}/purchases", new { month, items = new[] { new { amount = 1, at = "soon" } } }, Client.NoKey))
            .Ok().Json.GetProperty("refused")[0].GetProperty("code").GetString().ShouldBe("invalid_time");
        (await scene.Nobody.Post("/sandbox/credit-cards/card_0/purchases", new { month, items }, Client.NoKey)).Refused(404, "not_found");

        var before = (await aoi.Api.Get("/credit-cards/purchases")).Ok().Json;
        (before.GetProperty("points").GetInt64(), before.GetProperty("posted").GetInt64()).ShouldBe((64 + 45, 0));
        (await ren.Api.Get($"/credit-cards/purchases?month={month}")).Ok().Json.GetProperty("items").GetArrayLength().ShouldBe(0);
        (await aoi.Api.Get("/credit-cards/purchases?month=never")).Refused(400, "invalid_request");

        var next = new DateTimeOffset(now.Year, now.Month, 1, 12, 0, 0, TimeSpan.FromHours(9)).AddMonths(1).AddDays(1);
        await scene.Nobody.Post("/sandbox/clock", new { now = next.ToString("O") }, Client.NoKey);
        (await aoi.Api.Get("/points")).Ok().Json.GetProperty("usable").GetInt64().ShouldBe(109);
        var told = (await aoi.Api.Get("/history")).Ok().Json.GetProperty("items")[0];
        (told.GetProperty("kind").GetString(), told.GetProperty("points").GetInt64()).ShouldBe(("creditcardpoints", 109));

        object[] back = [new { amount = -12_999, at = now.ToString("O") }];
        await scene.Nobody.Post($"/sandbox/credit-cards/{id}/purchases", new { month, items = back }, Client.NoKey);
        await scene.Nobody.Post("/sandbox/clock", new { advance = "PT1M" }, Client.NoKey);
        (await aoi.Api.Get("/points")).Ok().Json.GetProperty("usable").GetInt64().ShouldBe(45);

        (await aoi.Api.Get("/me/leaving")).Ok().Body.ShouldContain("credit_card_linked");
        (await ren.Api.Send(HttpMethod.Delete, $"/credit-cards/{id}", null, Client.NoKey)).Refused(404, "not_found");
        (await aoi.Api.Send(HttpMethod.Delete, $"/credit-cards/{id}", null, Client.NoKey)).Ok();
        (await aoi.Api.Get("/me/leaving")).Ok().Body.ShouldNotContain("credit_card_linked");
        (await aoi.Api.Get("/me/export")).Ok().Body.ShouldContain("\"amount\":12999");
    }

    [Theory, BothEngines]
    public async Task An_operator_brings_a_file_and_nobody_else(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        const string file = "card,item,at,amount,kind\ncard_nobody,A-1,2026-01-03T12:00:00+09:00,1200,purchase\ntotal,2026-01,1,1200,1\n";
        var suzuki = (await scene.Operator("鈴木")).Api;
        (await suzuki.Post("/console/purchase-files", Csv(file), Client.NoKey)).Refused(400, "key_required");
        var taken = (await suzuki.Post("/console/purchase-files?name=jan.csv", Csv(file))).Created().Json;
        (taken.GetProperty("accepted").GetInt64(), taken.GetProperty("month").GetString()).ShouldBe((1, "2026-01"));
        (await suzuki.Get("/console/purchase-files")).Ok().Body.ShouldContain("jan.csv");
        (await suzuki.Get("/console/log")).Ok().Body.ShouldContain("deliveredPurchases");
        (await (await scene.Member()).Api.Post("/console/purchase-files", Csv(file))).Refused(403, "forbidden");

        static StringContent Csv(string text) => new(text, System.Text.Encoding.UTF8, "text/csv");
    }
}
