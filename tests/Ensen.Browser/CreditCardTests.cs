using System.Text;
using Ensen.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>A credit card from the company's token to the month's purchases, and the file that an operator brings.</summary>
public abstract class CreditCardTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task A_card_is_linked_by_its_code_and_its_purchases_are_shown_with_their_points()
    {
        await using var phone = await chrome.Phone(App, await App.Member("青井 花"));
        var page = phone.Page;
        await page.GotoAsync("/sandbox");
        await page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "クレジットカードの会社を開く" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "カードをつくる" }).ClickAsync();
        var token = await page.Locator("#token").InputValueAsync();
        await page.Look("sandbox-credit-cards", wholePage: true);

        await page.GotoAsync("/account");
        await page.Locator("a[href='/credit-cards']").ClickAsync();
        await page.FillAsync("#token", "4111 1111 1111 1111");
        await page.ClickAsync("button.do");
        await Expect(page.Locator("#fault")).ToContainTextAsync("連携コードではありません");
        await Expect(page.Locator("#token")).ToHaveValueAsync("", new() { Timeout = 5_000 });
        await page.FillAsync("#token", token);
        await page.ClickAsync("button.do");
        await Expect(page.Locator(".note.good")).ToContainTextAsync("登録しました");
        await page.Look("credit-cards-linked", wholePage: true);

        await page.GotoAsync("/sandbox/credit-cards");
        foreach (var (amount, kind) in new[] { ("12800", "purchase"), ("3000", "transit"), ("-2000", "purchase") })
        {
            await page.FillAsync("#amount", amount);
            await page.SelectOptionAsync("#kind", kind);
            await page.ClickAsync("#buy button.do");
            await Expect(page.Locator("#buy .note.good")).ToContainTextAsync("届きました");
        }
        await page.GotoAsync("/credit-cards/purchases");
        await Expect(page.Locator("main ol li")).ToHaveCountAsync(3);
        await Expect(page.Locator("main dl")).ToContainTextAsync("99");
        await page.Look("purchases-month", wholePage: true);

        await page.GotoAsync("/credit-cards");
        await page.ClickAsync("form[action='/credit-cards/remove'] button");
        await Expect(page.Locator(".note.good")).ToContainTextAsync("外しました");
        phone.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_operator_brings_a_months_file_and_is_told_which_lines_are_wrong()
    {
        await using var desk = await chrome.Visit(App.Address, phone: false);
        var token = (await App.Post("/sandbox/operators", new { name = "鈴木 一郎" })).Text("token");
        await desk.Context.AddCookiesAsync([new Cookie { Name = "ensen-operator", Value = token, Url = App.Address }]);
        await desk.Page.GotoAsync("/console/cards");
        await desk.Page.ClickAsync("a[href='/console/cards/purchases']");
        var card = "card_" + Guid.NewGuid().ToString("N")[..8];
        await Send($"card,item,at,amount,kind\n{card},A-1,2026-01-03T12:00:00+09:00,1200,purchase\n{card},A-2,2026-01-03T12:00:00,10,gift\ntotal,2026-01,1,1210,2\n");
        await Expect(desk.Page.Locator(".note.bad")).ToBeVisibleAsync();
        await Expect(desk.Page.Locator("[aria-labelledby=answer]")).ToContainTextAsync("3行目");
        await Send($"card,item,at,amount,kind\n{card},A-1,2026-01-03T12:00:00+09:00,1200,purchase\ntotal,2026-01,1,1200,1\n");
        await Expect(desk.Page.Locator(".note.good")).ToContainTextAsync("2026年1月 第1版");
        await desk.Page.Look("console-purchases", wholePage: true);
        desk.Complaints.ShouldBeEmpty();

        async Task Send(string text)
        {
            await desk.Page.SetInputFilesAsync("#file", new FilePayload
            { Name = "purchases.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) });
            await desk.Page.ClickAsync("button.do");
            await desk.Page.Arrives("**/console/cards/purchases?file=*");
        }
    }
}

public sealed class CreditCardTestsOnSqlite(Chrome chrome, OnSqlite running) : CreditCardTests(chrome, running), IClassFixture<OnSqlite>;

public sealed class CreditCardTestsOnPostgres(Chrome chrome, OnPostgres running) : CreditCardTests(chrome, running), IClassFixture<OnPostgres>;
