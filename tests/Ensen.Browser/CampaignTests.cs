using Ensen.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>
/// A campaign on its screens: proposed with a mistake that is mended, tried, approved by another person, entered, paid under, stopped by a
/// person and by the breaker.
/// </summary>
public abstract class CampaignTests(Chrome chrome, RunningApp running)
{
    static readonly string[] s_ticked =
        ["input[value='holiday']", "input[value='saturday']", "input[value='sunday']", "input[name='channel'][value='code']"];

    WebApp App => running.App;

    [Fact]
    public async Task A_campaign_is_made_by_two_people_entered_by_a_member_and_stopped()
    {
        var (aoi, store) = (await App.Member("青井 花", 60_000), await App.Store("パン工房つるはし", "鶴橋"));
        // A day of payments, so that the picture has something to show.
        foreach (var yen in new[] { 1_200, 2_600, 4_200, 3_000, 800 })
        {
            await App.Ask(aoi.Token, "/payments", new { storeId = store.StoreId, amount = yen });
            await App.Post("/sandbox/clock", new { advance = "PT3H" });
        }
        await using var one = await Desk("鈴木 一郎");
        await using var other = await Desk("伊藤 二郎");
        await using var phone = await chrome.Phone(App, aoi);

        await one.Page.GotoAsync("/console/campaigns");
        await one.Page.Look("console-campaigns-none");
        await one.Page.ClickAsync("a[href='/console/campaigns/uses']");
        await one.Page.Arrives("**/console/campaigns/uses");
        await one.Page.FillAsync("#nameJa", "つるはしのパン屋だけ");
        await one.Page.FillAsync("#nameEn", "Only at the baker of Tsuruhashi");
        await one.Page.CheckAsync("input[name='store'] >> nth=0");
        await one.Page.ClickAsync("button.do");
        await one.Page.Arrives("**/console/campaigns/uses?told=Made");
        await one.Page.Look("console-point-uses", wholePage: true);
        await one.Page.GotoAsync("/console/campaigns");
        await one.Page.ClickAsync("a[href='/console/campaigns/new']");
        await one.Page.Arrives("**/console/campaigns/new");
        await Filled(one.Page, "雨の日は三倍", gift: "per_yen", amount: 2);
        await one.Page.FillAsync("#perYen", "");
        await one.Page.CheckAsync("input[name='entry']");
        foreach (var ticked in s_ticked)
            await one.Page.CheckAsync(ticked);
        await one.Page.SelectOptionAsync("#category", "bakery");
        await one.Page.ClickAsync("button.do");
        await one.Page.Arrives("**/console/campaigns/new?again=*");
        await Expect(one.Page.Locator(".note.bad")).ToHaveTextAsync("1か所を直してください。");
        await Expect(one.Page.Locator("#perYen-error")).ToHaveTextAsync("1〜1,000,000 の整数を入れてください。");
        (await one.Page.Locator("input:checked").EvaluateAllAsync<string[]>("all => all.map(i => i.value)"))
            .ShouldBe(["holiday", "sunday", "saturday", "1", "code"], ignoreOrder: true);
        (await one.Page.Locator("#category option:checked").CountAsync()).ShouldBe(1);
        await one.Page.Look("console-campaign-new", wholePage: true);

        await one.Page.FillAsync("#perYen", "200");
        await one.Page.FillAsync("#pending", "14");
        await one.Page.SelectOptionAsync("#uses", "1");
        foreach (var ticked in s_ticked)
            await one.Page.UncheckAsync(ticked);
        await one.Page.SelectOptionAsync("#category", Array.Empty<string>());
        await one.Page.ClickAsync("button.do");
        await one.Page.Arrives("**/console/campaigns/cmp_*?told=Proposed");
        await one.Page.ClickAsync("form[action='/console/campaigns/dry-run'] button");
        await one.Page.Arrives("**?told=Tried");
        await one.Page.Locator("details summary").ClickAsync();
        await one.Page.Look("console-campaign-tried", wholePage: true);

        await other.Page.GotoAsync(one.Page.Url.Split('?')[0]);
        await other.Page.Look("console-campaign-approve", wholePage: true);
        await other.Page.ClickAsync("form[action='/console/campaigns/approve'] button");
        await other.Page.Arrives("**?told=Approved");

        await phone.Page.GotoAsync("/points");
        await phone.Page.Look("points-campaign", wholePage: true);
        await phone.Page.ClickAsync("form[action='/points/campaigns'] button");
        await phone.Page.Arrives("**/points?campaign=entered*");
        await Expect(phone.Page.Locator("#campaigns ~ ul .tag.good")).ToHaveTextAsync("エントリー済み");
        await phone.Page.Look("points-campaign-entered", wholePage: true);
        await App.Post("/sandbox/clock", new { advance = "PT1M" });
        var paid = await App.Ask(aoi.Token, "/payments", new { storeId = store.StoreId, amount = 2_000 });
        var read = await App.Ask(aoi.Token, $"/payments/{paid.Text("paymentId")}");
        read.GetProperty("gifts").EnumerateArray().Select(g => (g.Text("name"), g.GetProperty("points").GetInt64()))
            .ShouldBe([("雨の日は三倍", 20)]);
        await phone.Page.GotoAsync($"/pay/done/{paid.Text("paymentId")}");
        await Expect(phone.Page.Locator("main")).ToContainTextAsync("雨の日は三倍 +20 pt(");
        await phone.Page.Look("pay-done-gift");
        await phone.Page.GotoAsync($"/history/{paid.Text("paymentId")}");
        await Expect(phone.Page.Locator("main")).ToContainTextAsync("雨の日は三倍 +20 pt");
        await phone.Page.Look("receipt-gift", wholePage: true);
        await phone.Page.GotoAsync("/points");
        await Expect(phone.Page.Locator("section[aria-labelledby='pending']")).ToContainTextAsync("から使えます");
        (await App.Ask(aoi.Token, "/points")).GetProperty("pending").GetInt64().ShouldBe(20);
        await phone.Page.Look("points-pending", wholePage: true);
        await other.Page.ReloadAsync();
        await other.Page.FillAsync("#why", "対象のお店をまちがえた");
        await other.Page.ClickAsync("form[action='/console/campaigns/stop'] button");
        await other.Page.Arrives("**?told=Stopped");
        await other.Page.Look("console-campaign-stopped", wholePage: true);
        await App.Post("/sandbox/clock", new { advance = "P15D" });
        await phone.Page.GotoAsync("/history");
        await phone.Page.ClickAsync("a[href^='/history/ent_'] >> nth=0");
        await Expect(phone.Page.Locator("main")).ToContainTextAsync("使えるようになったポイント");
        await phone.Page.Look("receipt-released", wholePage: true);

        foreach (var visitor in (Visitor[])[one, other, phone])
            visitor.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_campaign_that_the_breaker_stopped_is_told_where_operators_begin()
    {
        var (aoi, store) = (await App.Member("青井 花", 60_000), await App.Store("パン工房かいてん", "鶴橋"));
        await using var one = await Desk("鈴木 一郎");
        await using var other = await Desk("伊藤 二郎");
        await one.Page.GotoAsync("/console/campaigns/new");
        await Filled(one.Page, "開店のお祝い", gift: "fixed", amount: 2_000);
        await one.Page.FillAsync("#find", "かいてん");
        await one.Page.ClickAsync("button[formaction]");
        await one.Page.Arrives("**/console/campaigns/new?again=*");
        await Expect(one.Page.Locator("#nameJa")).ToHaveValueAsync("開店のお祝い");
        await one.Page.CheckAsync("input[name='store'] >> nth=0");
        await one.Page.ClickAsync("button.do");
        await one.Page.Arrives("**/console/campaigns/cmp_*?told=Proposed");
        await one.Page.ClickAsync("form[action='/console/campaigns/dry-run'] button");
        await one.Page.Arrives("**?told=Tried");
        await other.Page.GotoAsync(one.Page.Url.Split('?')[0]);
        await other.Page.ClickAsync("form[action='/console/campaigns/approve'] button");
        await other.Page.Arrives("**?told=Approved");

        await App.Ask(aoi.Token, "/payments", new { storeId = store.StoreId, amount = 500 });
        // The job looks every five seconds.
        for (var looks = 0; looks < 300 && await one.Page.Locator(".note.bad").CountAsync() == 0; looks++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            await one.Page.GotoAsync(other.Page.Url.Split('?')[0]);
        }
        await Expect(one.Page.Locator(".note.bad")).ToContainTextAsync("2,000");
        await one.Page.Look("console-campaign-tripped", wholePage: true);
        await one.Page.GotoAsync("/console/campaigns");
        await Expect(one.Page.Locator("main ul.list .tag.bad").First).ToHaveTextAsync("自動停止");
        await one.Page.Look("console-campaigns", wholePage: true);
        await one.Page.GotoAsync("/console");
        await Expect(one.Page.Locator("main")).ToContainTextAsync("自動停止したキャンペーン: 開店のお祝い");
        await one.Page.Look("console-start-tripped");
        one.Complaints.ShouldBeEmpty();
        other.Complaints.ShouldBeEmpty();
    }

    /// <summary>The form, filled in as far as every campaign needs it; it began an hour ago.</summary>
    async Task Filled(IPage page, string name, string gift, int amount)
    {
        var now = (await App.Get("/sandbox/clock", "")).GetProperty("now").GetDateTimeOffset().ToOffset(TimeSpan.FromHours(9));
        await page.FillAsync("#nameJa", name);
        await page.FillAsync("#nameEn", "A campaign");
        await page.FillAsync("#textJa", "どのお店でも、いつものポイントに加えて付きます。");
        await page.SelectOptionAsync("#gift", gift);
        await page.FillAsync("#amount", Text(amount));
        await page.FillAsync("#budget", "100000");
        await page.FillAsync("#lasts", "60");
        await page.FillAsync("#from", now.AddHours(-1).ToString("yyyy-MM-dd'T'HH:mm", Invariant));
        await page.FillAsync("#until", now.AddDays(7).ToString("yyyy-MM-dd'T'HH:mm", Invariant));
    }

    static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;

    static string Text(int number) => number.ToString(Invariant);

    async Task<Visitor> Desk(string name)
    {
        var made = await App.Post("/sandbox/operators", new { name });
        var desk = await chrome.Visit(App.Address, phone: false);
        await desk.Context.AddCookiesAsync([new Cookie { Name = "ensen-operator", Value = made.Text("token"), Url = App.Address }]);
        return desk;
    }
}

public sealed class CampaignTestsOnSqlite(Chrome chrome, OnSqlite running) : CampaignTests(chrome, running), IClassFixture<OnSqlite>;

public sealed class CampaignTestsOnPostgres(Chrome chrome, OnPostgres running) : CampaignTests(chrome, running), IClassFixture<OnPostgres>;
