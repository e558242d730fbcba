using Ensen.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>One of the staff at the till with a PIN of their own, what they give back, and the tablet that is lost then.</summary>
public abstract class StaffAtTillTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task A_clerk_gives_back_under_a_PIN_of_their_own_until_the_tablet_is_lost()
    {
        var store = await App.Post("/sandbox/stores", new { name = "パン工房つるはし" });
        var owner = store.Text("merchantToken");
        var clerk = (await App.Post("/sandbox/shop-accounts",
            new { merchantId = store.Text("merchantId"), name = "海 太郎", role = "clerk", storeIds = new[] { store.Text("storeId") } })).Text("accountId");
        await App.Post($"/shop/staff/{clerk}/till-pin", new { pin = "7305" }, owner);
        var member = (await App.Post("/sandbox/members", new { name = "青井", balance = 50_000 })).Text("token");
        var paid = await App.Post("/payments", new { storeId = store.Text("storeId"), amount = 12_000 }, member);

        await using var till = await chrome.Visit(App.Address);
        await till.Context.AddCookiesAsync([new Cookie { Name = "ensen-till", Value = store.Text("tillToken"), Url = App.Address }]);
        await till.Page.GotoAsync("/till/clerk");
        await till.Page.SelectOptionAsync("#clerk", clerk);
        await till.Page.FillAsync("#pin", "1111");
        await till.Page.ClickAsync("button.do");
        await Expect(till.Page.GetByRole(AriaRole.Alert).Last).ToContainTextAsync("暗証番号が違います");
        await Expect(till.Page.Locator("#clerk")).ToHaveValueAsync(clerk);
        await till.Page.Look("till-clerk", wholePage: true);
        await till.Page.FillAsync("#pin", "7305");
        await till.Page.ClickAsync("button.do");
        await till.Page.Arrives("**/till");
        await Expect(till.Page.Locator("a[href='/till/clerk']")).ToContainTextAsync("海 太郎");
        await till.Page.Look("till-with-clerk", wholePage: true);

        await till.Page.GotoAsync("/till/refund?payment=" + paid.Text("paymentId"));
        await Expect(till.Page.Locator("#clerk")).ToHaveValueAsync(clerk);
        await till.Page.FillAsync("#pin", "7305");
        await till.Page.ClickAsync("button.do");
        await Expect(till.Page.GetByRole(AriaRole.Alert).Last).ToContainTextAsync("1回10,000円・1日30,000円まで、今日はあと30,000円");
        await till.Page.Look("till-refund-over-cap", wholePage: true);
        await till.Page.FillAsync("#amount", "500");
        await till.Page.FillAsync("#pin", "7305");
        await till.Page.ClickAsync("button.do");
        await till.Page.Arrives("**/till/refund/done?*");

        foreach (var phone in (bool[])[false, true])
        {
            await using var desk = await chrome.Visit(App.Address, phone: phone);
            await desk.Context.AddCookiesAsync([new Cookie { Name = "ensen-merchant", Value = owner, Url = App.Address }]);
            await desk.Page.GotoAsync("/shop/staff");
            await desk.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => { d.open = true; })");
            await desk.Page.Look("shop-staff-at-till", wholePage: true);
            await desk.Page.GotoAsync("/shop/tills");
            await desk.Page.Look("shop-tills", wholePage: true);
            if (!phone)
                continue;
            await desk.Page.ClickAsync("form[action='/shop/tills/out'] button");
            await Expect(desk.Page.GetByRole(AriaRole.Status).Last).ToContainTextAsync("使えなくしました");
            desk.Complaints.ShouldBeEmpty();
        }
        await till.Page.GotoAsync("/till");
        await till.Page.Arrives("**/till/sign-in*");
    }
}

public sealed class StaffAtTillTestsOnSqlite(Chrome chrome, OnSqlite running) : StaffAtTillTests(chrome, running);

public sealed class StaffAtTillTestsOnPostgres(Chrome chrome, OnPostgres running) : StaffAtTillTests(chrome, running);
