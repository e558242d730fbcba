using System.Net;
using System.Text.RegularExpressions;
using Ensen.Access;
using Ensen.Storage;
using Ensen.Tests.Chaos;
using Ensen.Tests.Support;
using static Ensen.Tests.Support.PlainBrowser;

namespace Ensen.Tests.Api;

/// <summary>Authenticator app and recovery codes as a member's program and their pages see them.</summary>
public class FactorsApiTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_program_sets_an_authenticator_up_proves_by_it_and_the_member_is_told(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member();
        (await aoi.Api.Get("/me/factors")).Ok().Body.ShouldBe("""{"authenticator":false,"recoveryCodesLeft":0}""");
        (await aoi.Api.Post("/me/challenges", new { purpose = "thaw", method = "totp" })).Refused(422, "not_available");
        var drawn = (await aoi.Api.Get("/me/authenticator/secret")).Ok();
        var (text, secret) = (drawn.Text("secret"), Totp.ReadText(drawn.Text("secret"))!);
        drawn.Text("address").ShouldStartWith("otpauth://totp/");

        (await SetUp(aoi, text, "000000x")).Refused(400, "wrong_code");
        (await SetUp(aoi, text[..8], "000000")).Refused(400, "invalid_request");
        (await SetUp(aoi, text, Now(secret))).Refused(403, "step_up_required");
        (await SetUp(aoi, text, Now(secret), await Proven(aoi, "factors"))).Ok().Json.GetProperty("authenticator").GetBoolean().ShouldBeTrue();

        var id = (await aoi.Api.Post("/me/challenges", new { purpose = "factors", method = "totp" })).Created().Text("challengeId");
        (await aoi.Api.Post($"/me/challenges/{id}/answer", new { password = aoi.Password })).Refused(400, "invalid_request", "another method's field");
        var next = Totp.CodeAt(secret, TimeProvider.System.GetUtcNow().AddSeconds(30));
        (await aoi.Api.Post($"/me/challenges/{id}/answer", new { code = next })).Ok().Text("status").ShouldBe("passed");
        var codes = (await aoi.Api.Send(HttpMethod.Post, "/me/recovery-codes", null, Client.NoKey, id)).Created().Json
            .GetProperty("codes").EnumerateArray().Select(c => c.GetString()!).ToList();
        codes.Count.ShouldBe(10);
        var recovered = (await aoi.Api.Post("/me/challenges", new { purpose = "factors", method = "recovery_code" })).Created().Text("challengeId");
        (await aoi.Api.Post($"/me/challenges/{recovered}/answer", new { code = codes[0] })).Ok().Text("status").ShouldBe("passed");
        (await aoi.Api.Send(HttpMethod.Delete, "/me/authenticator", null, Client.NoKey)).Refused(403, "step_up_required");
        (await aoi.Api.Send(HttpMethod.Delete, "/me/authenticator", null, Client.NoKey, recovered)).Ok().Body
            .ShouldBe("""{"authenticator":false,"recoveryCodesLeft":9}""");

        foreach (var subject in new[] { "認証アプリを設定しました", "予備コードを作りました", "予備コードが使われました", "認証アプリを削除しました" })
            await Until.Seen(() => Mailbox(scene, aoi).GetAwaiter().GetResult().Contains(subject, StringComparison.Ordinal), () => subject);
    }

    [Theory, BothEngines]
    public async Task The_pages_set_it_up_after_a_proof_and_show_codes_to_whoever_made_them(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member();
        using var browser = new PlainBrowser(scene.App, "ensen-member", aoi.Api.Token!);
        (await Page(browser, "/account")).ShouldContain("href=\"/account/factors\"");

        var asked = await browser.Post("/account/factors", new(Fields(await browser.Get("/account/factors"), "/account/factors")) { ["want"] = "set-up" });
        asked.ShouldStartWith("/step-up?again=");
        var shown = await browser.Post("/step-up", new(Fields(await browser.Get(asked), "/step-up")) { ["password"] = aoi.Password });
        shown.ShouldStartWith("/account/factors?again=");
        var page = await Page(browser, shown);
        var text = Regex.Match(page, "data-copy=\"([A-Z2-7]{32})\"").Groups[1].Value;
        page.ShouldContain(string.Join(' ', text.Chunk(4).Select(part => new string(part))));
        var form = Fields(await browser.Get(shown), "/account/factors/authenticator");
        var wrong = await browser.Post("/account/factors/authenticator", new(form) { ["code"] = "abc" });
        (await Page(browser, wrong)).ShouldContain("コードが違うか、使用済みです。");
        (await browser.Post("/account/factors/authenticator",
            new(Fields(await browser.Get(wrong), "/account/factors/authenticator")) { ["code"] = Now(Totp.ReadText(text)!) }))
            .ShouldBe("/account/factors?told=factor-set");

        // The proof was used up by what it was given for: it is asked for again, and what was wanted is done.
        var again = await browser.Post("/account/factors", new(Fields(await browser.Get("/account/factors"), "/account/factors")) { ["want"] = "codes" });
        var byPassword = Regex.Match(await Page(browser, again), "href=\"(/step-up[^\"]+by=Password)\"").Groups[1].Value;
        var made = await browser.Post("/step-up", new(Fields(await browser.Get(byPassword), "/step-up")) { ["password"] = aoi.Password });
        var codes = Regex.Matches(await Page(browser, made), "<li>(([0-9a-z]{4}-){3}[0-9a-z]{4})</li>").Select(m => m.Groups[1].Value).ToList();
        codes.Count.ShouldBe(10);
        (await Page(browser, "/account/factors")).ShouldNotContain(codes[0]);
        var ren = await scene.Member(name: "Ren");
        using var other = new PlainBrowser(scene.App, "ensen-member", ren.Api.Token!);
        (await Page(other, made)).ShouldNotContain(codes[0]);

        await browser.Post("/account/freeze", Fields(await browser.Get("/account"), "/account/freeze"));
        var thaw = await browser.Post("/account/thaw", Fields(await browser.Get("/account"), "/account/thaw"));
        var best = Fields(await browser.Get(thaw), "/step-up");
        best["by"].ShouldBe("Totp", "the best that the member has");
        var choice = Regex.Match(await Page(browser, thaw), "href=\"(/step-up[^\"]+by=RecoveryCode)\"").Groups[1].Value;
        (await browser.Post("/step-up", new(Fields(await browser.Get(choice), "/step-up")) { ["code"] = codes[4] })).ShouldBe("/account?told=thawed");
        (await Page(browser, "/account/factors")).ShouldContain("残り9");
    }

    [Theory, BothEngines]
    public async Task An_authenticator_goes_by_the_machines_clock_where_the_sandboxs_was_moved(Engine engine)
    {
        var scene = new Scene(await servers.WithMovableClock(engine));
        (await scene.Nobody.Post("/sandbox/clock", new { advance = "PT1H" }, Client.NoKey)).Ok();
        var aoi = await scene.Member();
        var text = (await aoi.Api.Get("/me/authenticator/secret")).Ok().Text("secret");

        (await SetUp(aoi, text, Now(Totp.ReadText(text)!), await Proven(aoi, "factors"))).Ok();
        var id = (await aoi.Api.Post("/me/challenges", new { purpose = "thaw", method = "totp" })).Created().Text("challengeId");
        var next = Totp.CodeAt(Totp.ReadText(text)!, TimeProvider.System.GetUtcNow().AddSeconds(30));
        (await aoi.Api.Post($"/me/challenges/{id}/answer", new { code = next })).Ok().Text("status").ShouldBe("passed");
    }

    static string Now(byte[] secret) => Totp.CodeAt(secret, TimeProvider.System.GetUtcNow());

    static Task<Reply> SetUp(Person who, string secret, string code, string? proof = null) =>
        who.Api.Put("/me/authenticator", new { secret, code }, proof);

    static async Task<string> Proven(Person who, string purpose)
    {
        var id = (await who.Api.Post("/me/challenges", new { purpose, method = "password" })).Created().Text("challengeId");
        (await who.Api.Post($"/me/challenges/{id}/answer", new { password = who.Password })).Ok().Text("status").ShouldBe("passed");
        return id;
    }

    static async Task<string> Page(PlainBrowser browser, string path) => WebUtility.HtmlDecode(await browser.Get(path));

    static async Task<string> Mailbox(Scene scene, Person who) => WebUtility.HtmlDecode(
        await scene.App.Http.GetStringAsync($"{scene.App.Address}/sandbox?to={Uri.EscapeDataString(who.Email)}"));
}
