using Ensen.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>The gates of the loop, to play with: a card is made and linked, goes in and out, and its ride is the member's.</summary>
public abstract class GateTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_card_goes_in_and_out_and_its_ride_is_the_members_with_script_and_without(bool script)
    {
        var member = await App.Member("青井 花");
        await using var player = await chrome.Phone(App, member, script: script);
        var page = player.Page;
        await page.GotoAsync("/sandbox");
        await page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "改札を開く" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "モバイルICをつくる" }).ClickAsync();
        await Expect(page.Locator("#gate .note")).ToContainTextAsync("つくりました");
        var card = await page.Locator("#which").InputValueAsync();
        var proof = System.Text.RegularExpressions.Regex.Match(await page.Locator("#card").InnerTextAsync(), "確認番号 (\\d+)").Groups[1].Value;
        (await App.Ask(member.Token, "/transit-cards", new { number = card, proof })).Text("state").ShouldBe("linked");

        await Press("大阪", "大阪で入る");
        await Expect(page.Locator("#gate")).ToContainTextAsync("大阪から入って");
        await page.GetByRole(AriaRole.Link, new() { Name = "京橋" }).ClickAsync();
        await Expect(page.Locator("#gate")).ToContainTextAsync("大阪 → 京橋、4.3 km、170円");
        if (script)
            await page.Look("sandbox-gates", wholePage: true);
        await page.GetByRole(AriaRole.Button, new() { Name = "京橋で出る" }).ClickAsync();
        await Expect(page.Locator("#told .tag.good")).ToHaveCountAsync(1);

        await page.GetByRole(AriaRole.Button, new() { Name = "前回の記録がもう一度届く" }).ClickAsync();
        await Expect(page.Locator("#told")).ToContainTextAsync("もう届いていた");
        foreach (var what in new[] { "出た記録がない乗車", "何日も前の乗車が今届く", "ゆうべ、日付をまたいだ乗車" })
        {
            await page.GetByRole(AriaRole.Button, new() { Name = what }).ClickAsync();
            await Expect(page.Locator("#gate .note")).ToContainTextAsync("知らせました");
        }
        await Expect(page.Locator("#told li")).ToHaveCountAsync(4);
        if (script)
            await page.Look("sandbox-gates-told", wholePage: true);
        if (script)
            player.Complaints.ShouldBeEmpty();

        await page.GotoAsync("/history?kind=rides");
        await Expect(page.Locator("main")).ToContainTextAsync("大阪 → 京橋");
        await Expect(page.Locator("main")).ToContainTextAsync("大阪 → —");

        async Task Press(string station, string button)
        {
            await page.GetByRole(AriaRole.Link, new() { Name = station, Exact = true }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        }
    }
}

public sealed class GateTestsOnSqlite(Chrome chrome, OnSqlite running) : GateTests(chrome, running), IClassFixture<OnSqlite>;

public sealed class GateTestsOnPostgres(Chrome chrome, OnPostgres running) : GateTests(chrome, running), IClassFixture<OnPostgres>;
