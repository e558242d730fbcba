using Ensen.Browser.Support;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>Whoever goes back, or has to sign in again, finds what they had typed; somebody else does not.</summary>
public abstract class BackTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task Back_from_the_confirmation_finds_the_form_as_it_was_filled_in()
    {
        var (sender, receiver) = (await App.Member("青井 花", 2_000), await App.Member("緑川 空"));
        await using var phone = await chrome.Phone(App, sender);
        await phone.Page.GotoAsync("/send");
        await phone.Page.FillAsync("#to", receiver.MemberId);
        await phone.Page.Type("1234");
        await phone.Page.FillAsync("#note", "ありがとう");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Locator(".knob").WaitForAsync();

        await phone.Page.GoBackAsync();
        await phone.Page.Awake();

        await Expect(phone.Page.Locator("#to")).ToHaveValueAsync(receiver.MemberId);
        await Expect(phone.Page.Locator("#amount")).ToHaveValueAsync("1,234");
        await Expect(phone.Page.Locator("#note")).ToHaveValueAsync("ありがとう");
        phone.Page.Url.ShouldBe(App.Address + "/send");

        await phone.Page.ClickAsync("button.do");
        await phone.Page.Locator(".knob").WaitForAsync();
        await phone.Page.Swipe();
        await phone.Page.Arrives("**/send/done/trf_*");
        (await App.Balance(sender)).ShouldBe(766);
        phone.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_signs_in_after_another_finds_nothing_of_what_was_typed()
    {
        var (sender, receiver) = (await App.Member("青井 花", 2_000), await App.Member("緑川 空", 2_000));
        await using var phone = await chrome.Phone(App, sender);
        await phone.Page.GotoAsync("/send");
        await phone.Page.FillAsync("#to", receiver.MemberId);
        await phone.Page.Type("1234");
        await phone.Page.FillAsync("#note", "ありがとう");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Locator(".knob").WaitForAsync();
        await SignIn(phone, receiver.Token);

        await phone.Page.GoBackAsync();
        await phone.Page.Awake();

        await Expect(phone.Page.Locator("#amount")).ToHaveValueAsync("");
        await Expect(phone.Page.Locator("#note")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task A_charge_and_a_transfer_are_as_they_were_after_signing_in_again()
    {
        var (member, receiver) = (await App.Member("青井 花", 2_000), await App.Member("緑川 空"));
        await using var phone = await chrome.Phone(App, member);
        await phone.Page.GotoAsync("/charge?source=card");
        await phone.Page.Type("3000");
        await SignIn(phone, "gone");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/sign-in?then=*");
        await Expect(phone.Page.Locator("main")).ToContainTextAsync("入力した内容も残っています");
        await SignIn(phone, member.Token);
        await phone.Page.ReloadAsync(); // What signing in does: it leads to where one was.
        await Expect(phone.Page.Locator("#amount")).ToHaveValueAsync("3,000");
        await Expect(phone.Page.Locator("[name=source][value=card]")).ToBeCheckedAsync();

        await phone.Page.GotoAsync("/send");
        await phone.Page.FillAsync("#to", receiver.MemberId);
        await phone.Page.Type("300");
        await phone.Page.FillAsync("#note", "ありがとう");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Locator(".knob").WaitForAsync();
        await SignIn(phone, "gone");
        await phone.Page.Swipe();
        await phone.Page.Arrives("**/sign-in?then=*");
        await SignIn(phone, member.Token);
        await phone.Page.ReloadAsync();
        await phone.Page.Locator(".knob").WaitForAsync();
        (await phone.Page.InnerTextAsync("main")).ShouldContain("ありがとう");
        await phone.Page.Swipe();
        await phone.Page.Arrives("**/send/done/trf_*");
        (await App.Balance(receiver)).ShouldBe(300);
    }

    Task SignIn(Visitor phone, string token) =>
        phone.Context.AddCookiesAsync([new Cookie { Name = "ensen-member", Value = token, Url = App.Address }]);

    static ILocatorAssertions Expect(ILocator element) => Assertions.Expect(element);
}

public sealed class BackTestsOnSqlite(Chrome chrome, OnSqlite running) : BackTests(chrome, running);

public sealed class BackTestsOnPostgres(Chrome chrome, OnPostgres running) : BackTests(chrome, running);
