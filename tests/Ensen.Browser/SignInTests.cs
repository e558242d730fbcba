using System.Text.Json;
using System.Text.RegularExpressions;
using Ensen.Access;
using Ensen.Browser.Support;
using Ensen.Tests.Support;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>A forgotten password and the second step of a sign-in, as somebody with a new telephone meets them.</summary>
public abstract partial class SignInTests(Chrome chrome, RunningApp running)
{
    const string Other = "Circle-line-10";

    WebApp App => running.App;

    [Fact]
    public async Task Whoever_forgot_the_password_comes_back_by_mail_and_call_and_signs_in_with_an_authenticator()
    {
        var (email, telephone) = await Member();
        await using var phone = await chrome.Visit(App.Address);
        var page = phone.Page;
        await page.GotoAsync("/sign-in?then=/points");
        await page.ClickAsync("a[href='/sign-in/forgotten']");
        await page.Arrives("**/sign-in/forgotten");
        await page.Look("forgotten");
        await page.FillAsync("#email", email);
        await page.ClickAsync("button.do");
        await page.Arrives("**/sign-in/forgotten?told=mailed");
        await page.Look("forgotten-mailed");

        await page.GotoAsync(await Link(email));
        await page.Look("reset-link");
        await page.ClickAsync("button.do");
        await page.Arrives("**/sign-in/second?*");
        await page.Look("second-step-call");
        await page.ClickAsync("button.do");
        await page.Locator(".dial").WaitForAsync();
        await page.Look("second-step-dial");
        // Another window calls, as the telephone in the other hand does; the page goes on by itself.
        await Call(telephone, (await page.GetAttributeAsync(".dial a", "href"))!["tel:".Length..]);
        await page.Arrives("**/sign-in/new-password");
        await page.FillAsync("#password", Other);
        await page.Look("new-password");
        await page.ClickAsync("button.do[type=submit]");
        await page.Arrives("**/sign-in?told=reset");
        await page.Look("sign-in-after-reset");

        await page.FillAsync("#email", email);
        await page.FillAsync("#password", Other);
        await page.ClickAsync("form[action='/sign-in'] button.do");
        // A call has come a moment ago: no second one is asked for.
        await page.Arrives(App.Address + "/");
        var secret = await SetUpAuthenticator(page);
        await page.GotoAsync("/account");
        await page.ClickAsync("form[action='/sign-out'] button");
        await page.GotoAsync("/sign-in?then=/points");
        await page.FillAsync("#email", email);
        await page.FillAsync("#password", Other);
        await page.ClickAsync("form[action='/sign-in'] button.do");
        await page.Arrives("**/sign-in/second?*");
        await page.FillAsync("#code", "000000");
        await page.ClickAsync("button.do");
        await Assertions.Expect(page.Locator("#fault")).ToHaveTextAsync("コードが違うか、使用済みです。");
        await page.Look("second-step-totp");
        await page.FillAsync("#code", Totp.CodeAt(secret, TimeProvider.System.GetUtcNow().AddSeconds(30)));
        await page.ClickAsync("button.do");
        await page.Arrives("**/points");
        phone.Complaints.ShouldBeEmpty();
    }

    static async Task<byte[]> SetUpAuthenticator(IPage page)
    {
        await page.GotoAsync("/account/factors");
        await page.ClickAsync("button[value=set-up]");
        await page.Arrives("**/step-up?again=*");
        await page.FillAsync("#password", Other);
        await page.ClickAsync("button.do");
        await page.Arrives("**/account/factors?again=*");
        var secret = Totp.ReadText(await page.GetAttributeAsync("[data-copy]", "data-copy"))!;
        await page.FillAsync("#code", Totp.CodeAt(secret, TimeProvider.System.GetUtcNow()));
        await page.ClickAsync("button.do");
        await page.Arrives("**/account/factors?told=factor-set");
        return secret;
    }

    async Task<(string Email, string Telephone)> Member()
    {
        var made = await Post("/api/v1/sandbox/members", new { name = "青井 花" });
        return (made.GetProperty("email").GetString()!, made.GetProperty("telephone").GetString()!);
    }

    async Task Call(string from, string to) =>
        (await Post("/api/v1/sandbox/calls", new { from, to })).GetProperty("matched").GetBoolean().ShouldBeTrue();

    async Task<JsonElement> Post(string path, object body)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(App.Address + path, new StringContent(
            JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json"));
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The link of the mail that came to this address; the mail is sent beside the answer.</summary>
    async Task<string> Link(string to)
    {
        using var http = new HttpClient();
        for (var tries = 0; tries < 200; tries++)
        {
            if (ResetLink().Match(await http.GetStringAsync($"{App.Address}/api/v1/sandbox/mail?to={Uri.EscapeDataString(to)}")) is { Success: true } link)
                return link.Value;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        throw new InvalidOperationException($"No mail came to {to}.");
    }

    [GeneratedRegex("/sign-in/reset\\?token=[\\w-]+")]
    private static partial Regex ResetLink();
}

public sealed class SignInTestsOnSqlite(Chrome chrome, OnSqlite running) : SignInTests(chrome, running);

public sealed class SignInTestsOnPostgres(Chrome chrome, OnPostgres running) : SignInTests(chrome, running);
