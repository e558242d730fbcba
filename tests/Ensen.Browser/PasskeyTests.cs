using System.Globalization;
using System.Text.Json;
using Ensen.Browser.Support;
using Ensen.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>
/// Passkeys with Chromium's own virtual authenticator, at the name by which browsers have passkeys for this machine; and somebody else's
/// relying party takes what Chromium made from our options.
/// </summary>
public abstract class PasskeyTests(Chrome chrome, RunningApp running)
{
    string Address => running.App.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    [Fact]
    public async Task A_member_adds_a_passkey_signs_in_with_it_and_removes_it()
    {
        await using var phone = await Phone();
        var page = phone.Page;
        var (email, password) = await Member();
        await page.GotoAsync("/sign-in");
        await page.Awake();
        await page.Look("sign-in-with-passkey");
        await SignInByPassword(page, email, password);

        await page.GotoAsync("/account");
        await page.ClickAsync("a[href='/account/passkeys']");
        await page.Arrives("**/account/passkeys");
        await page.Look("passkeys-none");
        await page.ClickAsync("button.do");
        await page.Arrives("**/step-up?again=*");
        await page.FillAsync("#password", password);
        await page.ClickAsync("button.do");
        await page.Arrives("**/account/passkeys?told=passkey-proven");
        await page.ClickAsync("button.do");
        await page.Arrives("**/account/passkeys?told=passkey-added");
        await page.Look("passkeys-added", wholePage: true);
        await page.ClickAsync("details summary");
        await page.FillAsync("input[name=name]", "わたしの電話");
        await page.Look("passkeys-open", wholePage: true);
        await page.ClickAsync("form[action='/account/passkeys/rename'] button");
        await page.Arrives("**/account/passkeys?told=passkey-renamed");
        (await page.Locator("h2").First.TextContentAsync()).ShouldBe("わたしの電話");
        // The proof was used up by the first passkey; the passkey itself gives the next one.
        await page.ClickAsync("button.do");
        await page.Arrives("**/step-up?again=*");
        await page.Awake();
        await page.ClickAsync("#proof button.do");
        await page.Arrives("**/account/passkeys?told=passkey-proven");
        await page.Awake();
        await page.ClickAsync("button.do");
        await Assertions.Expect(page.Locator("[data-passkey-said]")).ToHaveTextAsync("この端末のパスキーは、すでに登録されています。");

        await SignOut(page);
        await page.GotoAsync("/sign-in?then=/points");
        await page.Awake();
        await page.ClickAsync("form[action='/sign-in/passkey'] button");
        await page.Arrives(Address + "/points");

        await page.GotoAsync("/account/passkeys");
        await page.ClickAsync("details summary");
        await page.ClickAsync("form[action='/account/passkeys/remove'] button");
        await page.Arrives("**/step-up?again=*");
        await page.Awake();
        await page.ClickAsync("#proof button.do");
        await page.Arrives("**/account/passkeys?told=passkey-removed");
        phone.Complaints.ShouldBeEmpty();

        await SignOut(page);
        await page.GotoAsync("/sign-in");
        await page.Awake();
        await page.ClickAsync("form[action='/sign-in/passkey'] button");
        await Assertions.Expect(page.Locator("[data-passkey-said]")).ToHaveTextAsync("このパスキーではサインインできませんでした。もう一度試すか、パスワードをお使いください。");
        await page.Look("sign-in-not-by-passkey");
        await SignInByPassword(page, email, password);
    }

