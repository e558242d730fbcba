using Ensen.Browser.Support;
using Ensen.Tests.Formats;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>What earns at shopping centres, as a phone shows it: the member's own number, and point cards of other companies.</summary>
public abstract class PointCardTests(Chrome chrome, RunningApp running)
{
    const float PhonePixels = 2;

    WebApp App => running.App;

    [Theory, InlineData(ColorScheme.Light), InlineData(ColorScheme.Dark)]
    public async Task The_bars_of_the_member_number_and_of_a_card_are_read_and_earn(ColorScheme scheme)
    {
        var member = await App.Member("青井 花");
        var till = (await App.Post("/sandbox/centres", new { name = "なんばモール" })).Text("pointTillToken");
        await using var phone = await chrome.Phone(App, member, scale: PhonePixels);
        await phone.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await phone.Page.GotoAsync("/points");
        await phone.Page.ClickAsync("a[href='/member-code']");
        await phone.Page.Arrives("**/member-code");
        var number = Judges.Zbar(await phone.Page.Locator(".code .bars").Photo()).ShouldNotBeNull();
        number.ShouldBe((await phone.Page.Locator(".code .digits").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal));
        (await App.Ask(till, "/point-till/awards", new { code = number, amount = 1_100, receipt = "r1" })).GetProperty("points").GetInt64()
            .ShouldBe(10);

        foreach (var issuer in new[] { "umeda", "namba" })
        {
            var card = await Card(issuer);
            var id = (await App.Ask(member.Token, "/point-cards",
                new { issuer, number = card.Number, pin = card.Pin, membership = "existing" })).Text("cardId");
            await phone.Page.GotoAsync($"/point-cards/{id}");
            var read = Judges.Zbar(await phone.Page.Locator(".code .bars").Photo()).ShouldNotBeNull();
            read.ShouldBe(card.Number);
            (await App.Ask(till, "/point-till/awards", new { code = read, amount = 1_100, receipt = issuer })).GetProperty("points")
                .GetInt64().ShouldBe(10);
        }
        await phone.Page.Look($"member-code-{scheme}");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_card_is_registered_by_hand_and_brings_its_points_once_with_script_and_without(bool script)
    {
        var member = await App.Member("青井 花");
        var card = await Card("umeda", 1_234);
        await using var phone = await chrome.Phone(App, member, script: script);
        var page = phone.Page;
        await page.GotoAsync("/point-cards");
        await page.ClickAsync("a.do");
        await page.ClickAsync("a[href='/point-cards/new?issuer=umeda']");

        await Fill(card.Number, card.Pin == "0000" ? "1111" : "0000");
        await Expect(page.Locator("#fault")).ToContainTextAsync("番号とPIN");
        await Expect(page.Locator("#number")).ToHaveValueAsync(card.Number);
        (await page.InputValueAsync("#pin")).ShouldBeEmpty("a PIN travels in no address");
        await Fill("12345", card.Pin);
        await Expect(page.Locator("#fault")).ToContainTextAsync("けた数");
        await page.CheckAsync("input[value='new']", new() { Force = true });
        await Fill(card.Number, card.Pin);
        await Expect(page.Locator("#fault")).ToContainTextAsync("もう一方");
        if (script)
            await page.Look("point-card-new");
        await page.CheckAsync("input[value='existing']", new() { Force = true });
        await Fill(card.Number, card.Pin);

        await Expect(page.Locator(".note.good")).ToHaveTextAsync("カードを登録しました。");
        if (script)
            await page.Look("point-card", wholePage: true);
        await page.ClickAsync("a[href*='migrate=1']");
        if (script)
            await page.Look("point-card-migrate");
        await page.ClickAsync("button.do");
        await Expect(page.Locator(".note.good")).ToContainTextAsync("1,234");
        await page.GoBackAsync();
        await page.GotoAsync("/point-cards");
        await Expect(page.Locator("main li")).ToContainTextAsync("ポイント移行済み");
        if (script)
            await page.Look("point-cards");
        (await App.Ask(member.Token, "/wallet")).GetProperty("points").GetInt64().ShouldBe(1_234);
        if (script) // Without it the browser complains of every script that it was told not to run.
            phone.Complaints.ShouldBeEmpty();

        async Task Fill(string number, string pin)
        {
            await page.FillAsync("#number", number);
            await page.FillAsync("#pin", pin);
            await page.ClickAsync("button.do");
        }
    }

    async Task<(string Number, string Pin)> Card(string issuer, long points = 0)
    {
        var made = await App.Post("/sandbox/point-cards", new { issuer, points });
        return (made.Text("number"), made.Text("pin"));
    }
}

public sealed class PointCardsOnSqlite(Chrome chrome, OnSqlite running) : PointCardTests(chrome, running);

public sealed class PointCardsOnPostgres(Chrome chrome, OnPostgres running) : PointCardTests(chrome, running);
