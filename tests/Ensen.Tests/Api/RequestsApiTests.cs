using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>Requests and splits, as a program sees them.</summary>
public class RequestsApiTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_request_is_asked_and_paid(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, ren, sora) = (await scene.Member(name: "青井 花"), await scene.Member(5_000, name: "Ren"), await scene.Member(5_000, name: "Sora"));

        var first = (await aoi.Api.Post("/requests", new { from = ren.Id, amount = 400, note = "お昼" }, "k")).Created();
        var asked = first.Text("requestId");
        (await aoi.Api.Post("/requests", new { from = ren.Id, amount = 400, note = "お昼" }, "k")).Created().Text("requestId").ShouldBe(asked);
        (await ren.Api.Get("/requests")).Ok().Json.GetProperty("toPay")[0].GetProperty("with").GetString().ShouldBe("青＊ 花＊");
        (await sora.Api.Get($"/requests/{asked}")).Refused(404, "not_found");
        (await sora.Api.Post($"/requests/{asked}/payment")).Refused(404, "not_found");
        (await aoi.Api.Post($"/requests/{asked}/payment")).Refused(400, "invalid_request");
        (await aoi.Api.Post($"/requests/{asked}/reminder")).Refused(429, "too_many_requests");
        (await ren.Api.Post($"/requests/{asked}/payment")).Created().Number("balance").ShouldBe(4_600);
        (await ren.Api.Post($"/requests/{asked}/payment")).Refused(409, "code_used");
        (await aoi.Api.Post($"/requests/{asked}/withdrawal")).Refused(409, "code_used");
        (await aoi.Balance()).ShouldBe(400);
        (await aoi.Api.Post("/requests", new { from = ren.Id, amount = 400, note = "お昼" }, "k")).Created().Json.GetRawText()
            .ShouldBe(first.Json.GetRawText(), "the same key is told the same, whatever became of it");

        (await aoi.Api.Post("/splits", new { total = 3_000, own = 1_000, shares = new[] { new { from = ren.Id, amount = 1_999 } } }))
            .Refused(422, "split_mismatch");
        var bill = new
        {
            total = 3_000,
            own = 1_000,
            shares = new[] { new { from = ren.Id, amount = 1_500 }, new { from = sora.Id, amount = 500 } },
        };
        var split = (await aoi.Api.Post("/splits", bill, "s")).Created();
        var share = split.Json.GetProperty("shares")[0].GetProperty("requestId").GetString();
        var payer = split.Json.GetProperty("shares")[0].GetProperty("amount").GetInt64() == 1_500 ? ren : sora;
        (await payer.Api.Post($"/requests/{share}/refusal")).Created().Text("status").ShouldBe("declined");
        (await payer.Api.Post($"/requests/{share}/payment")).Refused(410, "lapsed");
        (await aoi.Api.Get($"/splits/{split.Text("splitId")}")).Ok().Number("paid").ShouldBe(0);
        (await ren.Api.Get($"/splits/{split.Text("splitId")}")).Refused(404, "not_found");
        (await aoi.Api.Post("/splits", bill, "s")).Created().Json.GetRawText().ShouldBe(split.Json.GetRawText());
    }

    /// <summary>Whom a telephone or an address names is found by it, and strangers are told nothing.</summary>
    [Theory, BothEngines]
    public async Task Money_is_sent_and_asked_for_by_telephone(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var aoi = await scene.Member(1_000);
        var made = (await scene.Nobody.Post("/sandbox/members", new { name = "Ren" }, Client.NoKey)).Created();
        (await aoi.Api.Post("/transfers", new { to = made.Text("telephone"), amount = 100 })).Refused(404, "not_found", "nobody called from it");
        var challenge = (await new Client(app.Http, made.Text("token")).Post("/me/challenges", new { purpose = "telephone", method = "call" }))
            .Created();
        (await scene.Nobody.Post("/sandbox/calls", new { from = made.Text("telephone"), to = challenge.Text("dial") }, Client.NoKey)).Ok();
        (await aoi.Api.Post("/transfers", new { to = made.Text("telephone"), amount = 100 })).Created();
        (await aoi.Api.Post("/transfers", new { to = made.Text("email"), amount = 100 })).Created();
        (await aoi.Api.Post("/requests", new { from = made.Text("telephone"), amount = 100 })).Created();
        (await aoi.Api.Post("/transfers", new { to = "090-0000-0000", amount = 100 })).Refused(404, "not_found");
        (await aoi.Balance()).ShouldBe(800);
    }
}
