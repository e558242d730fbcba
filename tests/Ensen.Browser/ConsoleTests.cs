using System.Text.RegularExpressions;
using Ensen.Access;
using Ensen.Browser.Support;
using Ensen.Storage;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>The console's screens, and an operator's way from the invitation's link to a member who is frozen and thawed.</summary>
public abstract partial class ConsoleTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task An_operator_begins_by_the_link_and_signs_in_with_an_authenticator()
    {
        var signIn = "mori-" + Guid.NewGuid().ToString("N")[..8];
        var invited = await WebApp.Command(["operator", "invite", "森 三郎", "--sign-in", signIn, "--database", App.DatabaseAddress]);
        invited.ExitCode.ShouldBe(0, invited.Error);
        await using var desk = await chrome.Visit(App.Address, phone: false);
        await desk.Page.GotoAsync(Link().Match(invited.Output).Value);
        var secret = OtpNet.Base32Encoding.ToBytes((await desk.Page.Locator(".code p").TextContentAsync())!.Replace(" ", "", StringComparison.Ordinal));
        await desk.Page.Look("console-join", wholePage: true);

        await desk.Page.FillAsync("#password", "Loop-line-09");
        await desk.Page.FillAsync("#code", await Code(secret, -30));
        await desk.Page.ClickAsync("button.do");
        await desk.Page.Arrives("**/console/sign-in?told=joined");
        await desk.Page.Look("console-sign-in");
        await desk.Page.FillAsync("#name", signIn);
        await desk.Page.FillAsync("#password", "Loop-line-09");
        await desk.Page.FillAsync("#code", await Code(secret));
        await desk.Page.ClickAsync("button.do");
        await desk.Page.Arrives("**/console");
        (await desk.Page.Locator("main").TextContentAsync())!.ShouldContain(signIn);
        desk.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_member_is_found_frozen_and_thawed_and_the_log_tells_it()
    {
        var (aoi, store) = (await App.Member("青井 花", 20_000), await App.Store("パン工房つるはし"));
        var (first, second) = (await Operator("鈴木 一郎"), await Operator("伊藤 二郎"));
        var paid = (await App.Ask(aoi.Token, "/payments", new { storeId = store.StoreId, amount = 12_000 })).Text("paymentId");
        var proposed = await WebApp.Command(["correction", "propose", paid, "--reason", "1,200円のお会計を12,000円としていました", "--by", first.Id,
            "--move", $"{aoi.MemberId}:money:10800", "--move", $"{store.StoreId}:payable:-10800", "--database", App.DatabaseAddress]);
        proposed.ExitCode.ShouldBe(0, proposed.Error);
        await using var one = await Desk(first.Token);
        await using var other = await Desk(second.Token);

        await other.Page.GotoAsync("/console");
        await other.Page.Look("console-start");
        await one.Page.GotoAsync("/console/members");
        await one.Page.FillAsync("#query", aoi.MemberId);
        await one.Page.FillAsync("#reason", "お電話での問い合わせ");
        await one.Page.ClickAsync("button.do");
        await one.Page.Arrives("**/console/members?again=*");
        await one.Page.Look("console-members");
        await one.Page.Locator("main ul.list a").ClickAsync();
        await Expect(one.Page.Locator("h1")).ToHaveTextAsync("青井 花");
        await one.Page.FillAsync("#freeze-reason", "盗難の届け出");
        await one.Page.ClickAsync("form[action='/console/members/freeze'] button");
        await Expect(one.Page.Locator(".note.good")).ToHaveTextAsync("利用を停止しました。");
        await one.Page.Look("console-member-frozen", wholePage: true);

        await other.Page.GotoAsync($"/console/members/{aoi.MemberId}");
        await other.Page.Look("console-member-reason");
        await other.Page.FillAsync("#reason", "解除の確認");
        await other.Page.ClickAsync("button.do");
        await other.Page.FillAsync("form[action='/console/members/lift'] input[name='reason']", "見つかった");
        await other.Page.ClickAsync("form[action='/console/members/lift'] button");
        await Expect(other.Page.Locator(".note.good")).ToHaveTextAsync("停止を解除しました。");

        await other.Page.GotoAsync("/console/verifications");
        await other.Page.Look("console-verifications", wholePage: true);
        await other.Page.GotoAsync("/console/corrections");
        await other.Page.Look("console-corrections", wholePage: true);
        await App.Ask("", "/sandbox/rewards", new { title = "環状線一日券", points = 500, yen = 200, worthYen = 900, stock = 50 });
        await other.Page.GotoAsync("/console/rewards");
        await other.Page.Look("console-rewards", wholePage: true);
        await other.Page.GotoAsync("/console/points");
        await other.Page.Look("console-points", wholePage: true);
        await one.Page.GotoAsync("/console/goodwill");
        await one.Page.FillAsync("#member", aoi.MemberId);
        await one.Page.FillAsync("#points", "２００００");
        await one.Page.FillAsync("#reason", "もどったポイントの期限が過ぎていたため");
        await one.Page.ClickAsync("form[action='/console/goodwill/propose'] button");
        await Expect(one.Page.Locator(".note.bad")).ToHaveTextAsync("ポイント数を確かめてください。");
        await Expect(one.Page.Locator("#reason")).ToHaveValueAsync("もどったポイントの期限が過ぎていたため");
        await one.Page.FillAsync("#points", "120");
        await one.Page.ClickAsync("form[action='/console/goodwill/propose'] button");
        await Expect(one.Page.Locator(".note.good")).ToHaveTextAsync("提案しました。別の人の承認を待ちます。");
        await other.Page.GotoAsync("/console/goodwill");
        await other.Page.Look("console-goodwill", wholePage: true);
        await other.Page.ClickAsync("form[action='/console/goodwill/approve'] button");
        await Expect(other.Page.Locator(".note.good")).ToHaveTextAsync("ポイントを進呈しました。");
        await other.Page.GotoAsync("/console/staff");
        await other.Page.Look("console-staff", wholePage: true);
        await other.Page.GotoAsync("/console/account");
        await other.Page.Look("console-account");
        await other.Page.GotoAsync("/console/log");
        await other.Page.Look("console-log");
        (await other.Page.Locator("main").TextContentAsync())!.ShouldContain("停止を解除した");
        one.Complaints.ShouldBeEmpty();
        other.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_recovery_is_proposed_and_approved_and_the_member_reads_it_and_stops_it()
    {
        var aoi = await App.Member("青井 花", 20_000);
        await using var one = await Desk((await Operator("鈴木 一郎")).Token);
        await using var other = await Desk((await Operator("伊藤 二郎")).Token);
        await using var phone = await chrome.Visit(App.Address);
        await phone.Context.AddCookiesAsync([new Cookie { Name = "ensen-member", Value = aoi.Token, Url = App.Address }]);

        await Open(one);
        await one.Page.Locator("section[aria-labelledby='recovery'] summary").ClickAsync();
        await one.Page.FillAsync("#recovery-reason", "窓口で運転免許証を確認");
        await one.Page.FillAsync("#recovery-born", "1990-04-01");
        await one.Page.Look("console-recovery-propose", wholePage: true);
        await one.Page.ClickAsync("form[action='/console/recoveries/propose'] button");
        await Expect(one.Page.Locator(".note.good")).ToHaveTextAsync("復旧を提案しました。");
        await other.Page.GotoAsync("/console/recoveries");
        await other.Page.Look("console-recoveries");
        await Open(other);
        await other.Page.FillAsync("#recovery-born", "1990-04-01");
        await other.Page.Look("console-recovery-approve", wholePage: true);
        await other.Page.ClickAsync("form[action='/console/recoveries/approve'] button");
        await Expect(other.Page.Locator(".note.good")).ToContainTextAsync("復旧を承認しました。");

        await phone.Page.GotoAsync("/recovery/stop?token=unknown");
        await phone.Page.Look("recovery-stop");
        await phone.Page.GotoAsync("/");
        await phone.Page.Look("home-recovery", wholePage: true);
        await phone.Page.ClickAsync("form[action='/account/recovery/stop'] button");
        await phone.Page.Arrives("**/account?told=recovery-stopped");
        await Expect(phone.Page.Locator(".note.good")).ToHaveTextAsync("アカウントの復旧を止めました。");
        await Open(one);
        await Expect(one.Page.Locator("section[aria-labelledby='recovery'] .note.bad")).ToBeVisibleAsync();
        foreach (var visitor in (Visitor[])[one, other, phone])
            visitor.Complaints.ShouldBeEmpty();

        async Task Open(Visitor desk)
        {
            await desk.Page.GotoAsync($"/console/members/{aoi.MemberId}");
            await desk.Page.FillAsync("#reason", "復旧の申し出");
            await desk.Page.ClickAsync("button.do");
            await Expect(desk.Page.Locator("h1")).ToHaveTextAsync("青井 花");
        }
    }

    [Fact]
    public async Task An_owner_invites_a_clerk_who_begins_and_sees_no_more_than_a_clerk()
    {
        var store = await App.Post("/sandbox/stores", new { name = "パン工房つるはし" });
        var owner = await App.Post("/sandbox/shop-accounts", new { merchantId = store.Text("merchantId"), name = "森 花", role = "owner" });
        await using var desk = await chrome.Visit(App.Address, phone: false);
        await desk.Context.AddCookiesAsync([new Cookie { Name = "ensen-merchant", Value = owner.Text("token"), Url = App.Address }]);
        await desk.Page.GotoAsync("/shop/staff");
        await desk.Page.FillAsync("#name", "海 太郎");
        await desk.Page.ClickAsync("form[action='/shop/staff/invite'] button.do");
        await desk.Page.Arrives("**/shop/staff?again=*");
        await desk.Page.Look("shop-staff", wholePage: true);
        var (width, height) = (desk.Page.ViewportSize!.Width, desk.Page.ViewportSize.Height);
        await desk.Page.SetViewportSizeAsync(390, 844);
        (await desk.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBe(390, "the link breaks on a phone");
        await desk.Page.SetViewportSizeAsync(width, height);
        var link = ShopLink().Match(await desk.Page.ContentAsync()).Value;

        await using var phone = await chrome.Visit(App.Address);
        await phone.Page.GotoAsync(link + "?by=none");
        await phone.Page.Look("shop-join", wholePage: true);
        var name = "kai-" + Guid.NewGuid().ToString("N")[..8];
        await phone.Page.FillAsync("#name", name);
        await phone.Page.FillAsync("#password", "Loop-line-09");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/shop");
        await Expect(phone.Page.Locator(".side a")).ToHaveCountAsync(4);
        await phone.Page.GotoAsync("/shop/account");
        await phone.Page.Look("shop-account", wholePage: true);
        desk.Complaints.ShouldBeEmpty();
        phone.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_operator_of_the_town_is_one_press_away()
    {
        await using var desk = await chrome.Visit(App.Address, phone: false);
        await desk.Page.GotoAsync("/welcome");
        await desk.Page.Locator("details", new() { Has = desk.Page.Locator("form[action='/sandbox/make/operator']") }).EvaluateAsync("d => d.open = true");
        var console = await desk.Context.RunAndWaitForPageAsync(() => desk.Page.ClickAsync("form[action='/sandbox/make/operator'] button"));
        await console.Arrives("**/console");
        await Expect(console.Locator(".side a")).ToHaveCountAsync(16);
        desk.Complaints.ShouldBeEmpty();
    }

    async Task<string> Code(byte[] secret, int seconds = 0)
    {
        var now = (await App.Get("/sandbox/clock", "")).GetProperty("now").GetDateTimeOffset();
        return Totp.CodeAt(secret, now.AddSeconds(seconds));
    }

    async Task<(string Id, string Token)> Operator(string name)
    {
        var made = await App.Post("/sandbox/operators", new { name });
        return (made.Text("operatorId"), made.Text("token"));
    }

    async Task<Visitor> Desk(string token)
    {
        var desk = await chrome.Visit(App.Address, phone: false);
        await desk.Context.AddCookiesAsync([new Cookie { Name = "ensen-operator", Value = token, Url = App.Address }]);
        return desk;
    }

    [GeneratedRegex(@"/shop/join/[\w-]+")]
    private static partial Regex ShopLink();

    [GeneratedRegex(@"/console/join/[\w-]+")]
    private static partial Regex Link();
}

public sealed class ConsoleOnSqlite(Chrome chrome, OnSqlite running) : ConsoleTests(chrome, running);

public sealed class ConsoleOnPostgres(Chrome chrome, OnPostgres running) : ConsoleTests(chrome, running);
