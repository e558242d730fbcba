using Ensen.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>Points onto a transit card: card and amount are read once more, and what is not known yet does not look like done.</summary>
public abstract class TransitTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_charge_is_confirmed_and_is_seen_on_its_way_and_there(bool script)
    {
        var member = await App.Member("青井 花", 30_000);
        var store = await App.Store("パン工房つるはし", "鶴橋駅 西口");
        await App.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 20_000 });
        await App.Ask(member.Token, "/transfers", new { to = (await App.Member("緑川 空")).MemberId, amount = 500, note = "お昼ごはん" });
        var made = await App.Post("/sandbox/transit-cards", new { mobile = true });
        var number = made.Text("number");
        await App.Ask(member.Token, "/transit-cards", new { number, proof = made.Text("proof") });
        for (var ride = 0; ride < 5; ride++)
        {
            await App.Post("/sandbox/gates/in", new { card = number, station = "大阪" });
            await App.Post("/sandbox/gates/out", new { card = number, station = "京橋" });
        }
        await App.Post("/sandbox/gates/cases", new { card = number, @case = "missed_out" });
        await using var phone = await chrome.Phone(App, member, script: script);
        var page = phone.Page;

        await page.GotoAsync("/transit");
        await page.FillAsync("#points", "60");
        await page.GetByRole(AriaRole.Button, new() { Name = "チャージの内容を確かめる" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync($"****{number[^4..]}");
        await Expect(page.Locator("main .big")).ToContainTextAsync("60");
        if (script)
            await page.Look("transit-confirm");
        await page.GetByRole(AriaRole.Button, new() { Name = "チャージする" }).ClickAsync();
        await Expect(page.Locator(".note.good")).ToContainTextAsync("カードにチャージしました");

        await page.GotoAsync("/sandbox");
        await page.SelectOptionAsync("#bank select[name=gateway]", "Transit");
        await page.SelectOptionAsync("#mood", "LateAccept");
        await page.SelectOptionAsync("select[name=delay]", "60");
        await page.GetByRole(AriaRole.Button, new() { Name = "この調子にする" }).ClickAsync();
        await page.GotoAsync("/transit");
        await page.FillAsync("#points", "40");
        await page.GetByRole(AriaRole.Button, new() { Name = "チャージの内容を確かめる" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "チャージする" }).ClickAsync();
        await Expect(page.Locator(".note.warn")).ToContainTextAsync("確認しています");
        await Expect(page.Locator(".tag.warn")).ToContainTextAsync("確認中");
        if (!script)
            return;
        await page.Look("transit-pending", wholePage: true);
        await page.ClickAsync("a[href^='/history/'] >> nth=0");
        await Expect(page.Locator("article")).ToContainTextAsync($"****{number[^4..]}");
        await page.Look("transit-receipt");
        await page.GotoAsync("/points");
        await page.Look("points-of-rides", wholePage: true);
        // Until four in the morning rides are those of the day before, which may be another month's.
        await page.GotoAsync($"/history/month/{TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(9 - 4)):yyyy-MM}");
        await Expect(page.Locator("#rides")).ToBeVisibleAsync();
        await page.Look("month-with-rides", wholePage: true);
        phone.Complaints.ShouldBeEmpty();
    }
}

public sealed class TransitTestsOnSqlite(Chrome chrome, OnSqlite running) : TransitTests(chrome, running), IClassFixture<OnSqlite>;

public sealed class TransitTestsOnPostgres(Chrome chrome, OnPostgres running) : TransitTests(chrome, running), IClassFixture<OnPostgres>;
