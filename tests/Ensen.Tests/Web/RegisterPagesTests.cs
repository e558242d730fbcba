using System.Text.RegularExpressions;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>Registering on the pages: the steps, and what a browser learns of an address that is taken (nothing).</summary>
public partial class RegisterPagesTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task The_link_signs_in_where_it_was_asked_for_and_the_steps_lead_to_where_one_was_going(Engine engine)
    {
        var app = await servers.On(engine);
        using var browser = new PlainBrowser(app);
        var email = $"steps-{Guid.NewGuid():N}@example.jp";
        var sent = await Register(browser, email, then: "/points");

        sent.ShouldStartWith("/register/sent?");
        var page = await browser.Get(sent);
        page.ShouldContain($"{email} に確認メールをお送りしました");
        (await browser.Get("/account/limits", follow: false)).ShouldBe("", "nobody is signed in yet");
        var link = await Link(app, email);
        (await browser.Get(link)).ShouldContain("action=\"/confirm-mail/release\"", Case.Sensitive, "opening it does nothing");
        (await browser.Post("/confirm-mail", PlainBrowser.Fields(await browser.Get(link), "/confirm-mail"))).ShouldBe("/confirm-mail?told=Confirmed");
        (await browser.Get("/confirm-mail?told=Confirmed")).ShouldContain("href=\"/begin\"");
        (await browser.Get("/begin")).ShouldContain("/step-up?purpose=telephone");
        var ask = await browser.Get("/step-up?purpose=telephone");
        ask.ShouldContain("href=\"/begin\"", Case.Sensitive, "back leads to the steps");
        var dial = await browser.Post("/step-up", PlainBrowser.Fields(ask, "/step-up"));
        await browser.Post("/sandbox/call", PlainBrowser.Fields(await browser.Get(dial), "/sandbox/call"));
        (await browser.Post("/step-up", PlainBrowser.Fields(await browser.Get(dial), "/step-up"))).ShouldBe("/begin", "the steps go on");
        (await browser.Get("/account/passkeys?told=passkey-added")).ShouldContain("href=\"/begin\"");
        var last = new Dictionary<string, string>(PlainBrowser.Fields(await browser.Get("/begin?at=3"), "/begin")) { ["goal"] = "many" };
        last.Remove("newsletter");
        (await browser.Post("/begin", last)).ShouldBe("/begin?fault=goal");
        last["goal"] = "１，２００";
        (await browser.Post("/begin", last)).ShouldBe("/points");
        (await browser.Get("/account")).ShouldContain("value=\"1,200\"");
        (await browser.Post("/begin", last)).ShouldBe("/", "the way is over");
    }

    [Theory, BothEngines]
    public async Task Elsewhere_the_link_signs_nobody_in(Engine engine)
    {
        var app = await servers.On(engine);
        using var browser = new PlainBrowser(app);
        using var elsewhere = new PlainBrowser(app);
        var email = $"elsewhere-{Guid.NewGuid():N}@example.jp";
        await Register(browser, email);
        var link = await Link(app, email);

        (await elsewhere.Post("/confirm-mail", PlainBrowser.Fields(await elsewhere.Get(link), "/confirm-mail")))
            .ShouldBe("/confirm-mail?told=Confirmed");

        (await elsewhere.Get("/confirm-mail?told=Confirmed")).ShouldNotContain("href=\"/begin\"");
        (await elsewhere.Get("/account", follow: false)).ShouldBe("");
    }

    [Theory, BothEngines]
    public async Task A_taken_address_looks_like_a_free_one_down_to_the_cookies(Engine engine)
    {
        var app = await servers.On(engine);
        var taken = (await new Scene(app).Member()).Email;
        using var browser = new PlainBrowser(app);
        using var other = new PlainBrowser(app);

        var ofTaken = await Register(browser, taken);
        var ofFree = await Register(other, $"free-{Guid.NewGuid():N}@example.jp");

        ofTaken.Split('?')[0].ShouldBe(ofFree.Split('?')[0]);
        Shape(await browser.Get(ofTaken), taken).ShouldBe(Shape(await other.Get(ofFree), ""));
        browser.Cookies.Select(c => (c.Name, c.Path, c.HttpOnly)).Where(c => c.Name != "ensen-device").Order()
            .ShouldBe(other.Cookies.Select(c => (c.Name, c.Path, c.HttpOnly)).Order());
        browser.Cookies.ShouldContain(c => c.Name == "ensen-joining");
    }

    /// <summary>A page without what is another one each time.</summary>
    static string Shape(string page, string email)
    {
        _ = email;
        return Changing().Replace(Mailbox().Replace(page, "…"), "…");
    }

    static async Task<string> Register(PlainBrowser browser, string email, string then = "/")
    {
        var form = new Dictionary<string, string>(PlainBrowser.Fields(
            await browser.Get($"/register?then={Uri.EscapeDataString(then)}"), "/register"))
        {
            ["name"] = "西川 葵",
            ["email"] = email,
            ["telephone"] = "090-1234-5678",
            ["password"] = "Loop-line-09",
        };
        form.Remove("newsletter");
        form.Remove("postalMail");
        return await browser.Post("/register", form);
    }

    static async Task<string> Link(WebApp app, string email)
    {
        var nobody = new Scene(app).Nobody;
        for (var tries = 0; tries < 400; tries++)
        {
            if (LinkShown().Match((await nobody.Get($"/sandbox/mail?to={Uri.EscapeDataString(email)}")).Body) is { Success: true } link)
                return link.Value;
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }
        throw new InvalidOperationException($"No mail came to {email}.");
    }

    [GeneratedRegex("/confirm-mail\\?token=[\\w-]+")]
    private static partial Regex LinkShown();

    [GeneratedRegex("[\\w.+-]+@[\\w.]+|[\\w.+-]+%40[\\w.]+")]
    private static partial Regex Mailbox();

    [GeneratedRegex("again=[\\w-]+|value=\"CfDJ8[\\w-]+\"")]
    private static partial Regex Changing();
}
