using System.Text.Json;
using Ensen.Storage;
using Ensen.Tests.Chaos;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>Own caps, freezing and thawing as a member's program sees them: what takes a proof, and what a proof is.</summary>
public class OwnWalletTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task Lower_caps_hold_at_once_and_higher_ones_take_a_proof_and_a_day(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, shop) = (await scene.Member(50_000), await scene.Store());

        var lowered = (await Caps(aoi, 1_000, 2_000, null)).Ok();
        (lowered.Number("perPayment"), lowered.Number("perDay"), lowered.Number("perMonth")).ShouldBe((1_000, 2_000, 1_000_000));
        lowered.Json.GetProperty("effectiveAt").ValueKind.ShouldBe(JsonValueKind.Null);
        (await aoi.Pay(shop, 1_001)).Refused(422, "over_limit");
        (await aoi.Wallet()).GetProperty("limits").GetProperty("perPayment").GetInt64().ShouldBe(1_000);

        (await Caps(aoi, 5_000, 5_000, null)).Refused(403, "step_up_required");
        (await Caps(aoi, 5_000, 5_000, null, "chl_nonsense")).Refused(403, "step_up_required");
        var thaw = await Proven(aoi, "thaw");
        (await Caps(aoi, 5_000, 5_000, null, thaw)).Refused(403, "step_up_required");
        var proof = await Proven(aoi, "limits");
        var raised = (await Caps(aoi, 5_000, 5_000, null, proof)).Ok(202);
        (raised.Number("perPayment"), raised.Json.GetProperty("raised").GetProperty("perPayment").GetInt64()).ShouldBe((1_000, 5_000));
        var from = raised.Json.GetProperty("effectiveAt").GetDateTimeOffset();
        (from - TimeProvider.System.GetUtcNow()).ShouldBeGreaterThan(TimeSpan.FromHours(23));
        (await Caps(aoi, 6_000, 6_000, null, proof)).Refused(403, "step_up_required", "used once");
        (await aoi.Pay(shop, 1_001)).Refused(422, "over_limit");
        (await Caps(aoi, 5_000, 5_000, null)).Ok(202).Text("effectiveAt").ShouldBe(raised.Text("effectiveAt"));
        (await aoi.Api.Get("/me/limits")).Ok().Text("effectiveAt").ShouldBe(raised.Text("effectiveAt"));

        (await Caps(aoi, 1_000, 2_000, null)).Ok().Json.GetProperty("raised").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory, BothEngines]
    public async Task What_is_no_cap_is_refused_and_changes_nothing(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member();
        var before = (await aoi.Api.Get("/me/limits")).Ok().Body;

        foreach (var text in new[] { "0", "-1", "1.5", "1e3", "\"1000\"", "1000000000", "9007199254740993", "true" })
            (await Put($$"""{"perPayment":{{text}},"perDay":null,"perMonth":null}""")).Refused(400, "invalid_amount", text);
        foreach (var body in new[] { "{}", """{"perPayment":1}""", """{"perPayment":1,"perDay":1,"perMonth":1,"more":1}""", "[]", "" })
            (await Put(body)).Refused(400, "invalid_request", body);
        (await Caps(aoi, 500_001, null, null)).Refused(422, "over_limit");
        (await Caps(aoi, null, null, 1_000_001)).Refused(422, "over_limit");
        (await aoi.Api.Get("/me/limits")).Ok().Body.ShouldBe(before);

        Task<Reply> Put(string body) => aoi.Api.Send(
            HttpMethod.Put, "/me/limits", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Client.NoKey);
    }

    [Theory, BothEngines]
    public async Task A_challenge_is_its_sessions_alone_and_has_one_answer(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, ren) = (await scene.Member(), await scene.Member(name: "Ren"));

        (await aoi.Api.Post("/me/challenges", new { purpose = "anything", method = "password" })).Refused(400, "invalid_request");
        (await aoi.Api.Post("/me/challenges", new { purpose = "thaw", method = "horoscope" })).Refused(400, "invalid_request");
        (await aoi.Api.Post("/me/challenges", new { purpose = "thaw", method = "passkey" })).Refused(422, "not_available");
        var made = (await aoi.Api.Post("/me/challenges", new { purpose = "thaw", method = "password" })).Created();
        var id = made.Text("challengeId");
        (await aoi.Api.Get($"/me/challenges/{id}")).Ok().Text("status").ShouldBe("pending");
        (await ren.Api.Get($"/me/challenges/{id}")).Refused(404, "not_found");
        (await ren.Api.Post($"/me/challenges/{id}/answer", new { password = aoi.Password })).Refused(404, "not_found");
        (await aoi.Api.Post($"/me/challenges/{id}/answer", new { password = "Wrong-pass-1" })).Ok().Text("status").ShouldBe("failed");
        (await aoi.Api.Post($"/me/challenges/{id}/answer", new { password = aoi.Password })).Ok().Text("status").ShouldBe("failed");
        (await aoi.Api.Get($"/me/challenges/{id}")).Ok().Text("status").ShouldBe("failed");
    }

    [Theory, BothEngines]
    public async Task A_wallet_is_frozen_in_one_request_and_thawed_with_a_proof(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, shop) = (await scene.Member(5_000), await scene.Store());
        var code = await aoi.Code();

        (await aoi.Api.Post("/me/freeze", key: Client.NoKey)).Ok().Json.GetProperty("frozen").GetBoolean().ShouldBeTrue();
        (await aoi.Api.Post("/me/freeze")).Ok().Json.GetProperty("byMember").GetBoolean().ShouldBeTrue();

        (await aoi.Pay(shop, 100)).Refused(423, "frozen");
        (await shop.Take(code, 100, Scene.Order())).Refused(423, "frozen");
        (await aoi.Api.Post("/codes")).Refused(423, "frozen");
        (await aoi.Api.Post("/charges", new { source = "bank", amount = 1_000 })).Refused(423, "frozen");
        (await aoi.Api.Post("/me/thaw")).Refused(403, "step_up_required");
        var proof = await Proven(aoi, "thaw");
        (await Thaw(aoi, proof)).Ok().Json.GetProperty("frozen").GetBoolean().ShouldBeFalse();
        (await Thaw(aoi, proof)).Ok();
        (await aoi.Pay(shop, 100)).Created();
        (await aoi.Api.Post("/me/freeze")).Ok();
        (await Thaw(aoi, proof)).Refused(403, "step_up_required", "used once");
    }

    [Theory, BothEngines]
    public async Task A_member_is_told_by_mail_of_a_raise_a_freeze_and_a_thaw(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member();
        await Caps(aoi, 1_000, null, null);
        await Caps(aoi, 2_000, null, null, await Proven(aoi, "limits"));
        await aoi.Api.Post("/me/freeze");
        await Thaw(aoi, await Proven(aoi, "thaw"));

        foreach (var subject in new[] { "支払いの上限を上げる手続き", "ご利用を停止しました", "ご利用の停止を解除しました" })
            await Until.Seen(() => Mailbox(scene, aoi).GetAwaiter().GetResult().Contains(subject, StringComparison.Ordinal), () => subject);
    }

    static async Task<string> Mailbox(Scene scene, Person who) => System.Net.WebUtility.HtmlDecode(
        await scene.App.Http.GetStringAsync($"{scene.App.Address}/sandbox?to={Uri.EscapeDataString(who.Email)}"));

    static Task<Reply> Caps(Person who, long? perPayment, long? perDay, long? perMonth, string? stepUp = null) =>
        who.Api.Put("/me/limits", new { perPayment, perDay, perMonth }, stepUp);

    static Task<Reply> Thaw(Person who, string stepUp) => who.Api.Send(HttpMethod.Post, "/me/thaw", null, Client.NoKey, stepUp);

    static async Task<string> Proven(Person who, string purpose)
    {
        var id = (await who.Api.Post("/me/challenges", new { purpose, method = "password" })).Created().Text("challengeId");
        (await who.Api.Post($"/me/challenges/{id}/answer", new { password = who.Password })).Ok().Text("status").ShouldBe("passed");
        return id;
    }
}
