using Ensen.Browser.Support;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>
/// What shops and members have: iOS 15, a WebView of Android 9, storage that is switched off, eight tabs. What a browser lacks is taken
/// from this one before the page begins; then it pays, with our script or by the plain form.
/// </summary>
public abstract class OldBrowserTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    const string Nothing = """
        delete AbortSignal.timeout;
        delete HTMLFormElement.prototype.requestSubmit;
        delete SubmitEvent.prototype.submitter;
        const plain = FormData;
        window.FormData = class extends plain { constructor(form) { super(form); } };
        delete Array.prototype.at;
        delete String.prototype.replaceAll;
        delete Object.fromEntries;
        delete Promise.allSettled;
        delete Element.prototype.replaceChildren;
        delete window.structuredClone;
        delete window.BarcodeDetector;
        delete Navigator.prototype.userActivation;
        delete Navigator.prototype.wakeLock;
        delete Navigator.prototype.vibrate;
        delete Navigator.prototype.locks;
        delete window.BroadcastChannel;
        delete HTMLElement.prototype.inert;
        """;

    /// <summary>A browser's lack, by its name: a script that runs before the page's own.</summary>
    static string Without(string what) => what switch
    {
        "AbortSignal.timeout" => "delete AbortSignal.timeout;",
        "AbortController" => "delete window.AbortController; delete window.AbortSignal;",
        "localStorage" =>
            "Object.defineProperty(window, 'localStorage', { value: null }); Object.defineProperty(window, 'sessionStorage', { value: null });",
        "storage, and asking throws" => """
            for (const name of ['localStorage', 'sessionStorage'])
              Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });
            """,
        "requestSubmit" => "delete HTMLFormElement.prototype.requestSubmit; delete SubmitEvent.prototype.submitter;",
        "EventSource" => "delete window.EventSource;",
        "all that came after them" => Nothing,
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "unknown"),
    };

    [Theory]
    [InlineData("AbortSignal.timeout")]
    [InlineData("AbortController")]
    [InlineData("localStorage")]
    [InlineData("storage, and asking throws")]
    [InlineData("requestSubmit")]
    [InlineData("all that came after them")]
    public async Task A_member_pays_and_a_till_takes_without(string what)
    {
        var (member, store) = (await App.Member("青井", 5_000), await App.Store("パン工房つるはし"));
        await using var phone = await chrome.Phone(App, member);
        await phone.Context.AddInitScriptAsync(Without(what));
        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.Type("700");
        await phone.Page.Swipe();
        await phone.Page.Arrives("**/pay/done/pay_*");

        await phone.Page.GotoAsync("/pay");
        var shown = await phone.Page.InnerTextAsync(".digits");
        await phone.Page.Awake();
        await phone.Page.ClickAsync("[data-renew] button");
        await Assertions.Expect(phone.Page.Locator(".digits")).Not.ToHaveTextAsync(shown);

        await using var till = await Till(store);
        await till.Context.AddInitScriptAsync(Without(what));
        await till.Page.GotoAsync("/till/take");
        await till.Page.Type("300");
        await till.Page.FillAsync("#code", await phone.Page.InnerTextAsync(".digits"));
        await till.Page.ClickAsync("button.do");
        await till.Page.Arrives("**/till");
        await Assertions.Expect(till.Page.Locator("[data-part=last] .huge")).ToContainTextAsync("300");
        (await App.Balance(member)).ShouldBe(4_000);
    }

    /// <summary>Money is never left because a script failed: whichever is missing or breaks, the plain form is there and pays.</summary>
    [Theory]
    [InlineData("ensen.js", null)]
    [InlineData("pay.js", null)]
    [InlineData("swipe.js", null)]
    [InlineData("pad.js", null)]
    [InlineData("browsers.js", null)]
    [InlineData("ensen.js", "const a = ;")]
    [InlineData("swipe.js", "export function start() { throw new Error('broken'); }")]
    [InlineData("pay.js", "throw new Error('broken');")]
    [InlineData("arrive.js", "export function arrive() { throw new Error('broken'); }")]
    [InlineData("first.js", null)]
    public async Task A_script_that_does_not_come_or_breaks_leaves_a_form_that_pays(string script, string? broken)
    {
        var (member, store) = (await App.Member("青井", 5_000), await App.Store("パン工房つるはし"));
        await using var phone = await chrome.Phone(App, member);
        var page = phone.Page;
        await page.RouteAsync($"**/js/{script}", route => broken is null
            ? route.AbortAsync()
            : route.FulfillAsync(new() { ContentType = "text/javascript", Body = broken }));
        await page.GotoAsync($"/t/{store.TagId}");

        await page.FillAsync("#amount", "700");
        var plain = page.Locator("[data-plain]");
        await plain.Or(page.Locator("html[data-awake] .knob")).Locator("visible=true").First.WaitForAsync();
        if (await plain.IsVisibleAsync())
            await plain.ClickAsync();
        else
            await page.Swipe();

        await page.Arrives("**/pay/done/pay_*", mayBePlain: true);
        (await App.Balance(member)).ShouldBe(4_300);
    }

    [Fact]
    public async Task The_pay_page_is_plain_where_the_modules_never_come()
    {
        var (member, store) = (await App.Member("青井", 5_000), await App.Store("パン工房つるはし"));
        await using var phone = await chrome.Phone(App, member);
        await phone.Context.AddInitScriptAsync("delete HTMLScriptElement.prototype.noModule;");
        await phone.Page.RouteAsync("**/js/ensen.js", route => route.AbortAsync());
        await phone.Page.GotoAsync($"/t/{store.TagId}");

        (await phone.Page.Locator("html.js").CountAsync()).ShouldBe(0);
        await phone.Page.FillAsync("#amount", "700");
        await phone.Page.ClickAsync("[data-plain]");

        await phone.Page.Arrives("**/pay/done/pay_*");
        (await App.Balance(member)).ShouldBe(4_300);
    }

    [Fact]
    public async Task Without_EventSource_the_telephone_learns_of_its_payment_all_the_same()
    {
        var (member, store) = (await App.Member("青井", 3_000), await App.Store("喫茶 今宮"));
        await using var phone = await chrome.Phone(App, member);
        await phone.Context.AddInitScriptAsync(Without("EventSource"));
        await phone.Page.GotoAsync("/pay");
        var code = await phone.Page.InnerTextAsync(".digits");

        await App.Ask(store.TillToken, "/till/payments", new { code, amount = 1_200, orderId = "fetch" });

        await phone.Page.Arrives("**/pay/done/pay_*");
    }

    /// <summary>
    /// Over HTTP/1.1 six tabs with a stream each left no connection for the seventh: nothing loaded any more, and nothing was paid.
    /// </summary>
    [Fact]
    public async Task Eight_tabs_of_the_till_and_eight_of_the_code_share_a_stream_and_one_of_them_pays()
    {
        var (member, store) = (await App.Member("青井", 5_000), await App.Store("古本 天満文庫"));
        await using var till = await Till(store);
        await using var phone = await chrome.Phone(App, member);
        foreach (var (context, path) in new[] { (till.Context, "/till"), (phone.Context, "/pay") })
        {
            for (var tab = 1; tab < 8; tab++)
                await (await context.NewPageAsync()).GotoAsync(path);
            await context.Pages[0].GotoAsync(path);
        }

        foreach (var page in till.Context.Pages)
            await Assertions.Expect(page.Locator("[data-lamp]")).ToHaveTextAsync("接続中");
        var taking = till.Context.Pages[3];
        await taking.GotoAsync("/till/take");
        await taking.Type("700");
        await taking.FillAsync("#code", await phone.Context.Pages[5].InnerTextAsync(".digits"));
        await taking.ClickAsync("button.do");

        foreach (var page in till.Context.Pages)
            await Assertions.Expect(page.Locator("[data-part=last] .huge")).ToContainTextAsync("700");
        await phone.Context.Pages[5].Arrives("**/pay/done/pay_*");
        (await App.Balance(member)).ShouldBe(4_300);
    }

    /// <summary>The tab that listens for all is closed: the next one listens on, and misses nothing.</summary>
    [Fact]
    public async Task When_the_tab_that_listens_goes_another_listens_on()
    {
        var (member, store) = (await App.Member("青井", 5_000), await App.Store("花と茶 桃谷"));
        await using var till = await Till(store);
        await till.Page.GotoAsync("/till");
        await Assertions.Expect(till.Page.Locator("[data-lamp]")).ToHaveTextAsync("接続中");
        var second = await till.Context.NewPageAsync();
        await second.GotoAsync("/till");
        await Assertions.Expect(second.Locator("[data-lamp]")).ToHaveTextAsync("接続中");

        await till.Page.CloseAsync();
        await App.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 450 });

        await Assertions.Expect(second.Locator("[data-part=last] .huge")).ToContainTextAsync("450");
    }

    async Task<Visitor> Till(SandboxStore store)
    {
        var staff = await chrome.Visit(App.Address, phone: false);
        await staff.Context.AddCookiesAsync([new() { Name = "ensen-till", Value = store.TillToken, Url = App.Address }]);
        return staff;
    }
}

public sealed class OldBrowserTestsOnSqlite(Chrome chrome, OnSqlite running) : OldBrowserTests(chrome, running);

public sealed class OldBrowserTestsOnPostgres(Chrome chrome, OnPostgres running) : OldBrowserTests(chrome, running);
