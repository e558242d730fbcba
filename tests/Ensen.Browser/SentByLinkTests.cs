using Ensen.Browser.Support;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>Money by link: made by one, opened by whoever is not signed in, taken by another, and one that is taken back.</summary>
public abstract class SentByLinkTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task A_link_is_made_opened_and_taken()
    {
        var (aoi, ren) = (await App.Member("青井 花", 3_000), await App.Member("緑川 空"));
        await using var phone = await chrome.Phone(App, aoi);
        var page = phone.Page;
        await page.GotoAsync("/send");
        await page.ClickAsync("a[href='/send/link']");
        await page.FillAsync("[name=amount]", "1200");
        await page.FillAsync("#note", "お昼ごはん");
        await page.Look("send-link-filled", wholePage: true);
        await page.Swipe();
        await page.Arrives("**/send/links/lnk_*");
        await page.Awake();
        await page.Look("sent-link-open", wholePage: true);
        var address = await page.Locator("#address").InnerTextAsync();
        var path = new Uri(address).AbsolutePath;
        (await App.Balance(aoi)).ShouldBe(1_800);

        await using (var stranger = await chrome.Visit(App.Address))
        {
            await stranger.Page.GotoAsync(path);
            await stranger.Page.Awake();
            await Expect(stranger.Page.Locator("main")).ToContainTextAsync("青＊ 花＊");
            await Expect(stranger.Page.Locator("main a.do")).ToHaveAttributeAsync("href", "/sign-in?then=" + Uri.EscapeDataString(path));
            await stranger.Page.Look("opened-link-stranger", wholePage: true);
            stranger.Complaints.ShouldBeEmpty();
        }
        await using var other = await chrome.Phone(App, ren);
        await other.Page.GotoAsync(path);
        await other.Page.Awake();
        await other.Page.Look("opened-link", wholePage: true);
        await other.Page.ClickAsync("form[action='/l/claim'] button");
        await Expect(other.Page.Locator(".note.good")).ToContainTextAsync("残高");
        await other.Page.Awake();
        await other.Page.Look("opened-link-taken", wholePage: true);
        (await App.Balance(ren)).ShouldBe(1_200);

        await Expect(page.Locator(".tag")).ToContainTextAsync("受け取り済み", new() { Timeout = 15_000 });
        await page.Look("sent-link-taken", wholePage: true);
        phone.Complaints.ShouldBeEmpty();
        other.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_is_taken_back_and_then_gives_nothing()
    {
        var aoi = await App.Member("青井 花", 3_000);
        var made = await App.Ask(aoi.Token, "/links", new { amount = 700 });
        await using var phone = await chrome.Phone(App, aoi);
        await phone.Page.GotoAsync($"/l/{made.Text("token")}");
        await Expect(phone.Page.Locator("main .note")).ToContainTextAsync("ご自分");
        await phone.Page.GotoAsync($"/send/links/{made.Text("linkId")}");
        await phone.Page.ClickAsync("form[action='/send/links/back'] button");
        await Expect(phone.Page.Locator(".tag")).ToContainTextAsync("取り消し済み");
        (await App.Balance(aoi)).ShouldBe(3_000);
        await phone.Page.GotoAsync("/send/links");
        await phone.Page.Awake();
        await phone.Page.Look("links-sent", wholePage: true);
        await phone.Page.GotoAsync($"/l/{made.Text("token")}");
        await phone.Page.Awake();
        await phone.Page.Look("opened-link-over", wholePage: true);
        phone.Complaints.ShouldBeEmpty();
    }
}

public sealed class SentByLinkTestsOnSqlite(Chrome chrome, OnSqlite running) : SentByLinkTests(chrome, running);

public sealed class SentByLinkTestsOnPostgres(Chrome chrome, OnPostgres running) : SentByLinkTests(chrome, running);
