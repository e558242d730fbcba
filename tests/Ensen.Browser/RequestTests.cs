using Ensen.Browser.Support;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>A bill that is split, whose shares do not add up at first, and one share that is paid by a swipe.</summary>
public abstract class RequestTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task A_bill_is_split_and_a_share_is_paid()
    {
        var (aoi, ren, sora) = (await App.Member("青井 花", 3_000), await App.Member("緑川 空", 5_000), await App.Member("白石 蓮", 5_000));
        await using var phone = await chrome.Phone(App, aoi);
        var page = phone.Page;
        await page.GotoAsync("/requests/split");
        await page.FillAsync("#total", "6000");
        await page.FillAsync("#own", "2000");
        await page.FillAsync("#from0", ren.MemberId);
        await page.FillAsync("#amount0", "2500");
        await page.FillAsync("#from1", sora.MemberId);
        await page.FillAsync("#amount1", "1400");
        await page.FillAsync("#note", "お好み焼き");
        await page.ClickAsync("button.do");
        await Expect(page.Locator("#fault")).ToContainTextAsync("合いません");
        await Expect(page.Locator("#amount1")).ToHaveValueAsync("1400");
        await page.Awake();
        await page.Look("split-mismatch", wholePage: true);
        await page.FillAsync("#amount1", "1500");
        await page.ClickAsync("button.do");
        await page.Arrives("**/requests/splits/spl_*");
        await Expect(page.Locator("main .list li")).ToHaveCountAsync(2);

        await using var other = await chrome.Phone(App, ren);
        await other.Page.GotoAsync("/requests");
        await other.Page.Awake();
        await other.Page.Look("requests-to-pay", wholePage: true);
        await other.Page.ClickAsync("a[href^='/requests/req_']");
        await other.Page.Awake();
        await other.Page.Look("request-to-pay", wholePage: true);
        await other.Page.Swipe();
        await other.Page.Arrives("**/send/done/trf_*");
        (await App.Balance(aoi)).ShouldBe(5_500);

        await page.ReloadAsync();
        await page.Awake();
        await Expect(page.Locator("main")).ToContainTextAsync("1/2");
        await page.Look("split-done", wholePage: true);
        await page.GotoAsync("/requests");
        await page.Awake();
        await page.Look("requests-asked", wholePage: true);
        phone.Complaints.ShouldBeEmpty();
        other.Complaints.ShouldBeEmpty();
    }
}

public sealed class RequestTestsOnSqlite(Chrome chrome, OnSqlite running) : RequestTests(chrome, running);

public sealed class RequestTestsOnPostgres(Chrome chrome, OnPostgres running) : RequestTests(chrome, running);
