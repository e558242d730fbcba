using Ensen.Browser.Support;

namespace Ensen.Browser;

/// <summary>Every screen of a member: looked at in four ways with axe, and weighed.</summary>
public abstract class MemberScreens(Chrome chrome, RunningApp running)
{
    const long Heaviest = 60_000;

    WebApp App => running.App;

    [Fact]
    public async Task Axe_finds_nothing_on_any_screen_and_none_is_heavier_than_60_KB()
    {
        var (member, receiver, store) = (await App.Member("青井 花", 12_480), await App.Member("緑川 空"), await App.Store("パン工房つるはし", "鶴橋駅 西口"));
        var paid = (await App.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 2_000 }))
            .GetProperty("paymentId").GetString();
        await App.Ask(store.TillToken, $"/payments/{paid}/refunds", new { amount = 800 });
        await App.Ask(member.Token, "/transfers", new { to = receiver.MemberId, amount = 500, note = "お昼ごはん" });
        var charge = (await App.Ask(member.Token, "/charges", new { source = "atm", amount = 3_000 })).GetProperty("chargeId").GetString();
        var reward = (await App.Ask("", "/sandbox/rewards", new { title = "環状線一日券", points = 5, worthYen = 9, stock = 50 }))
            .Text("rewardId");
        await App.Ask("", "/sandbox/rewards", new { title = "東線の車両工場 見学ツアー", points = 1_200, yen = 500, worthYen = 3_000, stock = 0 });
        var order = (await App.Ask(member.Token, $"/rewards/{reward}/orders", new { quantity = 1 })).Text("orderId");
        var month = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(9)).ToString(
            "yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        var screens = new (string Name, string Path)[]
        {
            ("home", "/"), ("pay", "/pay"), ("pay-no-code", "/pay?fault=invalid_code"), ("pay-tag", $"/t/{store.TagId}"),
                ("pay-done", $"/pay/done/{paid}"),
            ("pay-not-paid", "/pay/not-paid?why=insufficient_balance"), ("pay-checking", $"/pay/checking/{Guid.CreateVersion7()}"),
            ("charge", "/charge"), ("charge-atm", $"/charge/{charge}"), ("history", "/history"), ("receipt", $"/history/{paid}"),
            ("month", $"/history/month/{month}"),
            ("points", "/points"), ("rewards", "/rewards"), ("reward", $"/rewards/{reward}"), ("reward-orders", "/rewards/orders"), ("reward-order", $"/rewards/orders/{order}"), ("send", "/send"), ("withdraw", "/withdraw"), ("auto-charge", "/charge/auto"), ("send-link", "/send/link"), ("links", "/send/links"), ("requests", "/requests"), ("request-new", "/requests/new"), ("split", "/requests/split"), ("account", "/account"), ("own-caps", "/account/limits"), ("password", "/account/password"), ("factors", "/account/factors"), ("verify", "/account/verify"), ("bank", "/account/bank"), ("transit", "/transit"), ("rides", "/transit/rides"), ("transit-charge-gone", "/transit/charge"), ("credit-cards", "/credit-cards"), ("purchases", "/credit-cards/purchases"),
            ("member-code", "/member-code"), ("point-cards-none", "/point-cards"), ("point-card-whose", "/point-cards/new"),
            ("point-card-no-pin", "/point-cards/new?issuer=tennoji"), ("step-up", "/step-up?purpose=limits"), ("missing", "/history/nope"),
        };

        foreach (var (name, path) in screens)
        {
            await using var phone = await chrome.Phone(App, member);
            await phone.Page.GotoAsync(path);
            await phone.Page.Awake();
            (await Weight(phone)).ShouldBeLessThan(Heaviest, name);
            await phone.Page.Look($"member-{name}");
        }
    }

    [Theory]
    [InlineData("sign-in", "/sign-in?then=/pay")]
    [InlineData("register", "/register")]
    [InlineData("confirm-mail", "/confirm-mail?token=unknown")]
    public async Task The_way_in_is_as_light_and_as_open_to_all(string name, string path)
    {
        foreach (var language in new[] { "ja-JP", "en-US" })
        {
            await using var visitor = await chrome.Visit(App.Address, language);
            await visitor.Page.GotoAsync(path);
            await visitor.Page.Awake();
            (await Weight(visitor)).ShouldBeLessThan(Heaviest, name);
            await visitor.Page.Look($"{name}-{language[..2]}");
            visitor.Complaints.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task What_is_wrong_with_a_registration_is_said_at_its_field()
    {
        await using var visitor = await chrome.Visit(App.Address);
        await visitor.Page.GotoAsync("/register");
        await visitor.Page.FillAsync("#email", "nobody");
        await visitor.Page.FillAsync("#password", " abc");
        await visitor.Page.ClickAsync("button.do");

        (await visitor.Page.Locator("#password-error").InnerTextAsync()).ShouldContain("先頭に空白が入っています。");
        (await visitor.Page.Locator("#email-error").InnerTextAsync()).ShouldContain("メールアドレスの形");
        (await visitor.Page.Locator("[aria-invalid=true]").CountAsync()).ShouldBe(4);
        await visitor.Page.Look("register-faults", wholePage: true);
    }

    /// <summary>Bytes on the wire of the page and all that it loaded.</summary>
    static Task<long> Weight(Visitor visitor) => visitor.Page.EvaluateAsync<long>(
        "() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((sum, entry) => sum + entry.transferSize, 0)");
}

public sealed class MemberScreensOnSqlite(Chrome chrome, OnSqlite running) : MemberScreens(chrome, running);

public sealed class MemberScreensOnPostgres(Chrome chrome, OnPostgres running) : MemberScreens(chrome, running);
