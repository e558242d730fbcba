using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>Money sent by link, as a program sees it.</summary>
public class LinksApiTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_link_is_made_looked_at_and_claimed(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, ren) = (await scene.Member(1_000, name: "青井 花"), await scene.Member(name: "Ren"));

        var made = (await aoi.Api.Post("/links", new { amount = 400, note = "夕食" }, "k")).Created();
        var token = made.Text("token");
        made.Text("status").ShouldBe("open");
        made.Text("url").ShouldEndWith("/l/" + token);
        made.Number("balance").ShouldBe(600);
        (await aoi.Api.Post("/links", new { amount = 400, note = "夕食" }, "k")).Created().Text("token").ShouldBe(token);
        (await aoi.Api.Post("/links", new { amount = 401, note = "夕食" }, "k")).Refused(422, "key_reused");

        var opened = (await ren.Api.Get($"/links/{token}")).Ok();
        (opened.Text("from"), opened.Text("note"), opened.Text("status")).ShouldBe(("青＊ 花＊", "夕食", "open"));
        (await aoi.Api.Post($"/links/{token}/claim")).Refused(400, "invalid_request");
        (await ren.Api.Post($"/links/{token}/cancellation")).Refused(404, "not_found");
        (await ren.Api.Post("/links/unknown/claim")).Refused(404, "not_found");
        (await (await scene.Member(verified: false)).Api.Post($"/links/{token}/claim")).Refused(422, "not_verified");
        (await ren.Api.Post($"/links/{token}/claim", key: "c")).Created().Number("balance").ShouldBe(400);
        (await ren.Api.Post($"/links/{token}/claim", key: "c")).Created().Number("balance").ShouldBe(400);
        (await ren.Api.Post($"/links/{token}/claim")).Refused(409, "code_used");
        (await aoi.Api.Post($"/links/{token}/cancellation")).Refused(409, "code_used");
        (await aoi.Api.Get("/links")).Ok().Json.GetProperty("items")[0].GetProperty("status").GetString().ShouldBe("claimed");
        (await aoi.Api.Post("/links", new { amount = 400, note = "夕食" }, "k")).Created().Json.GetRawText()
            .ShouldBe(made.Json.GetRawText(), "the same key is told the same, whatever became of it");

        var second = (await aoi.Api.Post("/links", new { amount = 100 })).Created().Text("token");
        (await aoi.Api.Post($"/links/{second}/cancellation")).Created().Text("status").ShouldBe("withdrawn");
        (await ren.Api.Post($"/links/{second}/claim")).Refused(410, "lapsed");
        (await aoi.Balance()).ShouldBe(600);
        (await aoi.Api.Post("/links", new { amount = 100_001 })).Refused(422, "over_limit");
    }

    /// <summary>Seven days later nobody has claimed it: the clock's own advance has it back.</summary>
    [Theory, BothEngines]
    public async Task It_comes_back_when_its_time_is_over(Engine engine)
    {
        var scene = new Scene(await servers.WithMovableClock(engine));
        var (aoi, ren) = (await scene.Member(1_000), await scene.Member(name: "Ren"));
        var token = (await aoi.Api.Post("/links", new { amount = 1_000 })).Created().Text("token");
        (await aoi.Balance()).ShouldBe(0);
        (await scene.Nobody.Post("/sandbox/clock", new { advance = "P7D" }, Client.NoKey)).Ok();
        (await aoi.Balance()).ShouldBe(1_000);
        (await ren.Api.Post($"/links/{token}/claim")).Refused(410, "lapsed");
    }
}
