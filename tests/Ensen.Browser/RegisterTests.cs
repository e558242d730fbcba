using System.Text.RegularExpressions;
using Ensen.Browser.Support;
using Ensen.Tests.Support;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>Registering as a line of steps, as a newcomer goes along it.</summary>
public abstract partial class RegisterTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task A_newcomer_registers_step_by_step_signs_in_again_and_comes_back_to_the_tag()
    {
        var store = await App.Store("花と茶 桃谷");
        await using var phone = await chrome.Visit(App.Address);

        await phone.Page.GotoAsync("/register");
        await phone.Page.FillAsync("#name", "森 みどり");
        await phone.Page.FillAsync("#email", $"mori-{Guid.NewGuid():N}@example.jp");
        await phone.Page.FillAsync("#telephone", "090-1234-5678");
        await phone.Page.FillAsync("#password", "Kisha-7#Umi");
        var email = await phone.Page.InputValueAsync("#email");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/register/sent?*");
        await phone.Page.Look("register-sent");
        await phone.Page.GotoAsync(await Mailed(phone.Page, email));
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/confirm-mail?told=Confirmed");
        await phone.Page.ClickAsync("a.do");
        await phone.Page.Arrives("**/begin");
        await phone.Page.Look("begin-telephone");
        await phone.Page.ClickAsync(".foot a.quiet");
        await phone.Page.Arrives("**/begin?at=2");
        // No passkey is offered at an address of numbers.
        await phone.Page.FillAsync("#goal", "500");
        await phone.Page.Look("begin-goal", wholePage: true);
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives(App.Address + "/");
        await phone.Page.GotoAsync("/account");
        await phone.Page.ClickAsync("form[action='/sign-out'] button");
        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.FillAsync("#email", email);
        await phone.Page.FillAsync("#password", "wrong");
        await phone.Page.ClickAsync("button.do");
        (await phone.Page.Locator("#fault").TextContentAsync()).ShouldBe("メールアドレスかパスワードが違います。");
        await phone.Page.FillAsync("#password", "Kisha-7#Umi");
        await phone.Page.ClickAsync("button.do");

        await phone.Page.Arrives($"**/t/{store.TagId}");
        (await phone.Page.Locator("h1").TextContentAsync()).ShouldBe("花と茶 桃谷");
    }

    /// <summary>The link of the mail that came to this address; the mail is sent beside the answer.</summary>
    async Task<string> Mailed(IPage page, string to)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            var mails = await page.APIRequest.GetAsync($"{App.Address}/api/v1/sandbox/mail?to={Uri.EscapeDataString(to)}");
            if (LinkShown().Match(await mails.TextAsync()) is { Success: true } link)
                return link.Value;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        throw new InvalidOperationException($"No mail came to {to}.");
    }

    [GeneratedRegex("/confirm-mail\\?token=[\\w-]+")]
    private static partial Regex LinkShown();
}

public sealed class RegisterTestsOnSqlite(Chrome chrome, OnSqlite running) : RegisterTests(chrome, running);

public sealed class RegisterTestsOnPostgres(Chrome chrome, OnPostgres running) : RegisterTests(chrome, running);
