using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Identity;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web.Members;

/// <summary>The pages of verification, bank accounts and the queue, as browsers without script use them.</summary>
public partial class IdentityPagesTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_newcomer_is_verified_and_links_an_account_page_by_page(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var ren = await scene.Member(verified: false, name: "Ren");
        using var browser = new PlainBrowser(scene.App, "ensen-member", ren.Api.Token!);
        (await browser.Get("/account")).ShouldContain("銀行からチャージするには、本人確認がいります");
        (await browser.Get("/charge")).ShouldContain("id=\"bank-missing\"");
        (await browser.Get("/account/bank")).ShouldContain("href=\"/account/verify\"");
        (await browser.Get("/account/verify")).ShouldContain("href=\"/account/verify?method=ic_chip\"");

        var form = PlainBrowser.Fields(await browser.Get("/account/verify?method=ic_chip"), "/account/verify");
        var wrong = await browser.Post("/account/verify", new(form) { ["name"] = "青井 美咲", ["kana"] = "青井", ["bornOn"] = "1990-04-01" });
        var again = await browser.Get(wrong);
        again.ShouldContain("お名前のフリガナを、カタカナで入れてください。");
        again.ShouldContain("ご住所を");
        again.ShouldContain("value=\"青井 美咲\"", Case.Sensitive, "what was typed is still there");
        (await browser.Post("/account/verify", new(form)
        {
            ["name"] = "青井 美咲",
            ["kana"] = "あおい みさき",
            ["bornOn"] = "1990-04-01",
            ["address"] = "大阪市北区1-1",
        })).ShouldBe("/account/verify");
        (await browser.Get("/account/verify")).ShouldContain("まで有効です");

        var link = PlainBrowser.Fields(await browser.Get("/account/bank"), "/account/bank");
        var typed = new Dictionary<string, string>(link)
        {
            ["bankCode"] = "９９９９",
            ["branchCode"] = "001",
            ["kind"] = "ordinary",
            ["number"] = Number(),
            ["holderKana"] = "ｱｵｲ ﾐｻｷ",
        };
        var asked = await browser.Post("/account/bank", typed);
        asked.ShouldStartWith("/step-up?");
        (await browser.Post("/step-up", new(PlainBrowser.Fields(await browser.Get(asked), "/step-up")) { ["password"] = ren.Password }))
            .ShouldBe("/account/bank?told=bank-linked");
        var linked = await browser.Get("/account/bank?told=bank-linked");
        linked.ShouldContain($"****{typed["number"][^4..]}");
        (await browser.Get("/charge")).ShouldNotContain("id=\"bank-missing\"");
        (await browser.Post("/account/bank/remove", PlainBrowser.Fields(linked, "/account/bank/remove"))).ShouldBe("/account/bank?told=bank-removed");
        (await browser.Get("/charge")).ShouldContain("id=\"bank-missing\"");
    }

    [Theory, BothEngines]
    public async Task Pictures_are_shown_to_whoever_opened_them_with_a_reason_and_to_nobody_else(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var ren = await scene.Member(verified: false, name: "Ren");
        using var member = new PlainBrowser(app, "ensen-member", ren.Api.Token!);
        var form = PlainBrowser.Fields(await member.Get("/account/verify?method=image"), "/account/verify");
        await member.Post("/account/verify", new(form)
        {
            ["name"] = "青井 美咲",
            ["kana"] = "あおい みさき",
            ["bornOn"] = "1990-04-01",
            ["address"] = "大阪市北区1-1",
        });
        (await Send(app, ren, await member.Get("/account/verify"), "<svg/>"u8.ToArray())).ShouldStartWith("/account/verify?again=");
        (await Send(app, ren, await member.Get("/account/verify"), [.. IdentityDesk.Jpeg, .. new byte[300_000]])).ShouldBe("/account/verify");
        (await member.Get("/account/verify")).ShouldContain("担当者が確認しています");
        var id = (await ren.Api.Get("/me/verifications")).Ok().Json.GetProperty("latest").GetProperty("verificationId").GetString();

        var (suzuki, sato) = ((await scene.Operator("鈴木")).Api, (await scene.Operator("佐藤")).Api);
        using var first = new PlainBrowser(app, "ensen-operator", suzuki.Token!);
        var page = await first.Get($"/console/verifications/{id}");
        page.ShouldNotContain("青井");
        var opened = await first.Post(
            "/console/verifications/open", new(PlainBrowser.Fields(page, "/console/verifications/open")) { ["reason"] = "審査" });
        var shown = await first.Get(opened);
        shown.ShouldContain("青井 美咲");
        var image = WebUtility.HtmlDecode(Image().Match(shown).Groups[1].Value);
        (await Status(app, "ensen-operator", suzuki.Token!, image)).ShouldBe("200 image/jpeg no-store nosniff");
        (await Status(app, "ensen-operator", suzuki.Token!, image.Split('?')[0])).ShouldStartWith("404", Case.Sensitive, "without the reason");
        (await Status(app, "ensen-operator", sato.Token!, image)).ShouldStartWith("404", Case.Sensitive, "another operator's address");
        (await Status(app, "ensen-member", ren.Api.Token!, image)).ShouldNotStartWith("200");

        var told = await first.Post("/console/verifications/decide",
            new(PlainBrowser.Fields(shown, "/console/verifications/decide")) { ["why"] = "一致", ["decision"] = "accept" });
        var recorded = await first.Get(told);
        recorded.ShouldContain("もう1人の判断を待ちます");
        recorded.ShouldContain("1人目として判断済みです");
        using var second = new PlainBrowser(app, "ensen-operator", sato.Token!);
        var again = await second.Get(await second.Post("/console/verifications/open", new(
            PlainBrowser.Fields(await second.Get($"/console/verifications/{id}"), "/console/verifications/open"))
        { ["reason"] = "審査" }));
        again.ShouldContain("2人目として決める");
        (await second.Get(await second.Post("/console/verifications/decide",
            new(PlainBrowser.Fields(again, "/console/verifications/decide")) { ["why"] = "一致", ["decision"] = "accept" })))
            .ShouldContain("本人と認めました");
        (await member.Get("/account/verify")).ShouldContain("まで有効です");
    }

    static async Task<string> Send(WebApp app, Person who, string page, byte[] image)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(app.Address) };
        // The form's token is of the browser that drew it: the page is drawn again for this one.
        using var drawing = new HttpRequestMessage(HttpMethod.Get, "/account/verify");
        drawing.Headers.TryAddWithoutValidation("Cookie", $"ensen-member={who.Api.Token}");
        using var drawn = await http.SendAsync(drawing);
        var fields = PlainBrowser.Fields(await drawn.Content.ReadAsStringAsync(), "/account/verify/pictures");
        var cookies = drawn.Headers.TryGetValues("Set-Cookie", out var set) ? string.Join("; ", set.Select(c => c.Split(';')[0])) : "";
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields.Where(f => f.Key is not ("Front" or "Back" or "Face")))
            form.Add(new StringContent(value), name);
        foreach (var side in new[] { "Front", "Face" })
        {
            var picture = new ByteArrayContent(image);
            picture.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            form.Add(picture, side, "../../etc/passwd.jpg");
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, "/account/verify/pictures") { Content = form };
        request.Headers.TryAddWithoutValidation("Cookie", $"ensen-member={who.Api.Token}; {cookies}");
        using var answer = await http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, page.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return answer.Headers.Location!.OriginalString;
    }

    static async Task<string> Status(WebApp app, string cookie, string token, string address)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(app.Address) };
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Cookie", $"{cookie}={token}");
        using var answer = await http.SendAsync(request);
        return $"{(int)answer.StatusCode} {answer.Content.Headers.ContentType?.MediaType} {answer.Headers.CacheControl} "
            + string.Join(' ', answer.Headers.TryGetValues("X-Content-Type-Options", out var values) ? values : []);
    }

    static string Number() => System.Security.Cryptography.RandomNumberGenerator.GetInt32(1, 9_999_999)
        .ToString("0000000", System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("<img src=\"(/console/verifications/[^\"]+)\"")]
    private static partial Regex Image();
}
