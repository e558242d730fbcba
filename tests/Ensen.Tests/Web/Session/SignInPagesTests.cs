using System.Net;
using System.Text.RegularExpressions;
using Ensen.Access;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Chaos;
using Ensen.Tests.Support;
using static Ensen.Tests.Support.PlainBrowser;

namespace Ensen.Tests.Web.Session;

/// <summary>Signing in and a forgotten password on the pages, without script.</summary>
public class SignInPagesTests(Servers servers)
{
    const string Other = "Circle-line-10";

    [Theory, BothEngines]
    public async Task The_second_step_stands_on_a_page_of_its_own_and_leads_where_one_wanted_to_go(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member();
        var secret = await WithAuthenticator(aoi);
        using var browser = Anybody(scene);

        var second = await browser.Post("/sign-in", new(Fields(await browser.Get("/sign-in?then=%2Fpoints"), "/sign-in"))
        { ["email"] = aoi.Email, ["password"] = aoi.Password });
        second.ShouldBe("/sign-in/second?then=%2Fpoints");
        (await browser.Redirect("/account")).ShouldStartWith("/sign-in?then=", customMessage: "nobody is signed in yet");
        var wrong = await browser.Post("/sign-in/second", new(Fields(await browser.Get(second), "/sign-in/second")) { ["code"] = "000000" });
        wrong.ShouldStartWith("/sign-in/second?again=");
        (await Page(browser, wrong)).ShouldContain("コードが違うか、使用済みです。");
        wrong.ShouldNotContain("000000");
        (await browser.Post("/sign-in/second", new(Fields(await browser.Get(wrong), "/sign-in/second")) { ["code"] = Shown(secret, 30) }))
            .ShouldBe("/points");

        (await Page(browser, "/account")).ShouldContain("この端末");
        using var stranger = Anybody(scene);
        (await Page(stranger, second)).ShouldContain("はじめからやり直してください。", customMessage: "another browser");
        (await stranger.Post("/sign-in/second", new(Fields(await stranger.Get("/sign-in"), "/sign-in")) { ["by"] = "Totp", ["code"] = "1" }))
            .ShouldStartWith("/sign-in/second?again=");
    }

    [Theory, BothEngines]
    public async Task A_forgotten_password_is_replaced_and_every_address_is_told_the_same(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member();
        using var browser = Anybody(scene);
        (await Page(browser, "/sign-in")).ShouldContain("href=\"/sign-in/forgotten\"");
        var told = new List<string>();
        foreach (var email in new[] { "nobody@sandbox.example", aoi.Email })
        {
            var next = await browser.Post("/sign-in/forgotten", new(Fields(await browser.Get("/sign-in/forgotten"), "/sign-in/forgotten"))
            { ["email"] = email });
            told.Add($"{next} {await Page(browser, next)}");
        }
        told.Distinct().ShouldHaveSingleItem().ShouldContain("メールをお送りしました。");
        (await browser.Post("/sign-in/forgotten", new(Fields(await browser.Get("/sign-in/forgotten"), "/sign-in/forgotten")) { ["email"] = "x" }))
            .ShouldStartWith("/sign-in/forgotten?again=");

        var link = "";
        await Until.Seen(() => (link = Regex.Match(Mail(scene, aoi).GetAwaiter().GetResult(), "/sign-in/reset\\?token=[\\w-]+").Value) != "", () => "the mail");
        var second = await browser.Post("/sign-in/reset", Fields(await browser.Get(link), "/sign-in/reset"));
        second.ShouldBe("/sign-in/second?then=%2F");
        var shown = await browser.Post("/sign-in/second", Fields(await browser.Get(second), "/sign-in/second"));
        var page = await Page(browser, shown);
        var early = await browser.Post("/sign-in/second", Fields(await browser.Get(shown), "/sign-in/second"));
        (await Page(browser, early)).ShouldContain("まだお電話を確認できていません。");
        (await Page(browser, "/sign-in/new-password")).ShouldContain("このリンクは使えません。", customMessage: "nothing was shown yet");
        var dial = Regex.Match(page, "href=\"tel:([^\"]+)\"").Groups[1].Value;
        (await scene.Nobody.Post("/sandbox/calls", new { from = aoi.Telephone, to = WebUtility.HtmlDecode(dial) }, Client.NoKey)).Ok();
        (await browser.Post("/sign-in/second", Fields(await browser.Get(early), "/sign-in/second"))).ShouldBe("/sign-in/new-password");

        var form = Fields(await browser.Get("/sign-in/new-password"), "/sign-in/new-password");
        var weak = await browser.Post("/sign-in/new-password", new(form) { ["password"] = "short" });
        (await Page(browser, weak)).ShouldContain("8文字以上");
        (await browser.Post("/sign-in/new-password", new(form) { ["password"] = Other })).ShouldBe("/sign-in?told=reset");
        (await Page(browser, "/sign-in?told=reset")).ShouldContain("新しいパスワードでサインインしてください。");
        (await browser.Post("/sign-in/new-password", new(form) { ["password"] = Other })).ShouldBe("/sign-in/forgotten?told=lapsed");
        (await browser.Post("/sign-in/reset", Fields(await browser.Get(link), "/sign-in/reset"))).ShouldBe("/sign-in/forgotten?told=lapsed");
        (await Page(browser, "/sign-in/second")).ShouldContain("時間がたったため", customMessage: "no step is left beside the password");
        using (var elsewhere = Anybody(scene))
            (await elsewhere.Post("/sign-in", new(Fields(await elsewhere.Get("/sign-in"), "/sign-in")) { ["email"] = aoi.Email, ["password"] = Other }))
                .ShouldStartWith("/sign-in/second?", customMessage: "another browser is asked for a call");
        (await browser.Post("/sign-in", new(Fields(await browser.Get("/sign-in?told=reset"), "/sign-in")) { ["email"] = aoi.Email, ["password"] = Other }))
            .ShouldBe("/", "here a call has come a moment ago");
        (await aoi.Api.Get("/wallet")).Refused(401, "unauthenticated");
    }

    static PlainBrowser Anybody(Scene scene) => new(scene.App, "ensen-theme", "auto");

    static async Task<string> Page(PlainBrowser browser, string path) => WebUtility.HtmlDecode(await browser.Get(path));

    static async Task<byte[]> WithAuthenticator(Person who)
    {
        var text = (await who.Api.Get("/me/authenticator/secret")).Ok().Text("secret");
        var id = (await who.Api.Post("/me/challenges", new { purpose = "factors", method = "password" })).Created().Text("challengeId");
        (await who.Api.Post($"/me/challenges/{id}/answer", new { password = who.Password })).Ok();
        var secret = Totp.ReadText(text)!;
        (await who.Api.Put("/me/authenticator", new { secret = text, code = Shown(secret, 0) }, id)).Ok();
        return secret;
    }

    static string Shown(byte[] secret, int seconds) => Totp.CodeAt(secret, TimeProvider.System.GetUtcNow().AddSeconds(seconds));

    static async Task<string> Mail(Scene scene, Person who) =>
        WebUtility.HtmlDecode(await scene.App.Http.GetStringAsync($"/sandbox?to={Uri.EscapeDataString(who.Email)}"));
}
