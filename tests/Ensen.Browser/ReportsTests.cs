using Ensen.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>The reports of the law on their screens: a day, and who holds much, which is shown to whoever says why they look.</summary>
public abstract class ReportsTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task A_day_is_told_and_who_holds_much_is_shown_for_a_reason()
    {
        var (aoi, store) = (await App.Member("青井 花", 100_000), await App.Store("パン工房つるはし"));
        await App.Ask(aoi.Token, "/payments", new { storeId = store.StoreId, amount = 12_000 });
        await using var desk = await chrome.Visit(App.Address, phone: false);
        await desk.Context.AddCookiesAsync([new Cookie
        {
            Name = "ensen-operator",
            Value = (await App.Post("/sandbox/operators", new { name = "鈴木 一郎" })).Text("token"),
            Url = App.Address,
        }]);

        await desk.Page.GotoAsync("/console/reports");
        await Expect(desk.Page.Locator("main")).ToContainTextAsync("10,000,000");
        await desk.Page.Look("console-reports", wholePage: true);
        await desk.Page.ClickAsync("a[href^='/console/reports/holdings']");
        await desk.Page.Arrives("**/console/reports/holdings*");
        await desk.Page.FillAsync("#reason", "月次の確認");
        await desk.Page.ClickAsync("button.do");
        await Expect(desk.Page.Locator("#found")).ToBeVisibleAsync();
        await desk.Page.Look("console-holdings", wholePage: true);
        desk.Complaints.ShouldBeEmpty();
    }
}

public sealed class ReportsTestsOnSqlite(Chrome chrome, OnSqlite running) : ReportsTests(chrome, running), IClassFixture<OnSqlite>;

public sealed class ReportsTestsOnPostgres(Chrome chrome, OnPostgres running) : ReportsTests(chrome, running), IClassFixture<OnPostgres>;
