using System.Text.Json;
using System.Text.RegularExpressions;
using Ensen.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>A merchant's sales: pictures that are tables too, a page that follows what happens, a payment that is found again.</summary>
public abstract partial class ShopSalesTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task Sales_are_looked_at_by_day_hour_store_and_way_and_follow_what_happens()
    {
        var (store, second, member) = await Scene();
        await Pay(store, member, 1_280);
        await Pay(second, member, 640);
        foreach (var phone in (bool[])[false, true])
        {
            await using var desk = await Desk(store, phone);
            await desk.Page.GotoAsync("/shop/sales");
            await Expect(desk.Page.Locator("#sum")).ToBeVisibleAsync();
            await Expect(desk.Page.Locator("svg.bars")).ToHaveCountAsync(1);
            await desk.Page.Look("shop-sales", wholePage: true);
            if (!phone)
            {
                var before = await desk.Page.Locator("[data-part=sum] .big").InnerTextAsync();
                await Pay(store, member, 5_000);
                await Expect(desk.Page.Locator("[data-part=sum] .big")).Not.ToHaveTextAsync(before, new() { Timeout = 15_000 });
            }
            await desk.Page.Locator(".chips a").Nth(2).ClickAsync();
            await Expect(desk.Page.Locator("svg.bars")).ToHaveCountAsync(2);
            await desk.Page.Locator("summary").First.PressAsync("Enter");
            await Expect(desk.Page.Locator("details[open] table")).ToBeVisibleAsync();
            await desk.Page.Look("shop-sales-week", wholePage: true);
            desk.Complaints.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_payment_is_found_by_its_amount_and_by_its_number()
    {
        var (store, _, member) = await Scene();
        var paid = await Pay(store, member, 1_280);
        await using var desk = await Desk(store, phone: true);
        await desk.Page.GotoAsync("/shop/search");
        await desk.Page.FillAsync("#amount", "1,280");
        await desk.Page.ClickAsync("button.do");
        await Expect(desk.Page.Locator(".list a.plain")).ToHaveCountAsync(1);
        await desk.Page.Look("shop-search", wholePage: true);
        await desk.Page.FillAsync("#number", paid.Text("receiptNumber"));
        await desk.Page.ClickAsync("button.do");
        await desk.Page.Arrives("**/shop/movement/*");
        desk.Complaints.ShouldBeEmpty();
    }

    async Task<Visitor> Desk(JsonElement store, bool phone)
    {
        var desk = await chrome.Visit(App.Address, phone: phone);
        await desk.Context.AddCookiesAsync([new Cookie { Name = "ensen-merchant", Value = store.Text("merchantToken"), Url = App.Address }]);
        return desk;
    }

    async Task<(JsonElement Store, string Second, string Member)> Scene()
    {
        var store = await App.Post("/sandbox/stores", new { name = "パン工房つるはし" });
        var member = (await App.Post("/sandbox/members", new { name = "青井", balance = 50_000 })).Text("token");
        var added = await WebApp.Command(["store", "add", "パン工房たまつくり", "--merchant", store.Text("merchantId"), "--database", App.DatabaseAddress]);
        added.ExitCode.ShouldBe(0, added.Error);
        return (store, StoreId().Match(added.Output).Value, member);
    }

    Task<JsonElement> Pay(JsonElement store, string member, long amount) => Pay(store.Text("storeId"), member, amount);

    Task<JsonElement> Pay(string storeId, string member, long amount) => App.Post("/payments", new { storeId, amount }, member);

    [GeneratedRegex(@"str_\w+")]
    private static partial Regex StoreId();
}

public sealed class ShopSalesTestsOnSqlite(Chrome chrome, OnSqlite running) : ShopSalesTests(chrome, running);

public sealed class ShopSalesTestsOnPostgres(Chrome chrome, OnPostgres running) : ShopSalesTests(chrome, running);
