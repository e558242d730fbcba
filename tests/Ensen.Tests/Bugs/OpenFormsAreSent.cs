using System.Net;
using System.Text.RegularExpressions;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;
using Shop = Ensen.Tests.Api.Shop;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A link followed from another site replaced a cookie, and no form in any open tab could be sent any more. A form can be sent for as long
/// as its member is signed in, and only for that member.
/// </summary>
public partial class OpenFormsAreSent(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_form_that_was_open_still_pays_whatever_cookies_came_and_went(Engine engine)
    {
        var (app, member, shop) = await Scene(engine);
        using var tab = Browser(app, member);
        var form = Fields(await tab.GetStringAsync($"/t/{shop.TagId}"));

        // The link from elsewhere: a page is asked for without any cookie of ours, and what it sets replaces what the browser had.
        using var link = Browser(app, null);
        using var opened = await link.GetAsync("/sign-in");
        opened.Headers.TryGetValues("Set-Cookie", out var set);
        using var later = Browser(app, member, set ?? []);
        form["amount"] = "700";
        using var paid = await later.PostAsync("/pay/store", new FormUrlEncodedContent(form));

        paid.Headers.Location!.OriginalString.ShouldStartWith("/pay/done/pay_");
        (await member.Balance()).ShouldBe(4_300);
    }

    [Theory, BothEngines]
    public async Task A_form_drawn_for_one_member_is_not_sent_for_another(Engine engine)
    {
        var (app, aoi, shop) = await Scene(engine);
        var ren = await new Scene(app).Member(5_000, name: "Ren");
        using var tab = Browser(app, aoi);
        var form = Fields(await tab.GetStringAsync($"/t/{shop.TagId}"));
        form["amount"] = "700";
        using var browser = Browser(app, ren);

        using var asScript = await Post(browser, form, "application/json");
        asScript.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var told = System.Text.Json.JsonElement.Parse(await asScript.Content.ReadAsStringAsync());
        told.GetProperty("result").GetString().ShouldBe("refused");
        told.GetProperty("message").GetString().ShouldBe("この画面は、別の方のために開かれたものです。何も行っていません。画面を開き直してください。");

        using var asPerson = await Post(browser, form, "text/html");
        asPerson.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var page = await asPerson.Content.ReadAsStringAsync();
        page.ShouldContain("送れませんでした");
        page.ShouldContain("<a class=\"do\"");

        form.Remove("__RequestVerificationToken");
        using var without = await Post(browser, form, "text/html");
        without.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await without.Content.ReadAsStringAsync()).ShouldContain("送れませんでした");
        (await ren.Balance(), await aoi.Balance()).ShouldBe((5_000, 5_000));
    }

    [Fact]
    public async Task A_sign_in_form_that_was_open_works_after_signing_in_beside_it()
    {
        var (app, member, _) = await Scene(Engine.Sqlite);
        using var tab = Browser(app, null);
        var form = Fields(await tab.GetStringAsync("/sign-in"));
        form["email"] = "nobody@example.jp";
        form["password"] = "Wrong-09-xx";
        using var signedInMeanwhile = Browser(app, member);

        using var answer = await signedInMeanwhile.PostAsync("/sign-in", new FormUrlEncodedContent(form));
        answer.Headers.Location!.OriginalString.ShouldStartWith("/sign-in?again=");
        using var nobody = Browser(app, null);
        (await nobody.GetStringAsync(answer.Headers.Location)).ShouldContain("id=\"fault\"");
    }

    async Task<(WebApp App, Person Member, Shop Shop)> Scene(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        return (scene.App, await scene.Member(5_000), await scene.Store());
    }

    static async Task<HttpResponseMessage> Post(HttpClient browser, Dictionary<string, string> form, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/pay/store") { Content = new FormUrlEncodedContent(form) };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await browser.SendAsync(request);
    }

    static HttpClient Browser(WebApp app, Person? member, IEnumerable<string>? further = null)
    {
        var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
        { BaseAddress = new Uri(app.Address) };
        IEnumerable<string> cookies = [.. member is null ? Array.Empty<string>() : [$"ensen-member={member.Api.Token}"], .. (further ?? [])
            .Select(c => c.Split(';')[0])];
        if (cookies.Any())
            browser.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", string.Join("; ", cookies));
        return browser;
    }

    static Dictionary<string, string> Fields(string page) =>
        Inputs().Matches(page).GroupBy(m => m.Groups["name"].Value).ToDictionary(
            g => g.Key, g => WebUtility.HtmlDecode(g.First().Groups["value"].Value));

    [GeneratedRegex("""<input[^>]*?name="(?<name>[^"]+)"[^>]*?value="(?<value>[^"]*)"[^>]*>""")]
    private static partial Regex Inputs();
}
