using System.Net;
using System.Text.RegularExpressions;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;
using static Ensen.Tests.Support.PlainBrowser;

namespace Ensen.Tests.Web.Members;

/// <summary>Freezing, thawing and own caps on the pages, in a browser without script: what is typed comes back, a password never.</summary>
public class SafetyPagesTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_wallet_is_frozen_in_one_press_and_thawed_after_a_proof(Engine engine)
    {
        var (_, aoi, browser) = await Open(engine);
        using var _b = browser;

        (await browser.Post("/account/freeze", Fields(await browser.Get("/account"), "/account/freeze"))).ShouldBe("/account?told=frozen");
        var frozen = await Page(browser, "/account");
        frozen.ShouldContain("ご自身で利用を停止しています。");
        frozen.ShouldNotContain("action=\"/account/freeze\"");
        (await Page(browser, "/")).ShouldContain("ご利用を停止しています。");

        var thaw = Fields(await browser.Get("/account"), "/account/thaw");
        var ask = await browser.Post("/account/thaw", thaw);
        ask.ShouldStartWith("/step-up?again=");
        var proof = Fields(await browser.Get(ask), "/step-up");
        var wrong = await browser.Post("/step-up", new(proof) { ["password"] = "Wrong-pass-1" });
        wrong.ShouldStartWith("/step-up?again=");
        (await Page(browser, wrong)).ShouldContain("パスワードが違います。");
        var back = await browser.Post("/step-up", new(Fields(await browser.Get(wrong), "/step-up")) { ["password"] = aoi.Password });
        back.ShouldBe("/account?told=thawed", "nobody presses twice");
        (await Page(browser, "/account")).ShouldContain("action=\"/account/freeze\"");
    }

    [Theory, BothEngines]
    public async Task Caps_are_lowered_raised_and_cancelled_and_what_was_typed_comes_back(Engine engine)
    {
        var (_, aoi, browser) = await Open(engine);
        using var _b = browser;
        var form = Fields(await browser.Get("/account/limits"), "/account/limits");
        form["perPayment"].ShouldBe("500,000");

        (await browser.Post("/account/limits", Typed(form, "１,０００", "2000"))).ShouldBe("/account/limits?told=caps-kept");
        (await browser.Post("/account/limits", Typed(form, "1000", "2000"))).ShouldBe("/account/limits?told=caps-same");
        var asked = await browser.Post("/account/limits", Typed(form, "3,000", "4000"));
        asked.ShouldStartWith("/step-up?again=");
        var back = await browser.Post("/step-up", new(Fields(await browser.Get(asked), "/step-up")) { ["password"] = aoi.Password });
        back.ShouldBe("/account/limits?told=caps-ahead", "what was typed is asked for right after the proof");
        (await Page(browser, "/account/limits")).ShouldContain("1,000円 → <b>3,000円</b>");
        (await Page(browser, "/account")).ShouldContain("に引き上げます");
        (await browser.Post("/account/limits/cancel", Fields(await browser.Get("/account/limits"), "/account/limits/cancel")))
            .ShouldBe("/account/limits?told=caps-cancelled");
        (await Page(browser, "/account/limits")).ShouldNotContain("/account/limits/cancel");

        foreach (var (typed, said) in new[] { ("ten", "金額をお確かめください"), ("-5", "金額をお確かめください"), ("500001", "設定できる額を超えています。") })
        {
            var refused = await browser.Post("/account/limits", Typed(form, typed, "2000"));
            var page = await Page(browser, refused);
            page.ShouldContain(said);
            page.ShouldContain($"value=\"{typed}\"");
            Regex.Match(page, "<input id=\"perPayment\"[^>]*>").Value.ShouldContain("aria-invalid=\"true\"", customMessage: typed);
        }
        (await aoi.Api.Get("/me/limits")).Ok().Number("perPayment").ShouldBe(1_000);
    }

    [Theory, BothEngines]
    public async Task Nobody_is_led_elsewhere_and_no_form_works_without_its_token(Engine engine)
    {
        var (_, aoi, browser) = await Open(engine);
        using var _b = browser;
        (await Page(browser, "/step-up?again=forged")).ShouldContain("いま確認が必要な手続きはありません。");
        var proof = Fields(await browser.Get("/step-up?purpose=thaw"), "/step-up");

        (await browser.Post("/step-up", new(proof)
        {
            ["password"] = aoi.Password,
            ["again"] = "forged",
            ["purpose"] = "//evil.example",
            ["then"] = "//evil.example",
        })).ShouldBe("/account");
        (await browser.Post("/step-up", new(proof) { ["password"] = aoi.Password, ["then"] = "//evil.example" })).ShouldBe("/account");
        (await browser.Post("/step-up", new(proof) { ["password"] = aoi.Password, ["by"] = "Passkey" })).ShouldStartWith("/step-up?again=");
        using var http = new HttpClient { BaseAddress = new Uri((await servers.On(engine)).Address) };
        http.DefaultRequestHeaders.Add("Cookie", $"ensen-member={aoi.Api.Token}");
        foreach (var form in new[] { "/account/freeze", "/account/thaw", "/account/limits", "/account/limits/cancel", "/step-up" })
        {
            using var answer = await http.PostAsync(form, new FormUrlEncodedContent([new("password", aoi.Password)]));
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, form);
        }
        (await Page(browser, "/account")).ShouldContain("action=\"/account/freeze\"");
    }

    // Proven for the one is not proven for the other.
    [Theory, BothEngines]
    public async Task A_proof_on_a_page_is_for_what_it_was_asked_for(Engine engine)
    {
        var (_, aoi, browser) = await Open(engine);
        using var _b = browser;
        var caps = Typed(Fields(await browser.Get("/account/limits"), "/account/limits"), "1000", "2000");
        await browser.Post("/account/limits", caps);
        await browser.Post("/account/freeze", Fields(await browser.Get("/account"), "/account/freeze"));
        var thaw = Fields(await browser.Get("/account"), "/account/thaw");

        var asked = await browser.Post("/account/limits", Typed(caps, "3000", "4000"));
        var proof = Fields(await browser.Get(asked), "/step-up");
        (await browser.Post("/step-up", new(proof) { ["password"] = aoi.Password, ["purpose"] = "thaw" })).ShouldBe("/account/limits?told=caps-ahead");
        (await browser.Post("/account/limits", Typed(caps, "5000", "6000"))).ShouldStartWith("/step-up?again=", Case.Sensitive, "once");
        (await browser.Post("/account/thaw", thaw)).ShouldStartWith("/step-up?again=");
    }

    [Theory, BothEngines]
    public async Task A_call_proves_it_without_a_script_and_what_was_wanted_is_done(Engine engine)
    {
        var (_, aoi, browser) = await Open(engine);
        using var _b = browser;
        await browser.Post("/account/freeze", Fields(await browser.Get("/account"), "/account/freeze"));
        var asked = await browser.Post("/account/thaw", Fields(await browser.Get("/account"), "/account/thaw"));
        var choice = System.Text.RegularExpressions.Regex.Match(await Page(browser, asked), "href=\"(/step-up[^\"]+by=Call)\"").Groups[1].Value;
        (await Page(browser, choice)).ShouldContain("登録の電話(090-****-");

        var shown = await browser.Post("/step-up", Fields(await browser.Get(choice), "/step-up"));
        (await Page(browser, shown)).ShouldMatch("(?s)までに、この番号へおかけください.*href=\"tel:\\+8150");
        var early = await browser.Post("/step-up", Fields(await browser.Get(shown), "/step-up"));
        (await Page(browser, early)).ShouldContain("まだお電話を確認できていません。");
        var call = Fields(await browser.Get(early), "/sandbox/call");
        call["call"].ShouldStartWith(aoi.Telephone + " ");
        (await browser.Post("/sandbox/call", call)).ShouldBe(early);
        (await Page(browser, early)).ShouldContain("お電話を確認しました。");
        (await browser.Post("/step-up", Fields(await browser.Get(early), "/step-up"))).ShouldBe("/account?told=thawed");
        (await Page(browser, "/account")).ShouldMatch("090-\\*\\*\\*\\*-[0-9]{4}</span> <span class=\"tag good\">確認済み");
    }

    [Theory, BothEngines]
    public async Task Whoever_guesses_is_told_how_long_to_wait(Engine engine)
    {
        var (scene, aoi, browser) = await Open(engine);
        using var _b = browser;
        var proof = Fields(await browser.Get("/step-up?purpose=thaw"), "/step-up");
        var last = "";
        // The eighth waits for longer than the page lets anybody wait on the line.
        for (var i = 0; i < 8; i++)
            last = await browser.Post("/step-up", new(proof) { ["password"] = $"Wrong-pass-{i}" });

        using var request = new HttpRequestMessage(HttpMethod.Get, last);
        request.Headers.Add("Cookie", $"ensen-member={aoi.Api.Token}");
        using var answer = await scene.App.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()).ShouldMatch("回数が多すぎます。あと[0-9]+(秒|分)お待ちください。");
    }

    async Task<(Scene Scene, Person Aoi, PlainBrowser Browser)> Open(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member(10_000);
        return (scene, aoi, new PlainBrowser(scene.App, "ensen-member", aoi.Api.Token!));
    }

    static async Task<string> Page(PlainBrowser browser, string path) => WebUtility.HtmlDecode(await browser.Get(path));

    static Dictionary<string, string> Typed(Dictionary<string, string> form, string perPayment, string perDay) =>
        new(form) { ["perPayment"] = perPayment, ["perDay"] = perDay, ["perMonth"] = "" };
}
