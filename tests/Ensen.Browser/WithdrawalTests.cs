using Ensen.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>Money to the member's own bank account, and the setting of a wallet that is charged by itself.</summary>
public abstract class WithdrawalTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task Money_goes_to_the_own_account_and_stands_in_the_history()
    {
        var aoi = await App.Member("青井 花", 30_000);
        await using var phone = await chrome.Phone(App, aoi);
        var page = phone.Page;
        await page.GotoAsync("/");
        await page.Look("home-with-withdraw");
        await page.ClickAsync("a[href='/withdraw']");
        await page.FillAsync("[name=amount]", "12000");
        await page.Awake();
        await page.Look("withdraw-filled", wholePage: true);
        await page.Swipe();
        await page.Arrives("**/withdraw/wdr_*");
        await Expect(page.Locator(".tag")).ToContainTextAsync("振込済み", new() { Timeout = 15_000 });
        await page.Awake();
        await page.Look("withdrawal-paid", wholePage: true);
        (await App.Balance(aoi)).ShouldBe(18_000);

        await page.ClickAsync("a[href^='/history/wdr_']");
        await page.Awake();
        await page.Look("withdrawal-receipt", wholePage: true);
        await page.GotoAsync("/history?kind=withdrawals");
        await page.Awake();
        await Expect(page.Locator("main")).ToContainTextAsync("12,000");
        await page.GotoAsync("/withdraw");
        await page.Awake();
        await page.Look("withdraw-again", wholePage: true);
        phone.Complaints.ShouldBeEmpty();
    }

    /// <summary>On paper: who, the sums, each movement; nothing that is pressed.</summary>
    [Fact]
    public async Task A_month_is_printed_on_A4()
    {
        var aoi = await App.Member("青井 花", 30_000);
        await App.Ask(aoi.Token, "/withdrawals", new { amount = 700 });
        await using var phone = await chrome.Phone(App, aoi);
        var page = phone.Page;
        await page.GotoAsync($"/history/month/{TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(9)):yyyy-MM}");
        await page.Awake();
        await Expect(page.Locator(".monthly")).ToContainTextAsync("29,300");
        await page.Look("month-sums", wholePage: true);
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(page.Locator("main .only-print")).ToContainTextAsync("青井 花");
        await Expect(page.Locator("[data-print]")).ToBeHiddenAsync();
        var pdf = await page.PdfAsync(new() { PreferCSSPageSize = true, Path = Path.Combine(AppContext.BaseDirectory, "month.pdf") });
        pdf.Length.ShouldBeGreaterThan(1_000);
        phone.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_sums_of_a_month_with_prepaid_value_leave_their_names_room_on_a_phone()
    {
        var aoi = await App.Member("青井 花", 30_000);
        await App.Ask(aoi.Token, "/charges", new { source = "card", amount = 3_000 });
        await using var phone = await chrome.Phone(App, aoi);
        var page = phone.Page;
        await page.GotoAsync($"/history/month/{TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(9)):yyyy-MM}");
        await page.Awake();
        await page.Look("month-of-three", wholePage: true);
        (await page.Locator(".monthly tbody th").First.BoundingBoxAsync())!.Width.ShouldBeGreaterThan(250);
        phone.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_charged_by_itself_is_said_before_any_proof()
    {
        var aoi = await App.Member("青井 花", 800);
        await using var phone = await chrome.Phone(App, aoi);
        var page = phone.Page;
        await page.GotoAsync("/charge");
        await page.ClickAsync("a[href='/charge/auto']");
        await page.FillAsync("#below", "1000");
        await page.FillAsync("#amount", "5000");
        await page.FillAsync("#perMonth", "4000");
        await page.ClickAsync("main button.do");
        await Expect(page.Locator("#fault")).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await page.Awake();
        await page.Look("auto-charge-fault", wholePage: true);
        phone.Complaints.ShouldBeEmpty();
    }
}

public sealed class WithdrawalTestsOnSqlite(Chrome chrome, OnSqlite running) : WithdrawalTests(chrome, running);

public sealed class WithdrawalTestsOnPostgres(Chrome chrome, OnPostgres running) : WithdrawalTests(chrome, running);
