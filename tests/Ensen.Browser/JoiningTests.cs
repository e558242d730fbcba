using System.Text.RegularExpressions;
using Ensen.Browser.Support;
using Ensen.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>A shop joins from its own phone, two operators look at it, and its first payment ticks itself.</summary>
public abstract partial class JoiningTests(Chrome chrome, RunningApp running)
{
    static readonly byte[] s_photo = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    WebApp App => running.App;

    [Fact]
    public async Task A_shop_joins_and_takes_its_first_payment()
    {
        var email = $"shop-{Guid.NewGuid():N}@example.jp";
        await using var phone = await chrome.Visit(App.Address);
        await phone.Page.GotoAsync("/join-as-shop");
        await phone.Page.Look("join-as-shop", wholePage: true);
        foreach (var (field, value) in Typed(email))
            await phone.Page.FillAsync($"#{field}", value);
        await Expect(phone.Page.Locator("#corporateNumber")).ToBeVisibleAsync();
        await phone.Page.CheckAsync("input[name=kind][value=Person]", new() { Force = true });
        await Expect(phone.Page.Locator("#corporateNumber")).ToBeHiddenAsync();
        await phone.Page.ClickAsync("button[name=more]");
        await phone.Page.ClickAsync("button[name=less][value='1']");
        await Expect(phone.Page.Locator("#store1-name")).ToHaveCountAsync(0);
        await phone.Page.SelectOptionAsync("#category", "bakery");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/join-as-shop/sent?*");
        await phone.Page.Look("join-as-shop-sent");
        await phone.Page.GotoAsync(await Mailed(phone.Page, email));
        await phone.Page.SetInputFilesAsync("#store0-photo", new FilePayload { Name = "shop.png", MimeType = "image/png", Buffer = s_photo });
        await phone.Page.Look("join-as-shop-photos", wholePage: true);
        var before = phone.Page.Url;
        await phone.Page.ClickAsync("button.do");
        await Expect(phone.Page.Locator("main [role=status]")).ToContainTextAsync("審査中です");
        await phone.Page.Look("join-as-shop-review", wholePage: true);

        await using var one = await Desk("鈴木 一郎");
        await using var other = await Desk("伊藤 二郎");
        var address = await Look(one.Page, null);
        await one.Page.Look("console-application", wholePage: true);
        await Accept(one.Page);
        await Look(other.Page, address);
        await Accept(other.Page);

        await phone.Page.GotoAsync(await Mailed(phone.Page, email, before));
        await phone.Page.Look("join-as-shop-contract", wholePage: true);
        await phone.Page.CheckAsync("input[name=agreed]", new() { Force = true });
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/shop/join/*");
        await phone.Page.GotoAsync(phone.Page.Url + "?by=totp");
        await Expect(phone.Page.Locator("a[href^='otpauth://totp/']")).ToBeVisibleAsync();
        await phone.Page.Look("shop-join-authenticator", wholePage: true);
        phone.Complaints.ShouldBeEmpty();
        one.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_first_payment_ticks_itself_and_is_given_back()
    {
        var (aoi, made) = (await App.Member("青井 花", 1_000), await App.Post("/sandbox/stores", new { name = "パン工房つるはし", area = "鶴橋" }));
        await using var shop = await chrome.Visit(App.Address);
        await shop.Context.AddCookiesAsync([new Cookie { Name = "ensen-merchant", Value = made.Text("merchantToken"), Url = App.Address }]);
        await shop.Page.GotoAsync("/shop");
        await shop.Page.Look("shop-first-steps", wholePage: true);
        await shop.Page.ClickAsync("a.do[href^='/shop/first-payment/']");
        await shop.Page.Look("shop-first-payment", wholePage: true);

        await App.Ask(aoi.Token, "/payments", new { storeId = made.Text("storeId"), amount = 1 });

        await Expect(shop.Page.Locator("main [role=status]")).ToContainTextAsync("に届きました");
        await shop.Page.Look("shop-first-payment-came", wholePage: true);
        await shop.Page.ClickAsync("form[action='/shop/first-payment/refund'] button");
        await Expect(shop.Page.Locator("li[aria-current=step]")).ToContainTextAsync("お店をはじめられます");
        shop.Complaints.ShouldBeEmpty();
    }

    static IEnumerable<(string Field, string Value)> Typed(string email) =>
    [
        ("name", "パン工房つるはし"), ("kana", "パンコウボウツルハシ"), ("representative", "山田 花子"), ("email", email),
        ("telephone", "06-6123-4567"), ("bankCode", "0005"), ("branchCode", "001"), ("accountNumber", "1234567"),
        ("holder", "パンコウボウツルハシ"), ("store0-name", "パン工房つるはし"), ("store0-postalCode", "543-0028"),
        ("store0-address", "大阪市天王寺区小橋町1番1号"), ("store0-station", "鶴橋"),
    ];

    /// <summary>Opens an application with a reason: that at the address, or the first that waits. Its address is answered.</summary>
    static async Task<string> Look(IPage page, string? address)
    {
        await page.GotoAsync("/console/applications");
        if (address is null)
            await page.Look("console-applications", wholePage: true);
        address ??= (await page.Locator("a[href^='/console/applications/app_']").First.GetAttributeAsync("href"))!;
        await page.GotoAsync(address);
        await page.FillAsync("#reason", "新しいお店");
        await page.ClickAsync("form[action='/console/applications/open'] button");
        await Expect(page.Locator("#checks")).ToBeVisibleAsync();
        return address;
    }

    static async Task Accept(IPage page)
    {
        await page.FillAsync("#why", "電話で確認");
        await page.ClickAsync("button[value=Accept]");
        await Expect(page.Locator(".note.good")).ToBeVisibleAsync();
    }

    async Task<Visitor> Desk(string name)
    {
        var desk = await chrome.Visit(App.Address, phone: false);
        await desk.Context.AddCookiesAsync(
            [new Cookie { Name = "ensen-operator", Value = (await App.Post("/sandbox/operators", new { name })).Text("token"), Url = App.Address }]);
        return desk;
    }

    /// <summary>The link of the newest mail to this address, once another than <paramref name="before"/> has come.</summary>
    async Task<string> Mailed(IPage page, string to, string before = "")
    {
        for (var tries = 0; tries < 200; tries++)
        {
            var mails = await page.APIRequest.GetAsync($"{App.Address}/api/v1/sandbox/mail?to={Uri.EscapeDataString(to)}");
            if (LinkShown().Matches(await mails.TextAsync()).Select(m => m.Value).FirstOrDefault(l => !before.EndsWith(l, StringComparison.Ordinal))
                is { } link)
                return link;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        throw new InvalidOperationException($"No mail came to {to}.");
    }

    [GeneratedRegex("/join-as-shop/application\\?token=[\\w-]+")]
    private static partial Regex LinkShown();
}

public sealed class JoiningTestsOnSqlite(Chrome chrome, OnSqlite running) : JoiningTests(chrome, running), IClassFixture<OnSqlite>;

public sealed class JoiningTestsOnPostgres(Chrome chrome, OnPostgres running) : JoiningTests(chrome, running), IClassFixture<OnPostgres>;
