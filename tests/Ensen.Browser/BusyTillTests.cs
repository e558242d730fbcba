using Ensen.Browser.Support;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>A till on a busy day: the amount stays in sight, and a refusal is seen on both sides of the counter.</summary>
public abstract class BusyTillTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task The_last_amount_stays_in_sight_however_long_the_list_is()
    {
        var (store, member) = (await App.Store("いそがしいパン店"), await App.Member("客", 500_000));
        for (var i = 0; i < 34; i++)
            await App.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 1_000 + i });
        await App.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 123_456 });
        await using var till = await Till(store);

        foreach (var (width, height) in new[] { (1280, 800), (1024, 600), (900, 600) })
        {
            await till.Page.SetViewportSizeAsync(width, height);
            await till.Page.GotoAsync("/till");
            var amount = (await till.Page.Locator("[data-part=last] .huge").BoundingBoxAsync())!;
            var panel = (await till.Page.Locator("[data-part=last]").BoundingBoxAsync())!;
            amount.Y.ShouldBeInRange(0, height - amount.Height, $"{width}x{height}");
            (amount.X + amount.Width).ShouldBeLessThanOrEqualTo(panel.X + panel.Width, $"{width}x{height}");
            panel.Height.ShouldBeLessThanOrEqualTo(height, $"{width}x{height}");
            (await till.Page.EvaluateAsync<bool>("() => { const list = document.querySelector('[data-part=today]'); return list.scrollHeight > list.clientHeight; }"))
                .ShouldBeTrue("the list scrolls by itself");
        }
        await till.Page.GetByText("今日のすべて").ClickAsync();
        await till.Page.Arrives("**/till/day");
        await Expect(till.Page.Locator(".list > li")).ToHaveCountAsync(35);
        await till.Page.Look("till-day");
        till.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refusal_is_seen_at_the_till_and_on_the_phone()
    {
        var (store, member) = (await App.Store("パン工房つるはし"), await App.Member("青井", 500));
        await using var phone = await chrome.Phone(App, member);
        await phone.Page.GotoAsync("/pay");
        var digits = (await phone.Page.Locator(".digits").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await using var till = await Till(store);
        await till.Page.SetViewportSizeAsync(390, 844);
        await till.Page.GotoAsync("/till/take");
        await till.Page.Awake();
        await till.Page.FillAsync("#amount", "99000");
        await till.Page.FillAsync("#code", digits);
        await till.Page.GetByRole(AriaRole.Button, new() { Name = "受け取る" }).ClickAsync();

        var said = till.Page.Locator("[data-pay-said]");
        await Expect(said).ToContainTextAsync("残高");
        await Expect(said).ToBeInViewportAsync();
        await Expect(phone.Page.Locator("[data-part=refused]")).ToContainTextAsync("99,000円");
        await Expect(phone.Page.Locator("[data-part=refused] [role=alert]")).ToContainTextAsync("残高が足りません");
        await phone.Page.Look("pay-refused-at-till");
    }

    async Task<Visitor> Till(SandboxStore store)
    {
        var staff = await chrome.Visit(App.Address, phone: false);
        await staff.Context.AddCookiesAsync([new() { Name = "ensen-till", Value = store.TillToken, Url = App.Address }]);
        return staff;
    }

    static ILocatorAssertions Expect(ILocator element) => Assertions.Expect(element);
}

public sealed class BusyTillTestsOnSqlite(Chrome chrome, OnSqlite running) : BusyTillTests(chrome, running);

public sealed class BusyTillTestsOnPostgres(Chrome chrome, OnPostgres running) : BusyTillTests(chrome, running);
