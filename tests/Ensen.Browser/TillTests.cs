using System.Text.Json;
using Ensen.Browser.Support;
using Ensen.Tests.Formats;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>The till in a real browser: payments arrive, are taken, are given back; what is printed can be read.</summary>
public abstract class TillTests(Chrome chrome, RunningApp running) : IAsyncLifetime
{
    // Remembers each tone and each sentence instead of making them heard.
    const string Ears = """
        window.heard = [];
        const begin = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...when) { heard.push('tone'); return begin.apply(this, when); };
        speechSynthesis.speak = words => heard.push(words.text);
        """;

    readonly WebApp _app = running.App;
    Visitor _staff = null!;
    JsonElement _store;
    string _member = "";

    IPage Page => _staff.Page;

    public async ValueTask InitializeAsync()
    {
        _store = await _app.Post("/sandbox/stores", new { name = "パン工房つるはし", area = "鶴橋" });
        _member = (await _app.Post("/sandbox/members", new { name = "青井", balance = 100_000 })).Text("token");
        _staff = await Till();
    }

    public async ValueTask DisposeAsync()
    {
        await _staff.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_payment_arrives_live_with_a_chime_and_the_amount_said()
    {
        await Page.GotoAsync("/till");
        await Expect(Page.GetByText("お支払いをお待ちしています")).ToBeVisibleAsync();
        await Expect(Page.Locator("[data-lamp]")).ToHaveTextAsync("接続中");
        await Page.Locator("h1").ClickAsync();

        var paid = await Pay(1_234);

        await Expect(Page.Locator("[data-part=last] .huge")).ToContainTextAsync("1,234");
        await Expect(Page.Locator("[data-part=last]")).ToContainTextAsync(paid.Text("receiptNumber"));
        await Expect(Page.Locator("[data-part=today]")).ToContainTextAsync("1件 1,234円");
        (await Page.EvaluateAsync<string[]>("() => heard")).ShouldBe(["tone", "tone", "1,234円、いただきました"]);
        await Page.Look("till");
        _staff.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_scanner_that_types_takes_the_payment_and_leaves_the_amount_alone()
    {
        await Page.GotoAsync("/till/take");
        await Page.Locator("#amount").PressSequentiallyAsync("1200");
        await Expect(Page.Locator("#amount")).ToHaveValueAsync("1,200");
        await Page.WaitForTimeoutAsync(150); // As long as a hand needs to the scanner, at least.

        await Scan(await Code());

        await Page.Arrives("**/till");
        await Expect(Page.Locator("[data-part=last] .huge")).ToContainTextAsync("1,200");
        await Expect(Page.Locator("[data-part=today]")).ToContainTextAsync("1件 1,200円");
        await Page.WaitForFunctionAsync("() => heard.includes('1,200円、いただきました')");
        (await Page.EvaluateAsync<string[]>("() => heard")).Count(h => h == "tone").ShouldBe(2);
    }

    [Fact]
    public async Task A_code_that_is_scanned_before_the_amount_waits_for_it()
    {
        await Page.GotoAsync("/till");
        await Expect(Page.Locator("[data-lamp]")).ToHaveTextAsync("接続中");

        await Scan(await Code());
        await Page.Arrives("**/till/take");
        await Page.GetByRole(AriaRole.Button, new() { Name = "5", Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "00", Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "受け取る" }).ClickAsync();

        await Page.Arrives("**/till");
        await Expect(Page.Locator("[data-part=last] .huge")).ToContainTextAsync("500");
    }

    [Fact]
    public async Task The_same_form_sent_twice_at_once_is_one_payment_and_a_used_code_is_refused()
    {
        var code = await Code();
        await Page.GotoAsync("/till/take");
        await Page.FillAsync("#amount", "700");
        await Page.FillAsync("#code", code);

        var answers = await Page.EvaluateAsync<string[]>("""
            async () => {
              const send = () => fetch('/till/take', { method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams(new FormData(document.querySelector('[data-pay]'))) });
              return Promise.all((await Promise.all([send(), send()])).map(answer => answer.text()));
            }
            """);

        answers.ShouldAllBe(a => a.Contains("\"paid\"", StringComparison.Ordinal));
        await Page.GotoAsync("/till/take");
        await Page.FillAsync("#amount", "700");
        await Page.FillAsync("#code", code);
        await Page.GetByRole(AriaRole.Button, new() { Name = "受け取る" }).ClickAsync();
        await Expect(Page.Locator("[data-pay-said]")).ToContainTextAsync("使用済み");
        await Page.Look("till-take");
        await Page.GotoAsync("/till");
        await Expect(Page.Locator("[data-part=today]")).ToContainTextAsync("1件 700円");
    }

    [Fact]
    public async Task After_an_answer_that_never_came_the_till_asks_what_became_of_the_order()
    {
        await Page.GotoAsync("/till/take");
        await Page.RouteAsync("**/till/take", async route =>
        {
            await route.FetchAsync();
            await route.AbortAsync("connectionreset");
        });
        await Page.FillAsync("#amount", "800");
        await Page.FillAsync("#code", await Code());

        await Page.GetByRole(AriaRole.Button, new() { Name = "受け取る" }).ClickAsync();

        await Page.Arrives("**/till");
        await Expect(Page.Locator("[data-part=today]")).ToContainTextAsync("1件 800円");
    }

    [Fact]
    public async Task It_says_loudly_that_it_is_offline()
    {
        await Page.GotoAsync("/till");
        await Expect(Page.Locator("[data-lamp]")).ToHaveTextAsync("接続中");

        await _staff.Context.SetOfflineAsync(true);
        await Expect(Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("つながっていません");
        await Expect(Page.Locator("[data-lamp]")).ToHaveTextAsync("切れています");

        await _staff.Context.SetOfflineAsync(false);
        await Expect(Page.Locator("[data-lamp]")).ToHaveTextAsync("接続中");
        await Expect(Page.GetByText("つながっていません")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task The_poster_is_read_from_a_photograph_and_names_the_store()
    {
        await Page.GotoAsync("/till/poster");
        await Page.Look("till-poster", wholePage: true);

        var photo = await Page.Locator(".poster:not(.sticker) .poster-qr").Photo();

        var text = _store.Text("qr");
        Judges.Zbar(photo).ShouldBe(text);
        Judges.JsQr(photo).ShouldBe(text);
        var decoded = Judges.Ask<JsonElement>("merchant-qr.mjs", new[] { text })[0];
        decoded.ToString().ShouldContain(_store.Text("storeId"));
        var sticker = await Page.Locator(".sticker .poster-qr").Photo();
        Judges.Zbar(sticker)!.ShouldEndWith("/t/" + _store.Text("tagId"));
        Judges.JsQr(sticker)!.ShouldEndWith("/t/" + _store.Text("tagId"));
    }

    [Fact]
    public async Task A_code_for_one_payment_is_read_from_a_photograph_and_leaves_when_it_is_paid()
    {
        await Page.GotoAsync("/till/qr");
        await Page.FillAsync("#amount", "１，２００");
        await Page.GetByRole(AriaRole.Button, new() { Name = "QRを出す" }).ClickAsync();
        await Page.Arrives("**order=*");
        await Page.Look("till-qr");
        await Expect(Page.Locator("[data-lamp]")).ToHaveTextAsync("接続中");

        var photo = await Page.Locator(".shown-qr").Photo();
        var qr = Judges.Zbar(photo).ShouldNotBeNull();
        Judges.JsQr(photo).ShouldBe(qr);
        Judges.Ask<JsonElement>("merchant-qr.mjs", new[] { qr })[0].ToString().ShouldContain("1200");
        (await _app.Send("/payments", new { qr, amount = 1_100 }, _member)).IsSuccessStatusCode.ShouldBeFalse();
        await _app.Post("/payments", new { qr, amount = 1_200 }, _member);

        await Page.Arrives("**/till");
        await Expect(Page.Locator("[data-part=last] .huge")).ToContainTextAsync("1,200");
        (await _app.Send("/payments", new { qr, amount = 1_200 }, _member)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_camera_and_a_script_are_not_needed_to_take_a_payment()
    {
        await using var plain = await Till(script: false);
        await plain.Page.GotoAsync("/till/take");
        await plain.Page.FillAsync("#amount", "1,000");
        await plain.Page.FillAsync("#code", await Code());
        await plain.Page.GetByRole(AriaRole.Button, new() { Name = "受け取る" }).ClickAsync();

        await Expect(plain.Page.Locator("[data-part=last] .huge")).ToContainTextAsync("1,000");

        await plain.Page.GotoAsync("/till/take");
        await plain.Page.FillAsync("#amount", "1000");
        await plain.Page.FillAsync("#code", "9990100000000000000");
        await plain.Page.GetByRole(AriaRole.Button, new() { Name = "受け取る" }).ClickAsync();
        await Expect(plain.Page.Locator("[data-pay-said]")).ToContainTextAsync("支払いコードではありません");
        await Expect(plain.Page.Locator("#amount")).ToHaveValueAsync("1000");
    }

    async Task<Visitor> Till(bool script = true)
    {
        var staff = await chrome.Visit(_app.Address, phone: false, script: script);
        await staff.Context.AddInitScriptAsync(Ears);
        await staff.Context.AddCookiesAsync([new() { Name = "ensen-till", Value = _store.Text("tillToken"), Url = _app.Address }]);
        return staff;
    }

    Task<JsonElement> Pay(long amount) => _app.Post("/payments", new { storeId = _store.Text("storeId"), amount }, _member);

    async Task<string> Code() => (await _app.Post("/codes", new { }, _member)).Text("code");

    // As a USB scanner: keys into whatever has the focus, faster than any hand (and than this machine's, key by key, on a busy day).
    Task Scan(string code) => Page.EvaluateAsync("""
        code => {
          const press = key => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
          for (const key of code) if (press(key)) document.execCommand('insertText', false, key);
          press('Enter');
        }
        """, code);

    static ILocatorAssertions Expect(ILocator element) => Assertions.Expect(element);
}

public sealed class TillTestsOnSqlite(Chrome chrome, OnSqlite running) : TillTests(chrome, running);

public sealed class TillTestsOnPostgres(Chrome chrome, OnPostgres running) : TillTests(chrome, running);
