using System.Net.Http.Json;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// Whoever repeated a request under its key was refused when the addressee had left since, or could not be looked up any more: a program
/// that had lost the first answer believed that nothing had been sent.
/// </summary>
public class ARepeatAskedWhoIsMeantFirst(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_repeat_is_answered_as_the_first_call_when_the_addressee_has_left(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, ren, shop) = (await scene.Member(10_000), await scene.Member(name: "Ren"), await scene.Store());
        await ShowTelephone(scene, ren);
        async Task<Reply> Send() => await aoi.Api.Post("/transfers", new { to = ren.Email, amount = 300 }, "send");
        async Task<Reply> Ask() => await aoi.Api.Post("/requests", new { from = ren.Telephone, amount = 400, note = "お昼" }, "ask");
        async Task<Reply> Split() =>
            await aoi.Api.Post("/splits", new { total = 900, own = 400, shares = new[] { new { from = ren.Email, amount = 500 } } }, "split");

        var (sent, asked, split) = ((await Send()).Created(), (await Ask()).Created(), (await Split()).Created());
        var request = (await ren.Api.Post("/requests", new { from = aoi.Id, amount = 200 })).Created().Text("requestId");
        var paid = (await aoi.Api.Post($"/requests/{request}/payment", key: "pay")).Created();
        (await ren.Pay(shop, 500)).Created();
        await Leave(ren);

        (await Send()).Created().Json.GetRawText().ShouldBe(sent.Json.GetRawText());
        var again = (await Ask()).Created();
        (again.Text("requestId"), again.Number("amount"), again.Text("status"), again.Text("at"))
            .ShouldBe((asked.Text("requestId"), 400, "open", asked.Text("at")));
        (await Split()).Created().Text("splitId").ShouldBe(split.Text("splitId"));
        (await aoi.Api.Post($"/requests/{request}/payment", key: "pay")).Created().Json.GetRawText().ShouldBe(paid.Json.GetRawText());
        // The key holds for that request alone, whoever has left.
        (await aoi.Api.Post("/transfers", new { to = ren.Email, amount = 301 }, "send")).Refused(422, "key_reused");
        (await aoi.Api.Post("/requests", new { from = ren.Telephone, amount = 401, note = "お昼" }, "ask")).Refused(422, "key_reused");
        (await aoi.Api.Post("/transfers", new { to = ren.Email, amount = 300 })).Refused(404, "not_found");
    }

    /// <summary>Looking is counted, and a repeat looks for nobody.</summary>
    [Theory, BothEngines]
    public async Task Repeats_use_up_no_look(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, ren) = (await scene.Member(1_000), await scene.Member());
        for (var i = 0; i < 40; i++)
            (await aoi.Api.Post("/transfers", new { to = ren.Email, amount = 10 }, "k")).Created();
        (await aoi.Balance()).ShouldBe(990);
    }

    /// <summary>Somebody is found by a telephone that they have called from.</summary>
    static async Task ShowTelephone(Scene scene, Person who)
    {
        var dial = (await who.Api.Post("/me/challenges", new { purpose = "thaw", method = "call" })).Created().Text("dial");
        (await scene.Nobody.Post("/sandbox/calls", new { from = who.Telephone, to = dial }, Client.NoKey)).Ok();
    }

    static async Task Leave(Person who)
    {
        var id = (await who.Api.Post("/me/challenges", new { purpose = "leaving", method = "password" })).Created().Text("challengeId");
        (await who.Api.Post($"/me/challenges/{id}/answer", new { password = who.Password })).Ok();
        (await who.Api.Send(HttpMethod.Post, "/me/leaving", JsonContent.Create(new { confirm = true }), "leave", id)).Ok();
    }
}