    [Fact]
    public async Task A_proof_is_given_with_a_passkey_and_what_was_wanted_is_done_at_once()
    {
        await using var phone = await Phone();
        var page = phone.Page;
        var (email, password) = await Member();
        await SignInByPassword(page, email, password);
        await AddPasskey(page, password);

        await page.GotoAsync("/account");
        await page.ClickAsync("form[action='/account/freeze'] button");
        await page.Arrives("**/account?told=frozen");
        await page.ClickAsync("form[action='/account/thaw'] button");
        await page.Arrives("**/step-up?again=*");
        (await page.Locator("#password").CountAsync()).ShouldBe(0, "the best way stands first");
        await page.Look("step-up-by-passkey");
        await Verified(false);
        await page.ClickAsync("button.do");
        await Assertions.Expect(page.Locator("[data-passkey-said]")).ToHaveTextAsync("中止しました。もう一度試すか、ほかの方法をお選びください。");
        await Verified(true);
        await page.ClickAsync("button.do");
        await page.Arrives("**/account?told=thawed");
        phone.Complaints.ShouldBeEmpty();

        Task Verified(bool isVerified) => _tools!.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = _authenticator!, ["isUserVerified"] = isVerified });
    }

    [Fact]
    public async Task A_browser_that_offers_passkeys_beside_the_fields_signs_in_without_a_press()
    {
        await using var phone = await Phone(offers: true);
        var page = phone.Page;
        var (email, password) = await Member();
        await SignInByPassword(page, email, password);
        await AddPasskey(page, password);

        await SignOut(page);
        await page.GotoAsync("/sign-in?then=/history", new() { WaitUntil = WaitUntilState.Commit });
        await page.Arrives(Address + "/history");
        phone.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_outside_judge_takes_what_Chromium_made_and_refuses_what_we_refuse()
    {
        await using var phone = await Phone();
        var page = phone.Page;
        var (email, password) = await Member();
        await SignInByPassword(page, email, password);
        await page.GotoAsync("/account/passkeys");
        await page.ClickAsync("button.do");
        await page.FillAsync("#password", password);
        await page.ClickAsync("button.do");
        await page.Arrives("**/account/passkeys?told=passkey-proven");
        var (options, credential) = await Asked("/account/passkeys/options", "/account/passkeys/add", () => page.ClickAsync("button.do"));
        await page.Arrives("**/account/passkeys?told=passkey-added");
        List<MadePasskey> made = [new(options, credential)];
        List<MadeSignature> signed = [];

        // Twice as it should be, and once more with a counter that somebody turned back.
        foreach (var (counter, taken) in new[] { (0, true), (2, true), (9, false) })
        {
            await SignOut(page);
            await page.GotoAsync("/sign-in");
            await page.Awake();
            var (asked, answer) = await Asked("/sign-in/passkey/options", "/sign-in/passkey", () => page.ClickAsync("form[action='/sign-in/passkey'] button"));
            signed.Add(new(asked, answer, counter));
            if (taken)
                await page.Arrives(Address + "/");
            else
                await Assertions.Expect(page.Locator("[data-passkey-said]")).ToBeVisibleAsync();
            if (counter == 2)
                await TurnBack();
        }
        var (other, theirs) = (JudgedPasskeys.Of(Address, made, signed), "http://ensen.example");
        other.Made.ShouldBe([null]);
        other.Signed.Select(why => why is null).ShouldBe([true, true, false], string.Join('\n', other.Signed));
        JudgedPasskeys.Of(theirs, made, signed, rpId: "localhost").Signed.ShouldAllBe(why => why != null, "another origin");
        JudgedPasskeys.Of(Address, made, signed, rpId: "ensen.example").Made.ShouldAllBe(why => why != null, "another domain");

        async Task TurnBack()
        {
            var kept = (await Call("WebAuthn.getCredentials", new())).GetProperty("credentials")[0];
            await Call("WebAuthn.clearCredentials", new());
            var back = kept.EnumerateObject().Where(p => p.Name != "signCount").ToDictionary(p => p.Name, p => (object)p.Value);
            back["signCount"] = 0;
            await Call("WebAuthn.addCredential", new() { ["credential"] = back });
        }

        async Task<JsonElement> Call(string what, Dictionary<string, object> with)
        {
            with["authenticatorId"] = _authenticator!;
            return (await _tools!.SendAsync(what, with)) ?? default;
        }

        // The options that were given out and what the page sent for them.
        async Task<(JsonElement Options, JsonElement Credential)> Asked(string ask, string answer, Func<Task> press)
        {
            var told = default(JsonElement);
            await page.RouteAsync($"**{ask}", async route =>
            {
                var given = await route.FetchAsync();
                told = JsonElement.Parse(await given.TextAsync());
                await route.FulfillAsync(new() { Response = given });
            });
            var sent = page.WaitForRequestAsync(r => new Uri(r.Url).AbsolutePath == answer);
            await press();
            var credential = JsonElement.Parse(QueryHelpers.ParseQuery((await sent).PostData)["credential"].ToString());
            await page.UnrouteAsync($"**{ask}");
            return (told.GetProperty("options"), credential);
        }
    }

    [Fact]
    public async Task A_browser_without_script_sees_the_password_alone_and_one_without_passkeys_too()
    {
        await using var plain = await chrome.Visit(Address, script: false);
        await plain.Page.GotoAsync("/sign-in");
        (await plain.Page.Locator("form[action='/sign-in/passkey']").IsVisibleAsync()).ShouldBeFalse();
        (await plain.Page.Locator("#password").IsVisibleAsync()).ShouldBeTrue();

        await using var old = await chrome.Visit(Address);
        await old.Context.AddInitScriptAsync("delete window.PublicKeyCredential;");
        await old.Page.GotoAsync("/sign-in");
        await old.Page.Awake();
        (await old.Page.Locator("form[action='/sign-in/passkey']").IsVisibleAsync()).ShouldBeFalse();
        (await old.Page.Locator("#password").IsVisibleAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Pages_with_passkeys_are_small_and_come_in_two_round_trips()
    {
        var member = await running.App.Member("青井");
        List<string> faults = [];
        foreach (var path in new[] { "/sign-in", "/account/passkeys", "/step-up?purpose=thaw" })
        {
            var cookie = path == "/sign-in" ? null : new Cookie { Name = "ensen-member", Value = member.Token, Url = Address };
            var load = await chrome.LoadSlowly(Address, path, cookie, slow: false);
            if (load.Bytes > 35 * 1_024 || load.Late.Count > 0 || load.Shift > 0.005)
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: {load.Bytes} bytes, shift {load.Shift}, late {string.Join(' ', load.Late)}"));
        }
        faults.ShouldBeEmpty();
    }

    ICDPSession? _tools;
    string? _authenticator;

    /// <summary>A phone that keeps passkeys and knows its owner.</summary>
    /// <param name="offers">
    /// Its browser offers passkeys beside the fields of a page. The virtual authenticator takes such an offer as soon as the page is there.
    /// </param>
    async Task<Visitor> Phone(bool offers = false)
    {
        var phone = await chrome.Visit(Address);
        if (!offers)
            await phone.Context.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = async () => false;");
        _tools = await phone.Context.NewCDPSessionAsync(phone.Page);
        await _tools.SendAsync("WebAuthn.enable");
        var made = await _tools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        _authenticator = made!.Value.GetProperty("authenticatorId").GetString();
        return phone;
    }

    async Task<(string Email, string Password)> Member()
    {
        var made = await running.App.Post("/sandbox/members", new { name = "青井 花", balance = 5_000 });
        return (made.Text("email"), made.Text("password"));
    }

    static async Task SignInByPassword(IPage page, string email, string password)
    {
        await page.GotoAsync("/sign-in");
        await page.Awake();
        await page.FillAsync("#email", email);
        await page.FillAsync("#password", password);
        await page.ClickAsync("form[action='/sign-in'] button.do");
        await page.Arrives(new Uri(new Uri(page.Url), "/").ToString());
    }

    static async Task AddPasskey(IPage page, string password)
    {
        await page.GotoAsync("/account/passkeys");
        await page.ClickAsync("button.do");
        await page.FillAsync("#password", password);
        await page.ClickAsync("button.do");
        await page.Arrives("**/account/passkeys?told=passkey-proven");
        await page.ClickAsync("button.do");
        await page.Arrives("**/account/passkeys?told=passkey-added");
    }

    static async Task SignOut(IPage page)
    {
        await page.GotoAsync("/account");
        await page.ClickAsync("form[action='/sign-out'] button");
        await page.Arrives("**/welcome*");
    }
}

public sealed class PasskeyTestsOnSqlite(Chrome chrome, OnSqlite running) : PasskeyTests(chrome, running);

public sealed class PasskeyTestsOnPostgres(Chrome chrome, OnPostgres running) : PasskeyTests(chrome, running);
