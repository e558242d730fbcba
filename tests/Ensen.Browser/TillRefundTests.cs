using System.Text.Json;
using Ensen.Browser.Support;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>A newcomer's shop: opened on the first page, signed in again by number and PIN, a payment given back.</summary>
public abstract class TillRefundTests(Chrome chrome, RunningApp running) : IAsyncLifetime
{
    readonly WebApp _app = running.App;
    Visitor _staff = null!;
    string _store = "";

    IPage Page => _staff.Page;

    public async ValueTask InitializeAsync()
    {
        _staff = await chrome.Visit(_app.Address, phone: false);
        await Page.GotoAsync("/welcome");
        // Folded where there are stores already.
        await Page.EvaluateAsync("() => { document.querySelector('#store-name').closest('details').open = true; }");
        await Page.FillAsync("#store-name", "花と茶 桃谷");
        var till = await Page.Context.RunAndWaitForPageAsync(() => Page.GetByRole(AriaRole.Button, new() { Name = "お店をひらく" }).ClickAsync());
        await till.Arrives("**/till");
        await till.CloseAsync();
        await Page.GotoAsync("/shop");
        _store = (await Page.Locator("a[href^='/shop/poster/']").First.GetAttributeAsync("href"))!.Split('/')[^1];
    }

    public async ValueTask DisposeAsync()
    {
        await _staff.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_payment_is_given_back_in_part_with_the_PIN_and_says_how_it_was_split()
    {
        var paid = await Pay(1_200);
        await Page.GotoAsync("/till/refund");
        await Page.FillAsync("#number", paid.Text("receiptNumber").ToLowerInvariant().Replace("-", "", StringComparison.Ordinal));
        await Page.GetByRole(AriaRole.Button, new() { Name = "さがす" }).ClickAsync();
        await Expect(Page.Locator("h2").First).ToHaveTextAsync(paid.Text("receiptNumber"));
        await Page.Look("till-refund");

        await Refund("500", "1357");
        await Expect(Page.GetByRole(AriaRole.Alert).Last).ToContainTextAsync("暗証番号が違います");
        await Refund("1201", "2468");
        await Expect(Page.GetByRole(AriaRole.Alert).Last).ToContainTextAsync("返金できる金額を超えている");
        await Refund("500", "2468");

        await Page.Arrives("**/till/refund/done?*");
        await Expect(Page.Locator("dl")).ToContainTextAsync("残高に戻した金額500");
        await Expect(Page.Locator("dl")).ToContainTextAsync("取り消した付与ポイント3");
        await Page.Look("till-refund-done");
        await Page.GotoAsync("/till");
        await Expect(Page.Locator("[data-part=last]")).ToContainTextAsync("返金しました");
        await Expect(Page.Locator("[data-part=today]")).ToContainTextAsync("1件 700円");
        await Expect(Page.Locator("[data-part=today]")).ToContainTextAsync("一部返金済み");
    }

    [Fact]
    public async Task Back_after_a_refund_tells_of_the_refund_and_not_of_the_wrong_PIN_before_it()
    {
        var paid = await Pay(1_200);
        await Page.GotoAsync("/till/refund");
        await Page.FillAsync("#number", paid.Text("receiptNumber"));
        await Page.GetByRole(AriaRole.Button, new() { Name = "さがす" }).ClickAsync();
        await Refund("500", "1357");
        await Expect(Page.GetByRole(AriaRole.Alert).Last).ToContainTextAsync("暗証番号が違います");
        await Refund("500", "2468");
        await Page.Arrives("**/till/refund/done?*");

        await Page.GoBackAsync();

        await Page.Arrives("**/till/refund/done?*");
        await Expect(Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await Page.GoBackAsync();
        await Expect(Page.Locator("dl")).ToContainTextAsync("返金できる金額700");
        await Page.GoBackAsync();
        await Expect(Page.Locator("#number")).ToHaveValueAsync(paid.Text("receiptNumber"));
    }

    [Fact]
    public async Task The_refund_form_sent_twice_at_once_refunds_once()
    {
        await Pay(1_000);
        await Page.GotoAsync("/till");
        await Page.Locator("[data-part=today] a").First.ClickAsync();
        await Page.FillAsync("#amount", "400");
        await Page.FillAsync("#pin", "2468");

        var done = await Page.EvaluateAsync<string[]>("""
            async () => {
              const send = () => fetch('/till/refund', { method: 'POST', body: new URLSearchParams(new FormData(document.querySelector('form[method=post]'))) });
              return (await Promise.all([send(), send()])).map(answer => answer.url);
            }
            """);

        done[0].ShouldContain("/till/refund/done?");
        done[1].ShouldBe(done[0]);
        await Page.GotoAsync("/till");
        await Expect(Page.Locator("[data-part=today]")).ToContainTextAsync("1件 600円");
    }

    [Fact]
    public async Task A_till_is_signed_in_by_number_and_PIN_and_signed_out_again()
    {
        await Page.GotoAsync("/till/poster");
        var number = (await Page.Locator(".poster > .small").First.TextContentAsync())!.Split(' ').Last();
        await Page.GotoAsync("/till");
        await Page.GetByRole(AriaRole.Button, new() { Name = "レジをサインアウト" }).ClickAsync();
        await Page.Arrives("**/till/sign-in");
        await Page.GotoAsync("/till/refund");
        await Page.Arrives("**/till/sign-in?then=*");

        await SignIn(number, "111222");
        await Expect(Page.GetByRole(AriaRole.Alert).Last).ToContainTextAsync("番号か暗証番号が違います");
        await Page.Look("till-sign-in");
        await SignIn(number, "246802");

        await Page.Arrives("**/till/refund");
        (await Page.Context.CookiesAsync()).Single(c => c.Name == "ensen-till").HttpOnly.ShouldBeTrue();
    }

    [Fact]
    public async Task Another_shops_payment_is_not_there()
    {
        var other = await _app.Post("/sandbox/stores", new { name = "よその店" });
        var member = (await _app.Post("/sandbox/members", new { name = "青井", balance = 10_000 })).Text("token");
        var paid = await _app.Post("/payments", new { storeId = other.Text("storeId"), amount = 300 }, member);

        await Page.GotoAsync("/till/refund?payment=" + paid.Text("paymentId"));
        await Expect(Page.GetByRole(AriaRole.Alert).Last).ToContainTextAsync("ありません");
        await Page.GotoAsync("/till/refund?number=" + paid.Text("receiptNumber"));
        await Expect(Page.GetByRole(AriaRole.Alert).Last).ToContainTextAsync("ありません");
    }

    [Fact]
    public async Task The_merchants_desk_shows_today_and_leads_to_the_posters()
    {
        await Pay(2_500);
        await Page.GotoAsync("/shop");
        await Expect(Page.Locator(".big")).ToContainTextAsync("2,500");
        await Page.Look("shop");
        await Page.GetByRole(AriaRole.Link, new() { Name = "掲示物を印刷" }).ClickAsync();
        await Expect(Page.Locator(".poster h2").First).ToHaveTextAsync("花と茶 桃谷");
        await Page.Look("shop-poster", wholePage: true);
        _staff.Complaints.ShouldBeEmpty();
    }

    async Task<JsonElement> Pay(long amount)
    {
        var member = (await _app.Post("/sandbox/members", new { name = "青井", balance = 10_000 })).Text("token");
        return await _app.Post("/payments", new { storeId = _store, amount }, member);
    }

    async Task Refund(string amount, string pin)
    {
        await Page.FillAsync("#amount", amount);
        await Page.FillAsync("#pin", pin);
        await Page.GetByRole(AriaRole.Button, new() { Name = "返金する" }).ClickAsync();
        await Page.WaitForLoadStateAsync();
    }

    async Task SignIn(string number, string pin)
    {
        await Page.FillAsync("#number", number);
        await Page.FillAsync("#pin", pin);
        await Page.GetByRole(AriaRole.Button, new() { Name = "サインイン" }).ClickAsync();
        await Page.WaitForLoadStateAsync();
    }

    static ILocatorAssertions Expect(ILocator element) => Assertions.Expect(element);
}

public sealed class TillRefundTestsOnSqlite(Chrome chrome, OnSqlite running) : TillRefundTests(chrome, running);

public sealed class TillRefundTestsOnPostgres(Chrome chrome, OnPostgres running) : TillRefundTests(chrome, running);
