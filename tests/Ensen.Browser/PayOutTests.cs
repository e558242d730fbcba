using Ensen.Basics;
using Ensen.Browser.Support;
using Microsoft.Playwright;
using CultureInfo = System.Globalization.CultureInfo;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>
/// A merchant's day on its screens: settled, on its way, not paid by the bank, its account changed by two people, and paid; the statement as
/// it prints.
/// </summary>
public abstract class PayOutTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task A_day_is_settled_and_paid_after_its_account_was_changed()
    {
        var (aoi, made) = (await App.Member("青井 花", 100_000), await App.Post("/sandbox/stores", new { name = "パン工房つるはし", area = "鶴橋" }));
        await Morning();
        foreach (var yen in new[] { 12_000, 345, 2_980 })
            await App.Ask(aoi.Token, "/payments", new { storeId = made.Text("storeId"), amount = yen });
        await Morning();
        await using var shop = await chrome.Visit(App.Address);
        await shop.Context.AddCookiesAsync([new Cookie { Name = "ensen-merchant", Value = made.Text("merchantToken"), Url = App.Address }]);
        await using var one = await Desk("鈴木 一郎");
        await using var other = await Desk("伊藤 二郎");

        await one.Page.GotoAsync("/console/pay-outs");
        await one.Page.Locator("a[href^='/console/pay-outs/pof_']").First.ClickAsync();
        await one.Page.Arrives("**/console/pay-outs/pof_*");
        await one.Page.Look("console-pay-out-file", wholePage: true);
        var file = one.Page.Url.Split('/')[^1];
        await App.Post($"/sandbox/bank/pay-outs/{file}/answer", new { rejected = new[] { 1 } });

        await shop.Page.GotoAsync("/shop/settlements");
        await Expect(shop.Page.Locator("main")).ToContainTextAsync("振込できませんでした");
        await shop.Page.Look("shop-settlements", wholePage: true);
        await shop.Page.Locator("a[href^='/shop/settlements/stl_']").First.ClickAsync();
        await shop.Page.Arrives("**/shop/settlements/stl_*");
        await Expect(shop.Page.Locator("#arithmetic")).ToContainTextAsync("15,325 × 1.9% = 291.175");
        await shop.Page.Look("shop-settlement", wholePage: true);

        await one.Page.GotoAsync("/console/pay-outs");
        await one.Page.FillAsync("#find", "つるはし");
        await one.Page.PressAsync("#find", "Enter");
        await one.Page.Arrives("**/console/pay-outs?*");
        await one.Page.CheckAsync($"input[name='merchant'][value='{made.Text("merchantId")}']");
        await one.Page.Look("console-pay-outs-merchant", wholePage: true);
        await Fill(one.Page, "山田");
        await Expect(one.Page.Locator(".note.bad")).ToContainTextAsync("「山」");
        await Expect(one.Page.Locator("#number")).ToHaveValueAsync("7654321");
        await Fill(one.Page, "パンコウボウ ツルハシ");
        await Expect(one.Page.Locator(".note.good")).ToBeVisibleAsync();
        await shop.Page.GotoAsync("/shop/settlements");
        await Expect(shop.Page.Locator("#held")).ToBeVisibleAsync();
        await other.Page.GotoAsync("/console/pay-outs");
        await Expect(other.Page.Locator("main")).ToContainTextAsync("三菱UFJ 0005");
        await Expect(other.Page.Locator("table.changes")).ToContainTextAsync("ﾊﾟﾝｺｳﾎﾞｳ ﾂﾙﾊｼ");
        await other.Page.Look("console-pay-outs", wholePage: true);
        await other.Page.ClickAsync("form[action='/console/pay-outs/confirm'] button");
        await Expect(other.Page.Locator(".note.good")).ToBeVisibleAsync();

        await Morning();
        await other.Page.GotoAsync("/console/pay-outs");
        await App.Post($"/sandbox/bank/pay-outs/{(await other.Page.Locator("a[href^='/console/pay-outs/pof_']").First.GetAttributeAsync("href"))!
            .Split('/')[^1]}/answer", new { });
        await shop.Page.ReloadAsync();
        await Expect(shop.Page.Locator("main")).ToContainTextAsync("振り込みました");
        shop.Complaints.ShouldBeEmpty();
        one.Complaints.ShouldBeEmpty();
        other.Complaints.ShouldBeEmpty();
    }

    static async Task Fill(IPage page, string holder)
    {
        await page.FillAsync("#bank", "0005");
        await page.FillAsync("#branch", "001");
        await page.FillAsync("#number", "7654321");
        await page.FillAsync("#holder", holder);
        await page.FillAsync("#reason", "お店が銀行を変えたため");
        await page.ClickAsync("form[action='/console/pay-outs/propose'] button.do");
    }

    /// <summary>Nine o'clock on the next day on which the bank transfers.</summary>
    async Task Morning()
    {
        var calendar = new JapaneseCalendar(new CalendarRules());
        var day = JapanDay.Of((await App.Get("/sandbox/clock", "")).GetProperty("now").GetDateTimeOffset()).Next;
        while (calendar.KindOf(day) != JapanDayKind.Weekday)
            day = day.Next;
        await App.Post("/sandbox/clock", new { now = day.Start.AddHours(9).ToString("O", CultureInfo.InvariantCulture) });
    }

    async Task<Visitor> Desk(string name)
    {
        var desk = await chrome.Visit(App.Address, phone: false);
        await desk.Context.AddCookiesAsync(
            [new Cookie { Name = "ensen-operator", Value = (await App.Post("/sandbox/operators", new { name })).Text("token"), Url = App.Address }]);
        return desk;
    }
}

public sealed class PayOutTestsOnSqlite(Chrome chrome, OnSqlite running) : PayOutTests(chrome, running), IClassFixture<OnSqlite>;

public sealed class PayOutTestsOnPostgres(Chrome chrome, OnPostgres running) : PayOutTests(chrome, running), IClassFixture<OnPostgres>;
