using Ensen.Browser.Support;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>A browser signs what its member pays, sends and shows; whoever has its cookie alone cannot.</summary>
public abstract class SignedByDeviceTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task Whoever_signed_in_with_a_password_pays_sends_and_shows_a_code_and_a_thief_of_the_cookie_does_not()
    {
        var (member, other) = (await App.Member("青井 花", 5_000), await App.Member("緑川 空"));
        var store = await App.Store("パン工房つるはし");
        await using var phone = await chrome.Visit(App.Address);
        await SignIn(phone, member);

        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.Type("700");
        await phone.Page.Swipe();
        await phone.Page.Arrives("**/pay/done/pay_*");

        await phone.Page.GotoAsync("/pay");
        await Assertions.Expect(phone.Page.Locator("[data-code] .digits")).ToBeVisibleAsync();
        var first = await phone.Page.Locator("[data-code] .digits").InnerTextAsync();
        await phone.Page.ClickAsync("[data-renew] button");
        await Assertions.Expect(phone.Page.Locator("[data-code] .digits")).Not.ToHaveTextAsync(first);

        await phone.Page.GotoAsync($"/send?to={other.MemberId}");
        await phone.Page.Type("300");
        await phone.Page.FillAsync("#note", "お昼 & おやつ = 300円");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Locator(".knob").WaitForAsync();
        await phone.Page.Swipe();
        await phone.Page.Arrives("**/send/done/trf_*");
        (await App.Balance(member), await App.Balance(other)).ShouldBe((4_000, 300));
        phone.Complaints.ShouldBeEmpty();

        await using var thief = await chrome.Visit(App.Address);
        await thief.Context.AddCookiesAsync((await phone.Context.CookiesAsync()).Where(c => c.Name == "ensen-member")
            .Select(c => new Cookie { Name = c.Name, Value = c.Value, Url = App.Address }));
        await thief.Page.GotoAsync($"/t/{store.TagId}");
        await thief.Page.Type("700");
        await thief.Page.Swipe();
        await thief.Page.Arrives("**/step-up?again=*");
        await thief.Page.Look("step-up-payment");
        await thief.Page.GotoAsync("/pay");
        await thief.Page.Awake();
        await Assertions.Expect(thief.Page.Locator("[data-code-ask] button")).ToBeVisibleAsync();
        await thief.Page.Look("pay-without-key");
        await thief.Page.ClickAsync("[data-code-ask] button");
        await thief.Page.Arrives("**/step-up?again=*");
        (await App.Balance(member)).ShouldBe(4_000);
    }

    // Some browsers never answer (WebKit's bug 226547): nobody waits for a key for ever, at the door or at the till.
    [Fact]
    public async Task Where_the_browser_never_opens_its_database_one_signs_in_and_pays_after_the_password()
    {
        var (member, store) = (await App.Member("青井 花", 5_000), await App.Store("パン工房つるはし"));
        await using var phone = await chrome.Visit(App.Address);
        await phone.Context.AddInitScriptAsync("IDBFactory.prototype.open = () => ({});");
        await SignIn(phone, member);

        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.Type("700");
        await phone.Page.Swipe();
        await phone.Page.Arrives("**/step-up?again=*");
    }

    [Fact]
    public async Task Without_script_a_payment_goes_on_after_the_password()
    {
        var (member, store) = (await App.Member("青井 花", 5_000), await App.Store("パン工房つるはし"));
        await using var phone = await chrome.Visit(App.Address, script: false);
        await SignIn(phone, member);

        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.FillAsync("#amount", "700");
        await phone.Page.ClickAsync("[data-plain]");
        await phone.Page.Arrives("**/step-up?again=*");
        await phone.Page.FillAsync("#password", member.Password);
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/pay/to?*");
        (await phone.Page.InputValueAsync("#amount")).ShouldBe("700");
        await phone.Page.ClickAsync("[data-plain]");
        await phone.Page.Arrives("**/pay/done/pay_*");
        (await App.Balance(member)).ShouldBe(4_300);
    }

    async Task SignIn(Visitor phone, SandboxMember member)
    {
        await phone.Page.GotoAsync("/sign-in");
        await phone.Page.Awake();
        await phone.Page.FillAsync("#email", member.Email);
        await phone.Page.FillAsync("#password", member.Password);
        await phone.Page.ClickAsync("form[action='/sign-in'] button.do");
        await phone.Page.Arrives(App.Address + "/");
    }
}

public sealed class SignedByDeviceTestsOnSqlite(Chrome chrome, OnSqlite running) : SignedByDeviceTests(chrome, running);

public sealed class SignedByDeviceTestsOnPostgres(Chrome chrome, OnPostgres running) : SignedByDeviceTests(chrome, running);
