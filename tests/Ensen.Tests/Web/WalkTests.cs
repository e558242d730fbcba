using System.Net;
using System.Text.RegularExpressions;
using Ensen.Tests.Api;

namespace Ensen.Tests.Web;

/// <summary>The newcomer's first walk: every press of it, by a browser that is nobody yet and on a database without a town.</summary>
public sealed partial class WalkTests : PageTests
{
    [Fact]
    public async Task No_press_of_the_walk_ends_at_a_sign_in_page()
    {
        var places = PlaceShown().Matches(await Read(Walker(out _), "/welcome")).Select(m => m.Groups[1].Value).ToList();
        places.Count.ShouldBe(15);
        foreach (var place in places)
        {
            using var browser = Walker(out _);
            using var page = await Press(browser, "/sandbox/walk", ("place", place));
            page.StatusCode.ShouldBe(HttpStatusCode.OK, place);
            page.RequestMessage!.RequestUri!.AbsolutePath.ShouldNotContain("sign-in", Case.Insensitive, place);
        }
    }

    [Fact]
    public async Task A_step_ticks_itself_off_when_its_result_was_seen_and_every_page_says_how_far_one_is()
    {
        using var browser = Walker(out var cookies);
        (await Press(browser, "/sandbox/walk", ("place", "ChargePage"))).Dispose();
        (await Read(browser, "/points")).ShouldContain("0 / 12");
        (await browser.GetAsync(At("/till/refund/done"))).Dispose();
        (await browser.GetAsync(At("/charge/chg_00000000000000000000000000"))).Dispose();
        (await Read(browser, "/points")).ShouldContain("0 / 12", Case.Sensitive, "a page that was not shown ticks nothing");

        (await Press(browser, "/sandbox/walk", ("place", "Till"))).Dispose();
        (await Read(browser, "/points")).ShouldContain("1 / 12");
        var member = new Client(App.Http, cookies.GetCookies(new Uri(App.Address))["ensen-member"]!.Value);
        (await Get(member, "/history")).ShouldContain("0 / 12", Case.Sensitive, "the walk belongs to the browser");

        (await Press(browser, "/sandbox/walk/again")).Dispose();
        (await Read(browser, "/points")).ShouldContain("0 / 12");
    }

    [Fact]
    public async Task A_form_that_was_refused_ticks_nothing()
    {
        using var browser = Walker(out _);
        (string, string)[] typed = [("name", "Hana Aoi"), ("telephone", "090-1234-5678"), ("password", "Kanjosen-19-eki")];
        (await Press(browser, "/register", [.. typed, ("email", "nowhere")])).Dispose();
        (await Press(browser, "/confirm-mail", ("token", "never-sent"))).Dispose();
        (await Read(browser, "/sign-in")).ShouldContain("0 / 12");

        (await Press(browser, "/register", [.. typed, ("email", "hana@ensen.example")])).Dispose();
        (await Read(browser, "/points")).ShouldContain("1 / 12");
        // The mail is sent beside the answer, and is in the box a moment later.
        Match link;
        for (var tries = 0; !(link = LinkShown().Match(await Read(browser, "/sandbox?to=hana@ensen.example"))).Success; tries++)
        {
            tries.ShouldBeLessThan(200, "no mail came");
            await Task.Delay(50);
        }
        using var confirmed = await Press(browser, "/confirm-mail", ("token", link.Groups[1].Value));
        (await confirmed.Content.ReadAsStringAsync()).ShouldContain("2 / 12");
    }

    [Fact]
    public async Task A_shown_code_is_scanned_at_a_till_and_a_tills_code_is_read_without_a_camera()
    {
        using var browser = Walker(out var cookies);
        (await Press(browser, "/sandbox/walk", ("place", "ShownCode"))).Dispose();
        using var till = await Press(browser, "/sandbox/take", ("code", await Member.Code()));
        till.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/till/take");
        (await till.Content.ReadAsStringAsync()).ShouldContain("The code was read");

        var shown = WebUtility.HtmlDecode(await Read(browser, "/till/qr/new?amount=1200"));
        var scan = ScanShown().Match(shown).Groups[1].Value;
        using var pay = await browser.GetAsync(At(scan));
        pay.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/pay/to");
        (await pay.Content.ReadAsStringAsync()).ShouldContain("1,200");
    }

    HttpClient Walker(out CookieContainer cookies)
    {
        cookies = new CookieContainer();
        var browser = new HttpClient(new HttpClientHandler { CookieContainer = cookies }) { BaseAddress = new Uri(App.Address) };
        browser.DefaultRequestHeaders.Add("Accept-Language", "en");
        browser.DefaultRequestHeaders.Add("Accept", "text/html");
        return browser;
    }

    static async Task<HttpResponseMessage> Press(HttpClient browser, string action, params (string Name, string Value)[] fields)
    {
        var token = TokenShown().Match(await browser.GetStringAsync(At("/welcome"))).Groups[1].Value;
        using var form = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", token), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]);
        return await browser.PostAsync(At(action), form);
    }

    static Task<string> Read(HttpClient browser, string path) => browser.GetStringAsync(At(path));

    static Uri At(string path) => new(path, UriKind.Relative);

    [GeneratedRegex("name=\"place\" value=\"([A-Za-z]+)\"")]
    private static partial Regex PlaceShown();

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex TokenShown();

    [GeneratedRegex("href=\"(/sandbox/scan\\?text=[^\"]+)\"")]
    private static partial Regex ScanShown();

    [GeneratedRegex("/confirm-mail\\?token=([\\w-]+)")]
    private static partial Regex LinkShown();
}
