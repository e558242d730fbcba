using System.Net;
using Ensen.Basics;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>Where an address names a day, what is no day and what has not come is said, and nobody is shown today's numbers for it.</summary>
public class AskedDayTests(Servers servers)
{
    static readonly string[] s_none = ["abc", "2026-02-30", "0001-01-01", "9999-12-31", "2026-1-1", ""];

    [Theory, BothEngines]
    public async Task What_is_no_day_and_a_day_to_come_is_refused_by_every_page_and_file(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var shop = await scene.Store();
        (await (await scene.Member(50_000)).Pay(shop, 4_321)).Created();
        var till = await scene.PointTill();
        var (desk, today) = ((await scene.Operator("鈴木")).Api, JapanDay.Of(DateTimeOffset.UtcNow));
        var (tomorrow, complaints) = (today.Next, new List<string>());
        foreach (var (path, cookie, who) in new[]
        {
            ("/console/reports", "ensen-operator", desk), ("/console/reports/safeguarding/csv", "ensen-operator", desk),
            ("/console/reports/prepaid/csv", "ensen-operator", desk), ("/console/reports/holdings", "ensen-operator", desk),
            ("/console/points", "ensen-operator", desk), ("/console/points/csv", "ensen-operator", desk),
            ("/shop", "ensen-merchant", shop.Merchant), ("/shop/csv", "ensen-merchant", shop.Merchant),
            ("/point-till/day", "ensen-point-till", till),
        })
        {
            foreach (var day in s_none)
                Expect(400, "日付を確かめてください", await Ask(scene, cookie, who, path, day), day);
            Expect(400, "まだ来ていない日です", await Ask(scene, cookie, who, path, tomorrow.ToString()), "tomorrow");
            Expect(200, "", await Ask(scene, cookie, who, path, today.ToString()), "today");

            void Expect(int status, string words, (int Status, string Body) answer, string day)
            {
                if (answer.Status != status || !answer.Body.Contains(words, StringComparison.Ordinal)
                    || status == 400 && answer.Body.Contains("4,321", StringComparison.Ordinal))
                    complaints.Add($"{path} {day}: {answer.Status}");
            }
        }
        complaints.ShouldBeEmpty();
        (await Ask(scene, "ensen-merchant", shop.Merchant, "/shop", today.ToString())).Body.ShouldContain("4,321");
        // A file for the bank is for the day on which it pays.
        (await Ask(scene, "ensen-operator", desk, "/console/pay-outs", "abc")).ShouldSatisfyAllConditions(
            a => a.Status.ShouldBe(400), a => a.Body.ShouldContain("日付を確かめてください"));
        (await Ask(scene, "ensen-operator", desk, "/console/pay-outs", tomorrow.ToString())).Status.ShouldBe(200);
    }

    [Theory, BothEngines]
    public async Task Who_held_much_is_asked_for_a_day_that_has_come_and_the_reason_stays(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var desk = (await scene.Operator("鈴木")).Api;
        using var browser = new PlainBrowser(scene.App, "ensen-operator", desk.Token!);
        var reason = $"月次の確認 {Guid.NewGuid():N}";
        var form = PlainBrowser.Fields(await browser.Get("/console/reports/holdings"), "/console/reports/holdings/look");
        (form["day"], form["reason"]) = (JapanDay.Of(DateTimeOffset.UtcNow).Next.ToString(), reason);

        foreach (var action in new[] { "look", "csv" })
        {
            var address = await browser.Post($"/console/reports/holdings/{action}", form);
            var (status, body) = await Ask(scene, "ensen-operator", desk, address);
            status.ShouldBe(400);
            body.ShouldContain("まだ来ていない日です");
            body.ShouldContain(reason);
        }
        (await browser.Get("/console/log")).ShouldNotContain(reason, Case.Sensitive, "nobody was looked at");
        form["day"] = JapanDay.Of(DateTimeOffset.UtcNow).ToString();
        (await browser.Get(await browser.Post("/console/reports/holdings/look", form))).ShouldContain("id=\"found\"");
    }

    [Theory, BothEngines]
    public async Task The_file_of_safeguarding_says_what_each_amount_is_and_has_both_of_the_highest_day(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        await scene.Member(50_000);
        var desk = (await scene.Operator("鈴木")).Api;
        var report = (await desk.Get("/console/reports/safeguarding")).Ok().Json.GetProperty("week");

        var lines = (await Ask(scene, "ensen-operator", desk, "/console/reports/safeguarding/csv")).Body.Split("\r\n");

        var highest = report.GetProperty("highestDay").GetString();
        var rows = lines.Where(l => l.Contains("週で最も高い営業日", StringComparison.Ordinal)).ToList();
        rows.Select(l => string.Join(' ', l.Split(',')[..2]))
            .ShouldBe([$"{highest} 週で最も高い営業日の未達債務", $"{highest} 週で最も高い営業日の要履行保証額"]);
        rows[1].Split(',')[2].ShouldBe("10000000");
    }

    static async Task<(int Status, string Body)> Ask(Scene scene, string cookie, Client who, string path, string? day = null)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
        { BaseAddress = new Uri(scene.App.Address) };
        using var request = new HttpRequestMessage(HttpMethod.Get, day is null ? path : $"{path}?day={day}");
        request.Headers.TryAddWithoutValidation("Cookie", $"{cookie}={who.Token}");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }
}
