using System.Net;
using System.Text.Json;
using Ensen.Browser.Support;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>The first page, the outside world to play with, and the pages for when something is wrong.</summary>
public abstract class SandboxTests(Chrome chrome, RunningApp running) : IAsyncLifetime
{
    readonly WebApp _app = running.App;
    Visitor _player = null!;
    string _member = "";

    IPage Page => _player.Page;

    public async ValueTask InitializeAsync()
    {
        _player = await chrome.Visit(_app.Address);
        _member = (await _app.Post("/sandbox/members", new { name = "青井", balance = 50_000 })).Text("token");
    }

    public async ValueTask DisposeAsync()
    {
        await _player.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_begins_at_the_first_page_and_becomes_a_member_with_one_press()
    {
        await Page.GotoAsync("/");
        await Page.Arrives("**/welcome");
        await Page.Look("welcome", wholePage: true);
        _player.Complaints.ShouldBeEmpty();

        await Page.GetByRole(AriaRole.Button, new() { Name = "会員になる", Exact = true }).ClickAsync();
        await Page.Arrives(_app.Address + "/");

        (await Page.Context.CookiesAsync()).ShouldContain(c => c.Name == "ensen-member" && c.HttpOnly);
    }

    [Fact]
    public async Task Notes_put_into_the_ATM_arrive_and_a_wrong_number_gives_them_back()
    {
        await _app.Post("/charges", new { source = "atm", amount = 5_000 }, _member);
        await Page.GotoAsync("/sandbox");
        await Put("9952", "0000000000", "5000");
        await Expect(Page.Locator("#atm .note")).ToContainTextAsync("お客さま番号が違います");
        await Put("1234", "0000000000", "5000");
        await Expect(Page.Locator("#atm .note")).ToContainTextAsync("企業番号が違います");

        await Page.GetByRole(AriaRole.Button, new() { Name = "この金額を入れる" }).ClickAsync();

        await Expect(Page.Locator("#atm .note")).ToContainTextAsync("お札を数えました");
        (await _app.Get("/wallet", _member)).GetProperty("balance").GetInt64().ShouldBe(55_000);
    }

    [Fact]
    public async Task A_bank_that_refuses_once_refuses_once()
    {
        await Page.GotoAsync("/sandbox");
        await Page.SelectOptionAsync("#mood", "Refuse");
        await Page.GetByRole(AriaRole.Button, new() { Name = "この調子にする" }).ClickAsync();
        await Expect(Page.Locator("#bank")).ToContainTextAsync("銀行: 断る × 1");

        (await _app.Post("/charges", new { source = "bank", amount = 3_000 }, _member)).Text("status").ShouldBe("failed");
        (await _app.Post("/charges", new { source = "bank", amount = 3_000 }, _member)).Text("status").ShouldBe("completed");

        await Page.GotoAsync("/sandbox");
        await Expect(Page.Locator("#bank .tag.bad")).ToHaveCountAsync(1);
        await Page.Look("sandbox", wholePage: true);
    }

    [Fact]
    public async Task A_secure_tag_proves_each_touch_once()
    {
        await _app.Post("/sandbox/stores", new { name = "古本 天満文庫", area = "天満" });
        await Page.GotoAsync("/sandbox?near=天満");
        await Page.GetByRole(AriaRole.Button, new() { Name = "暗号タグを足す" }).ClickAsync();
        await Expect(Page.Locator("#tags .note")).ToContainTextAsync("足しました");

        var touch = await Touch();
        (await _app.Send("/payments", new { tag = touch, amount = 500 }, _member)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await _app.Send("/payments", new { tag = touch, amount = 600 }, _member)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await _app.Send("/payments", new { tag = await Touch(again: true), amount = 600 }, _member))
            .StatusCode.ShouldBe(HttpStatusCode.Conflict);

        var next = await Touch();
        var forged = next[..^1] + (next[^1] == '0' ? '1' : '0');
        (await _app.Send("/payments", new { tag = forged, amount = 600 }, _member)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await _app.Send("/payments", new { tag = next, amount = 600 }, _member)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_clock_moves_forward()
    {
        await Page.GotoAsync("/sandbox");
        await Page.GetByRole(AriaRole.Button, new() { Name = "次の4月1日へ" }).ClickAsync();
        await Expect(Page.Locator("#clock .note")).ToContainTextAsync("時計を進めました");
        await Expect(Page.Locator("#clock")).ToContainTextAsync("4月1日");
    }

    [Fact]
    public async Task A_page_that_is_not_there_is_explained_to_people_and_a_problem_to_programs()
    {
        await Page.GotoAsync("/nowhere");
        await Expect(Page.Locator("h1")).ToHaveTextAsync("ページがありません");
        await Page.Look("missing");

        using var program = await _app.Http.GetAsync("/api/v1/nowhere", TestContext.Current.CancellationToken);
        program.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        program.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        using var file = await _app.Http.GetAsync("/nowhere.png", TestContext.Current.CancellationToken);
        (await file.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_the_sandbox_is_off_nobody_can_play_with_it()
    {
        await using var real = await WebApp.Start(running.Engine, "--Ensen:Sandbox=false");
        await using var visitor = await chrome.Visit(real.Address);

        (await visitor.Page.GotoAsync("/sandbox"))!.Status.ShouldBe(404);
        (await visitor.Page.APIRequest.PostAsync(real.Address + "/sandbox/clock")).Status.ShouldBe(404);
        await visitor.Page.GotoAsync("/welcome");
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "新しく会員になる" })).ToBeVisibleAsync();
        (await visitor.Page.ContentAsync()).ShouldNotContain("/sandbox");
        await visitor.Page.Look("welcome-real");
    }

    [Fact]
    public async Task A_form_without_its_token_or_from_another_site_moves_nothing()
    {
        (await Page.APIRequest.PostAsync(_app.Address + "/sandbox/clock", new()
        {
            Form = Page.Context.APIRequest.CreateFormData()
            .Set("by", "Day")
        })).Status.ShouldBe(400);
        using var elsewhere = new HttpRequestMessage(HttpMethod.Post, "/sandbox/clock")
        { Content = new FormUrlEncodedContent([new("by", "Day")]) };
        elsewhere.Headers.Add("Origin", "https://evil.example");
        using var answer = await _app.Http.SendAsync(elsewhere, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    async Task Put(string company, string customer, string notes)
    {
        await Page.FillAsync("#company", company);
        await Page.FillAsync("#customer", customer);
        await Page.FillAsync("#notes", notes);
        await Page.GetByRole(AriaRole.Button, new() { Name = "お札を入れる" }).ClickAsync();
        await Page.WaitForLoadStateAsync();
    }

    /// <summary>Presses as the page would, but opens nothing: the pay page would accept the touch before the program can.</summary>
    async Task<string> Touch(bool again = false)
    {
        await Page.GotoAsync("/sandbox?near=天満");
        var form = Page.Locator("form[action='/sandbox/touch']").First;
        await Expect(form.GetByRole(AriaRole.Button, new() { Name = again ? "前回の写しを使う" : "暗号タグにふれる" })).ToBeVisibleAsync();
        var sent = Page.Context.APIRequest.CreateFormData();
        foreach (var name in (string[])["__RequestVerificationToken", "tag"])
            sent.Set(name, (await form.Locator($"input[name={name}]").GetAttributeAsync("value"))!);
        if (again)
            sent.Set("again", "1");
        var answer = await Page.Context.APIRequest.PostAsync(_app.Address + "/sandbox/touch", new() { Form = sent, MaxRedirects = 0 });
        answer.Status.ShouldBe(302);
        return _app.Address + answer.Headers["location"];
    }

    static ILocatorAssertions Expect(ILocator element) => Assertions.Expect(element);
}

public sealed class SandboxTestsOnSqlite(Chrome chrome, OnSqlite running) : SandboxTests(chrome, running), IClassFixture<OnSqlite>;

public sealed class SandboxTestsOnPostgres(Chrome chrome, OnPostgres running) : SandboxTests(chrome, running), IClassFixture<OnPostgres>;
