using System.Text.Json;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>A campaign's life by API: proposed, tried, approved by another person, entered, paid under, refunded, stopped.</summary>
public class CampaignsApiTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_campaign_lives_from_its_proposal_to_its_stop(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, ren, shop) = (await scene.Member(5_000), await scene.Member(5_000), await scene.Store());
        var (suzuki, ito) = ((await scene.Operator("鈴木")).Api, (await scene.Operator("伊藤")).Api);
        (await aoi.Pay(shop, 400)).Created();
        var now = DateTimeOffset.Parse((await scene.Nobody.Get("/sandbox/clock")).Ok().Text("now"), System.Globalization.CultureInfo.InvariantCulture);
        var body = Body(now, shop.StoreId);

        (await suzuki.Post("/console/campaigns", body, Client.NoKey)).Refused(400, "key_required");
        var proposed = (await suzuki.Post("/console/campaigns", body, "p")).Created();
        (await suzuki.Post("/console/campaigns", body, "p")).Created().Replayed.ShouldBeTrue();
        var id = proposed.Text("campaignId");
        (await ito.Post($"/console/campaigns/{id}/approval")).Refused(409, "dry_run_needed");
        var dry = (await suzuki.Post($"/console/campaigns/{id}/dry-run", key: Client.NoKey)).Ok();
        (dry.Number("payments"), dry.Number("members"), dry.Number("points")).ShouldBe((1, 1, 40));
        dry.Json.GetProperty("byHour").GetArrayLength().ShouldBe(24);
        (await suzuki.Post($"/console/campaigns/{id}/approval")).Refused(403, "same_person");
        (await ito.Post($"/console/campaigns/{id}/approval", key: Client.NoKey)).Refused(400, "key_required");
        (await ito.Post($"/console/campaigns/{id}/approval", key: "a")).Ok().Text("status").ShouldBe("approved");
        (await ito.Post($"/console/campaigns/{id}/approval", key: "a")).Ok().Replayed.ShouldBeTrue();
        (await ito.Post($"/console/campaigns/{id}/approval")).Refused(409, "already_decided");

        var open = (await aoi.Api.In("en").Get("/campaigns")).Ok().Json.GetProperty("items").EnumerateArray()
            .Single(c => c.GetProperty("campaignId").GetString() == id);
        (open.GetProperty("name").GetString(), open.GetProperty("entered").GetBoolean()).ShouldBe(("Ten percent", false));
        (await aoi.Api.Post($"/campaigns/{id}/entries")).Created();
        (await aoi.Api.Post("/campaigns/cmp_nothing/entries")).Refused(404, "not_found");

        var paid = (await aoi.Pay(shop, 1_000)).Created();
        paid.Number("pointsEarned").ShouldBe(105);
        (await ren.Pay(shop, 1_000)).Created().Number("pointsEarned").ShouldBe(5);
        (await shop.Till.Post($"/payments/{paid.Text("paymentId")}/refunds", new { amount = 500 })).Created()
            .Number("pointsTakenBack").ShouldBe(53);

        (await suzuki.Post($"/console/campaigns/{id}/stop", new { reason = "" }, Client.NoKey)).Refused(400, "invalid_request");
        (await suzuki.Post($"/console/campaigns/{id}/stop", new { reason = "wrong shops" }, Client.NoKey)).Ok().Number("givenBack").ShouldBe(900);
        (await aoi.Pay(shop, 1_000)).Created().Number("pointsEarned").ShouldBe(5);
        (await ren.Api.Post($"/campaigns/{id}/entries")).Refused(410, "lapsed");
        var read = (await ito.Get($"/console/campaigns/{id}")).Ok();
        (read.Text("status"), read.Number("given"), read.Text("why")).ShouldBe(("stopped", 100, "wrong shops"));
        (await ito.Get("/console/campaigns?limit=100")).Ok().Json.GetProperty("items").EnumerateArray()
            .ShouldContain(c => c.GetProperty("campaignId").GetString() == id);
        (await ito.Get("/console/campaigns/cmp_nothing")).Refused(404, "not_found");
    }

    [Theory, BothEngines]
    public async Task What_is_no_campaign_is_refused(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (suzuki, shop) = ((await scene.Operator("鈴木")).Api, await scene.Store());
        var now = DateTimeOffset.Parse((await scene.Nobody.Get("/sandbox/clock")).Ok().Text("now"), System.Globalization.CultureInfo.InvariantCulture);
        var fine = JsonSerializer.SerializeToNode(Body(now, shop.StoreId))!.AsObject();
        foreach (var (field, value) in new (string, object)[] {
            ("who", "everybody"), ("days", new[] { "someday" }), ("channels", new[] { "mail" }), ("stores", new[] { "str_nothing" }),
            ("lastDay", "2035-13-01"), ("budget", 0), ("categories", new[] { "spaceship" }), ("fromHour", 24), ("uses", 1_000),
            ("gift", new { kind = "lottery", amount = 1 }), ("gift", new { kind = "percent", amount = 101 }), ("lastsDays", 0), ("more", 1) })
        {
            var wrong = fine.DeepClone().AsObject();
            wrong[field] = JsonSerializer.SerializeToNode(value);
            (await suzuki.PostText("/console/campaigns", wrong.ToJsonString())).Refused(400, "invalid_request", field);
        }
    }

    [Theory, BothEngines]
    public async Task A_use_is_made_named_by_a_campaign_and_read_by_a_member(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, shop, other) = (await scene.Member(5_000), await scene.Store(), await scene.Store());
        var (suzuki, ito) = ((await scene.Operator("鈴木")).Api, (await scene.Operator("伊藤")).Api);
        var now = DateTimeOffset.Parse((await scene.Nobody.Get("/sandbox/clock")).Ok().Text("now"), System.Globalization.CultureInfo.InvariantCulture);

        var asked = new { nameJa = "ここだけ", nameEn = "Only here", stores = new[] { shop.StoreId } };
        (await suzuki.Post("/console/point-uses", asked, Client.NoKey)).Refused(400, "key_required");
        (await suzuki.Post("/console/point-uses", new { nameJa = "x", nameEn = "x", stores = new[] { "str_nothing" } })).Refused(404, "not_found");
        (await suzuki.Post("/console/point-uses", new { nameJa = "x", nameEn = "x" })).Refused(400, "invalid_request");
        (await suzuki.Post("/console/point-uses", new { nameJa = "x", nameEn = "x", whole = new[] { "moon" } })).Refused(400, "invalid_request");
        var use = (await suzuki.Post("/console/point-uses", asked, "u")).Created();
        (await suzuki.Post("/console/point-uses", asked, "u")).Created().Replayed.ShouldBeTrue();
        (await ito.Get("/console/point-uses")).Ok().Json.GetProperty("items").EnumerateArray()
            .ShouldContain(u => u.GetProperty("number").GetInt32() == use.Number("number"));

        var body = JsonSerializer.SerializeToNode(Body(now, other.StoreId))!.AsObject();
        (body["entry"], body["uses"]) = (false, use.Number("number"));
        var id = (await suzuki.PostText("/console/campaigns", body.ToJsonString())).Created().Text("campaignId");
        (await suzuki.Post($"/console/campaigns/{id}/dry-run", key: Client.NoKey)).Ok();
        (await ito.Post($"/console/campaigns/{id}/approval")).Ok();
        var open = (await aoi.Api.In("en").Get("/campaigns")).Ok().Json.GetProperty("items").EnumerateArray()
            .Single(c => c.GetProperty("campaignId").GetString() == id);
        open.GetProperty("uses").GetString().ShouldBe("Only here");
        (await aoi.Pay(other, 1_000)).Created();
        (await aoi.Api.In("en").Get("/points")).Ok().Json.GetProperty("lots").EnumerateArray()
            .ShouldContain(l => l.GetProperty("kind").GetString() == "campaign" && l.GetProperty("uses").GetString() == "Only here");
    }

    [Theory, BothEngines]
    public async Task Each_field_that_is_wrong_is_named(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (suzuki, shop) = ((await scene.Operator("鈴木")).Api, await scene.Store());
        var now = DateTimeOffset.Parse((await scene.Nobody.Get("/sandbox/clock")).Ok().Text("now"), System.Globalization.CultureInfo.InvariantCulture);
        var fine = JsonSerializer.SerializeToNode(Body(now, shop.StoreId))!.AsObject();
        fine["gift"] = JsonSerializer.SerializeToNode(new { kind = "per_yen", amount = 1_000_000, perYen = 100 });
        (fine["areas"], fine["budget"]) = (JsonSerializer.SerializeToNode(new[] { "Atlantis" }), 0);
        (await suzuki.PostText("/console/campaigns", fine.ToJsonString())).Refused(400, "invalid_request").Json.GetProperty("errors")
            .EnumerateArray().Select(e => e.GetProperty("pointer").GetString()).ShouldBe(["#/gift/amount", "#/budget", "#/areas"]);
    }

    [Theory, BothEngines]
    public async Task A_campaign_that_is_not_for_a_member_says_that_and_nothing_of_point_tills(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, shop) = (await scene.Member(), await scene.Store());
        var (suzuki, ito) = ((await scene.Operator("鈴木")).Api, (await scene.Operator("伊藤")).Api);
        var now = DateTimeOffset.Parse((await scene.Nobody.Get("/sandbox/clock")).Ok().Text("now"), System.Globalization.CultureInfo.InvariantCulture);
        var body = JsonSerializer.SerializeToNode(Body(now, shop.StoreId))!.AsObject();
        body["entry"] = false;
        var id = (await suzuki.PostText("/console/campaigns", body.ToJsonString())).Created().Text("campaignId");
        (await suzuki.Post($"/console/campaigns/{id}/dry-run", key: Client.NoKey)).Ok();
        (await ito.Post($"/console/campaigns/{id}/approval")).Ok();

        (await aoi.Api.In("en").Post($"/campaigns/{id}/entries")).Refused(422, "not_eligible").Text("detail").ShouldContain("This campaign");
    }

    static object Body(DateTimeOffset now, string store) => new
    {
        nameJa = "十パーセント",
        nameEn = "Ten percent",
        from = now.AddMinutes(-1),
        until = now.AddDays(7),
        gift = new { kind = "percent", amount = 10 },
        budget = 1_000,
        entry = true,
        stores = new[] { store },
        channels = new[] { "store" },
        lastsDays = 60,
    };
}
