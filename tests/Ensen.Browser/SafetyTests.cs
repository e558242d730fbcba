using System.Text.Json;
using Ensen.Browser.Support;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>A member freezes the wallet in one press, thaws it, and sets the own caps.</summary>
public abstract class SafetyTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task The_wallet_is_frozen_in_one_press_and_thawed_with_the_password()
    {
        var (phone, password) = await SignedIn();
        await using var _ = phone;

        await phone.Page.GotoAsync("/account");
        await phone.Page.ClickAsync("form[action='/account/freeze'] button");
        await phone.Page.Arrives("**/account?told=frozen");
        await phone.Page.Look("member-frozen");
        await phone.Page.GotoAsync("/");
        (await phone.Page.Locator(".note.bad").First.TextContentAsync())!.ShouldContain("停止しています");
        await phone.Page.GotoAsync("/pay");
        (await phone.Page.Locator(".note.bad").First.TextContentAsync())!.ShouldContain("停止しています");
        (await phone.Page.Locator("[data-code], form[action='/pay/scan']").CountAsync()).ShouldBe(0);
        await phone.Page.Look("pay-frozen");

        await phone.Page.GotoAsync("/account");
        await phone.Page.ClickAsync("form[action='/account/thaw'] button");
        await phone.Page.Arrives("**/step-up?again=*");
        await phone.Page.FillAsync("#password", "Wrong-pass-1");
        await phone.Page.ClickAsync("button.do");
        (await phone.Page.Locator("#fault").TextContentAsync()).ShouldBe("パスワードが違います。");
        await phone.Page.Look("step-up-wrong");
        await phone.Page.FillAsync("#password", password);
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/account?told=thawed");
        (await phone.Page.Locator("form[action='/account/freeze']").CountAsync()).ShouldBe(1);
        phone.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_page_goes_on_by_itself_when_the_call_has_come()
    {
        var (phone, _) = await SignedIn();
        await using var _b = phone;
        await phone.Page.GotoAsync("/account");
        await phone.Page.ClickAsync("form[action='/account/freeze'] button");
        await phone.Page.Arrives("**/account?told=frozen");
        await phone.Page.ClickAsync("form[action='/account/thaw'] button");
        await phone.Page.Arrives("**/step-up?again=*");
        await phone.Page.ClickAsync("nav a[href*='by=Call']");
        await phone.Page.WaitForSelectorAsync("#proof:not(:has(#password))");
        await phone.Page.Look("step-up-call");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.WaitForSelectorAsync(".dial");
        await phone.Page.Look("step-up-dial");

        // Another window calls, as the telephone in the other hand does.
        var call = await phone.Page.GetAttributeAsync("input[name=call]", "value");
        using var http = new HttpClient();
        var (from, to) = (call!.Split(' ')[0], call.Split(' ')[1]);
        using var answer = await http.PostAsync(App.Address + "/api/v1/sandbox/calls", new StringContent(
            JsonSerializer.Serialize(new { from, to }), System.Text.Encoding.UTF8, "application/json"));
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"matched":true}""");

        await phone.Page.Arrives("**/account?told=thawed");
        phone.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_authenticator_is_set_up_and_recovery_codes_are_written_down()
    {
        var (phone, password) = await SignedIn();
        await using var _ = phone;
        await phone.Page.GotoAsync("/account");
        await phone.Page.ClickAsync("a[href='/account/factors']");
        await phone.Page.Arrives("**/account/factors");
        await phone.Page.ClickAsync("button[value=set-up]");
        await phone.Page.Arrives("**/step-up?again=*");
        await phone.Page.FillAsync("#password", password);
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/account/factors?again=*");
        await phone.Page.Look("factors-set-up", wholePage: true);
        var secret = Access.Totp.ReadText(await phone.Page.GetAttributeAsync("[data-copy]", "data-copy"))!;
        await phone.Page.FillAsync("#code", Access.Totp.CodeAt(secret, TimeProvider.System.GetUtcNow()));
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/account/factors?told=factor-set");
        await phone.Page.ClickAsync("button[value=codes]");
        await phone.Page.Arrives("**/step-up?again=*");
        await phone.Page.ClickAsync("a[href*='by=Password']");
        await phone.Page.FillAsync("#password", password);
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/account/factors?again=*");
        (await phone.Page.Locator(".codes li").CountAsync()).ShouldBe(10);
        await phone.Page.Look("factors-codes", wholePage: true);
        await phone.Page.GotoAsync("/step-up?purpose=thaw");
        await phone.Page.Look("step-up-totp");
        phone.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Caps_are_lowered_at_once_and_raised_a_day_later()
    {
        var (phone, password) = await SignedIn();
        await using var _ = phone;

        await phone.Page.GotoAsync("/account");
        await phone.Page.ClickAsync("a[href='/account/limits']");
        await phone.Page.Arrives("**/account/limits");
        await Type("#perPayment", "1,000");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/account/limits?told=caps-kept");
        (await phone.Page.InputValueAsync("#perPayment")).ShouldBe("1,000");

        await Type("#perPayment", "3,000");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/step-up?again=*");
        await phone.Page.FillAsync("#password", password);
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/account/limits?told=caps-ahead");
        (await phone.Page.Locator("dl.facts").TextContentAsync())!.ShouldContain("3,000円");
        // From its end: on the way there the fields pass behind the button that stays.
        await phone.Page.EvaluateAsync("() => scrollTo(0, document.body.scrollHeight)");
        await phone.Page.Look("own-caps-ahead", wholePage: true);
        await phone.Page.ClickAsync("form[action='/account/limits/cancel'] button");
        await phone.Page.Arrives("**/account/limits?told=caps-cancelled");
        phone.Complaints.ShouldBeEmpty();

        Task Type(string field, string text) => phone.Page.FillAsync(field, text);
    }

    /// <summary>A phone on which somebody has signed in whose password the sandbox told.</summary>
    [Fact]
    public async Task A_member_reads_what_is_lost_spends_the_rest_and_leaves()
    {
        var store = await App.Store("むぎの輪");
        var (phone, password, token) = await WithToken(25_000);
        await using var _ = phone;
        foreach (var amount in (int[])[10_000, 10_000])
            await App.Ask(token, "/payments", new { storeId = store.StoreId, amount });

        await phone.Page.GotoAsync("/account");
        (await phone.Page.Locator("section[aria-labelledby=leaving]").TextContentAsync())!.ShouldContain("アプリを消しても退会にはなりません");
        await phone.Page.ClickAsync("a[href='/account/leave']");
        await phone.Page.Arrives("**/account/leave");
        (await phone.Page.Locator("#money_left").TextContentAsync())!.ShouldContain("5,000円");
        (await phone.Page.Locator("button.do").CountAsync()).ShouldBe(0);
        await phone.Page.Look("leave-before", wholePage: true);
        await App.Ask(token, "/payments", new { storeId = store.StoreId, amount = 5_000 });
        await phone.Page.GotoAsync("/account/leave");
        (await phone.Page.Locator("section[aria-labelledby=lost]").TextContentAsync())!.ShouldContain("125");
        await phone.Page.EvaluateAsync("() => scrollTo(0, document.body.scrollHeight)");
        await phone.Page.Look("leave", wholePage: true);
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/step-up?again=*");
        await phone.Page.FillAsync("#password", password);
        await phone.Page.ClickAsync("button.do");

        await phone.Page.Arrives("**/left");
        await phone.Page.Look("left", wholePage: true);
        await phone.Page.GotoAsync("/account");
        await phone.Page.Arrives("**/sign-in?*");
        phone.Complaints.ShouldBeEmpty();
    }

    async Task<(Visitor Phone, string Password)> SignedIn()
    {
        var (phone, password, _) = await WithToken(5_000);
        return (phone, password);
    }

    async Task<(Visitor Phone, string Password, string Token)> WithToken(long balance)
    {
        using var http = new HttpClient();
        using var made = await http.PostAsync(App.Address + "/api/v1/sandbox/members", new StringContent(
            $$"""{"name":"青井 花","balance":{{balance}}}""", System.Text.Encoding.UTF8, "application/json"));
        var member = JsonElement.Parse(await made.Content.ReadAsStringAsync());
        var phone = await chrome.Visit(App.Address);
        await phone.Page.GotoAsync("/sign-in");
        await phone.Page.FillAsync("#email", member.GetProperty("email").GetString()!);
        await phone.Page.FillAsync("#password", member.GetProperty("password").GetString()!);
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives(App.Address + "/");
        return (phone, member.GetProperty("password").GetString()!, member.GetProperty("token").GetString()!);
    }
}

public sealed class SafetyOnSqlite(Chrome chrome, OnSqlite running) : SafetyTests(chrome, running);

public sealed class SafetyOnPostgres(Chrome chrome, OnPostgres running) : SafetyTests(chrome, running);
