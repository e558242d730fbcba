using System.Net.Http.Json;
using System.Text.Json;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>Leaving by the API, and what others see afterwards.</summary>
public class LeavingApiTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_member_learns_what_is_lost_spends_what_is_left_and_leaves(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, ren, shop) = (await scene.Member(20_500, name: "青井 花"), await scene.Member(name: "緑川 空"), await scene.Store());
        (await aoi.Pay(shop, 20_000)).Created();

        var ahead = (await aoi.Api.Get("/me/leaving")).Ok().Json;
        ahead.GetProperty("mayLeave").GetBoolean().ShouldBeFalse();
        ahead.GetProperty("lost").GetProperty("points").GetInt64().ShouldBe(100);
        ahead.GetProperty("obstacles")[0].GetProperty("code").GetString().ShouldBe("money_left");
        (await Leave(aoi, await Proven(aoi))).Refused(409, "cannot_leave");
        var sent = (await aoi.Api.Post("/transfers", new { to = ren.Id, amount = 500, note = "thanks" })).Created().Text("transferId");
        (await aoi.Api.Get("/me/leaving")).Ok().Json.GetProperty("mayLeave").GetBoolean().ShouldBeTrue();
        (await Leave(aoi, null)).Refused(403, "step_up_required");
        (await Leave(aoi, await Proven(aoi), confirm: false)).Refused(400, "invalid_request");

        (await Leave(aoi, await Proven(aoi))).Ok().Json.GetProperty("pointsLost").GetInt64().ShouldBe(100);

        (await aoi.Api.Get("/wallet")).Refused(401, "unauthenticated");
        (await ren.Api.Post("/transfers", new { to = aoi.Id, amount = 100 })).Refused(404, "not_found");
        var title = (await ren.Api.Get("/history")).Ok().Json.GetProperty("items")[0].GetProperty("title").GetString();
        title.ShouldBe("退会した方");
        sent.ShouldStartWith("trf_");
    }

    [Theory, BothEngines]
    public async Task A_refund_to_somebody_who_left_is_refused_with_a_word_for_the_till_and_operators_see_dates_alone(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, shop) = (await scene.Member(1_000, name: "青井 花"), await scene.Store());
        var (_, suzuki) = await scene.Operator("鈴木 一郎");
        var payment = (await aoi.Pay(shop, 1_000)).Created().Text("paymentId");
        (await Leave(aoi, await Proven(aoi))).Ok();

        var refused = (await shop.Till.Post($"/payments/{payment}/refunds", new { amount = 1_000 })).Refused(422, "member_left");
        refused.Json.GetProperty("detail").GetString()!.ShouldContain("現金");
        var found = (await suzuki.Get($"/console/members?query={aoi.Id}&reason=a+question+of+the+shop")).Ok().Json.GetProperty("items")[0];
        found.GetProperty("name").GetString().ShouldBeEmpty();
        var profile = (await suzuki.Get($"/console/members/{aoi.Id}?reason=a+question+of+the+shop")).Ok().Json;
        profile.GetProperty("leftAt").ValueKind.ShouldBe(JsonValueKind.String);
        profile.GetProperty("recordKeptUntil").ValueKind.ShouldBe(JsonValueKind.String);
        profile.ToString().ShouldNotContain("青井");
    }

    static Task<Reply> Leave(Person who, string? stepUp, bool confirm = true) =>
        who.Api.Send(HttpMethod.Post, "/me/leaving", JsonContent.Create(new { confirm }), Guid.NewGuid().ToString("N"), stepUp);

    static async Task<string> Proven(Person who)
    {
        var id = (await who.Api.Post("/me/challenges", new { purpose = "leaving", method = "password" })).Created().Text("challengeId");
        (await who.Api.Post($"/me/challenges/{id}/answer", new { password = who.Password })).Ok().Text("status").ShouldBe("passed");
        return id;
    }
}
