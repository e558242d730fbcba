using System.Globalization;
using Ensen.Browser.Support;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>A member charges, pays in the three ways, sends, and finds all of it again.</summary>
public abstract class MemberTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task A_touched_tag_is_paid_with_a_swipe()
    {
        var (member, store) = (await App.Member("青井 花", 5_000), await App.Store("パン工房つるはし", "鶴橋駅 西口"));
        await using var phone = await chrome.Phone(App, member);

        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.Type("1200");
        await Assertions.Expect(phone.Page.Locator("[data-earned]")).ToHaveTextAsync("6");
        await phone.Page.Swipe();
        await phone.Page.Arrives("**/pay/done/pay_*");

        var done = await phone.Page.Locator(".done").InnerTextAsync();
        done.ShouldContain("1,200円");
        done.ShouldContain("パン工房つるはし");
        done.ShouldContain("+6 pt");
        (await App.Balance(member)).ShouldBe(3_800);
        phone.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stores_code_is_paid_and_what_is_no_code_is_said_so()
    {
        var (member, store) = (await App.Member("青井 花", 3_000), await App.Store("古本 天満文庫"));
        await using var phone = await chrome.Phone(App, member);

        await Read("https://ensen.example.evil/t/" + store.TagId);
        (await phone.Page.Locator(".note.bad").TextContentAsync())!.ShouldContain("支払いコードではありません");
        await Read(store.Qr);
        await phone.Page.Arrives("**/pay/to?*");
        await phone.Page.Type("500");
        await phone.Page.Swipe();
        await phone.Page.Arrives("**/pay/done/pay_*");

        (await App.Balance(member)).ShouldBe(2_500);

        async Task Read(string text)
        {
            await phone.Page.GotoAsync("/pay");
            await phone.Page.ClickAsync("summary");
            await phone.Page.FillAsync("#read", text);
            await phone.Page.ClickAsync("details button");
        }
    }

    [Fact]
    public async Task The_phone_that_shows_a_code_learns_of_the_payment_however_quick_the_till_is()
    {
        var (member, store) = (await App.Member("青井 花", 3_000), await App.Store("喫茶 今宮"));
        await using var phone = await chrome.Phone(App, member);

        // The quickest till there is: it takes the code before the phone has opened its stream.
        var held = new TaskCompletionSource();
        await phone.Page.RouteAsync("**/stream*", async route =>
        {
            await held.Task;
            await route.ContinueAsync();
        });
        await phone.Page.GotoAsync("/pay");
        var code = (await phone.Page.Locator(".digits").TextContentAsync())!.Replace(" ", "", StringComparison.Ordinal);
        await App.Ask(store.TillToken, "/till/payments", new { code, amount = 700, orderId = "1" });
        held.SetResult();

        await phone.Page.Arrives("**/pay/done/pay_*");
        (await phone.Page.Locator(".done").InnerTextAsync()).ShouldContain("700円");
    }

    [Fact]
    public async Task A_code_renews_itself_when_asked_and_remembers_the_points()
    {
        var (member, store) = (await App.Member("青井 花", 100_000), await App.Store("靴 京橋"));
        await App.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 40_000 });
        await using var phone = await chrome.Phone(App, member);

        await phone.Page.GotoAsync("/pay");
        await phone.Page.Locator("input[value=all]").CheckAsync(new() { Force = true });
        await phone.Page.Arrives("**points=all*");
        var before = await phone.Page.Locator(".digits").TextContentAsync();
        await phone.Page.ClickAsync("[data-renew] button");
        await phone.Page.WaitForFunctionAsync("old => document.querySelector('.digits').textContent !== old", before);
        var code = (await phone.Page.Locator(".digits").TextContentAsync())!.Replace(" ", "", StringComparison.Ordinal);
        var paid = await App.Ask(store.TillToken, "/till/payments", new { code, amount = 300, orderId = "1" });

        paid.GetProperty("points").GetInt64().ShouldBe(200);
        paid.GetProperty("yen").GetInt64().ShouldBe(100);
    }

    [Fact]
    public async Task A_proven_touch_survives_a_reload_pays_once_and_cannot_be_played_back()
    {
        var (member, store) = (await App.Member("青井 花", 5_000), await App.Store($"守り屋 {Guid.NewGuid():N}"[..20]));
        await using var phone = await chrome.Phone(App, member);
        var sandbox =
            $"/sandbox?near={Uri.EscapeDataString((await App.Ask(member.Token, $"/tags/{store.TagId}")).GetProperty("storeName").GetString()!)}";
        await phone.Page.GotoAsync(sandbox);
        await phone.Page.ClickAsync("form[action='/sandbox/tags'] button");
        await phone.Page.GotoAsync(sandbox);

        await phone.Page.ClickAsync("form[action='/sandbox/touch'] button.quiet");
        await phone.Page.Arrives("**/pay/to?ticket=*");
        var opened = phone.Page.Url;
        await phone.Page.ReloadAsync();
        await phone.Page.Type("400");
        await phone.Page.Swipe();
        await phone.Page.Arrives("**/pay/done/pay_*");
        await phone.Page.GotoAsync(opened);
        await phone.Page.Type("400");
        await phone.Page.Swipe();
        await Assertions.Expect(phone.Page.Locator("[data-pay-said]")).ToContainTextAsync("使用済みです");
        await phone.Page.GotoAsync(sandbox);
        await phone.Page.ClickAsync("form[action='/sandbox/touch'] button[name=again]");

        await Assertions.Expect(phone.Page.Locator(".note.bad")).ToContainTextAsync("使用済みです");
        (await App.Balance(member)).ShouldBe(4_600);
    }

    [Fact]
    public async Task Too_little_money_is_said_with_what_there_is()
    {
        var (member, store) = (await App.Member("青井 花", 5_000), await App.Store("パン工房つるはし"));
        await using var phone = await chrome.Phone(App, member);

        // There was enough when the page was opened; then the same wallet paid elsewhere.
        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.Type("1000");
        await App.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 4_200 });
        await phone.Page.Swipe();

        await Assertions.Expect(phone.Page.Locator("[data-pay-said]")).ToContainTextAsync("残高が足りません");
        await Assertions.Expect(phone.Page.Locator("[data-pay-said]")).ToContainTextAsync("800円");
        (await App.Balance(member)).ShouldBe(800);
    }

    [Fact]
    public async Task A_double_tap_and_a_form_sent_twice_pay_once()
    {
        var (member, store) = (await App.Member("青井 花", 5_000), await App.Store("パン工房つるはし"));
        await using var phone = await chrome.Phone(App, member);
        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.Type("1000");

        var urls = await phone.Page.EvaluateAsync<string[]>(
            """
            async () => {
              const form = document.querySelector('[data-pay]');
              const send = () => fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { Accept: 'application/json' } }).then(r => r.json());
              return (await Promise.all([send(), send(), send()])).map(answer => answer.url);
            }
            """);

        urls.Distinct().ShouldHaveSingleItem().ShouldStartWith("/pay/done/pay_");
        (await App.Balance(member)).ShouldBe(4_000);
    }

    [Fact]
    public async Task A_lost_answer_is_checked_and_found_to_be_paid()
    {
        var (member, store) = (await App.Member("青井 花", 5_000), await App.Store("パン工房つるはし"));
        await using var phone = await WhoseAnswerIsLost(member, store);
        var asked = 0;
        await phone.Page.RouteAsync("**/pay/intents/*", async route =>
        {
            if (Interlocked.Increment(ref asked) < 3)
                await route.AbortAsync("internetdisconnected");
            else
                await route.ContinueAsync();
        });

        await phone.Page.Swipe();

        await Assertions.Expect(phone.Page.Locator("[data-pay-said]")).ToContainTextAsync("確かめています");
        await phone.Page.Arrives("**/pay/done/pay_*");
        (await App.Balance(member)).ShouldBe(4_000);
    }

    [Fact]
    public async Task What_another_tab_has_learned_of_its_own_payment_says_nothing_of_this_one()
    {
        var (member, store) = (await App.Member("青井 花", 5_000), await App.Store("パン工房つるはし"));
        await using var phone = await WhoseAnswerIsLost(member, store);
        var online = false;
        await phone.Page.RouteAsync("**/pay/intents/*", route =>
            Volatile.Read(ref online) ? route.ContinueAsync() : route.AbortAsync("internetdisconnected"));
        await phone.Page.Swipe();
        await Assertions.Expect(phone.Page.Locator("[data-pay-said]")).ToContainTextAsync("確かめています");

        await phone.Page.EvaluateAsync("localStorage.removeItem('ensen.intent')"); // As the other tab does when its own is paid.
        Volatile.Write(ref online, true);

        await phone.Page.Arrives("**/pay/done/pay_*");
        (await App.Balance(member)).ShouldBe(4_000);
    }

    /// <summary>A phone with 1,000 yen typed for a store: the payment will arrive, its answer will not.</summary>
    async Task<Visitor> WhoseAnswerIsLost(SandboxMember member, SandboxStore store)
    {
        var phone = await chrome.Phone(App, member);
        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.Type("1000");
        await phone.Page.RouteAsync("**/pay/store", async route =>
        {
            await route.FetchAsync();
            await route.AbortAsync("connectionreset");
        });
        return phone;
    }

    [Fact]
    public async Task Money_is_sent_once_when_the_answer_is_lost_on_its_way()
    {
        var (sender, receiver) = (await App.Member("青井 花", 2_000), await App.Member("緑川 空"));
        await using var phone = await chrome.Phone(App, sender);
        await phone.Page.GotoAsync("/send");
        await phone.Page.FillAsync("#to", receiver.MemberId);
        await phone.Page.Type("300");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Locator(".knob").WaitForAsync();
        var sent = 0;
        await phone.Page.RouteAsync("**/send", async route =>
        {
            Interlocked.Increment(ref sent);
            await route.FetchAsync(new() { MaxRedirects = 0 });
            await route.AbortAsync("connectionreset");
        });

        await phone.Page.Swipe();
        await phone.Page.Arrives("**/send/done/trf_*");

        sent.ShouldBe(1);
        (await App.Balance(sender), await App.Balance(receiver)).ShouldBe((1_700, 300));
    }

    [Fact]
    public async Task Who_comes_back_to_a_charge_whose_answer_was_lost_is_led_to_it_and_charges_nothing_again()
    {
        var member = await App.Member("青井 花");
        await using var phone = await chrome.Phone(App, member);
        await phone.Page.GotoAsync("/charge");
        await phone.Page.Type("5000");
        await phone.Page.RouteAsync("**/charge/intents/*", route => route.AbortAsync("internetdisconnected"));
        await phone.Page.RouteAsync("**/charge", async route =>
        {
            if (route.Request.Method != "POST")
            {
                await route.ContinueAsync();
                return;
            }
            await route.FetchAsync(new() { MaxRedirects = 0 });
            await route.AbortAsync("connectionreset");
        });
        await phone.Page.ClickAsync("button.do");
        await Assertions.Expect(phone.Page.Locator("[data-pay-said]")).ToContainTextAsync("確かめています");

        await phone.Page.GotoAsync("/");
        await phone.Page.UnrouteAllAsync();
        await phone.Page.GotoAsync("/charge");
        await phone.Page.Arrives("**/charge/chg_*");

        (await App.Balance(member)).ShouldBe(5_000);
    }

    [Fact]
    public async Task Without_script_a_member_pays_just_the_same()
    {
        var (member, store) = (await App.Member("青井 花", 5_000), await App.Store("パン工房つるはし"));
        await using var phone = await chrome.Phone(App, member, script: false);

        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.FillAsync("#amount", "１，２００");
        await phone.Page.ClickAsync("[data-plain]");
        await phone.Page.Arrives("**/pay/done/pay_*");
        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.FillAsync("#amount", "90000");
        await phone.Page.ClickAsync("[data-plain]");

        await phone.Page.Arrives("**/pay/not-paid?why=insufficient_balance*");
        (await App.Balance(member)).ShouldBe(3_800);
    }

    [Fact]
    public async Task Charging_by_bank_ends_at_once_and_at_the_ATM_waits_for_the_notes()
    {
        var member = await App.Member("青井 花");
        await using var phone = await chrome.Phone(App, member);

        await phone.Page.GotoAsync("/charge");
        await phone.Page.Type("5000");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/charge/chg_*");
        await Assertions.Expect(phone.Page.Locator("main")).ToContainTextAsync("残高は 5,000円 です");
        await phone.Page.GotoAsync("/charge");
        await phone.Page.Locator("input[value=atm]").CheckAsync(new() { Force = true });
        await phone.Page.Type("1500");
        await phone.Page.ClickAsync("button.do");
        (await phone.Page.Locator("#fault").TextContentAsync())!.ShouldContain("1,000円単位");
        await phone.Page.FillAsync("#amount", "3000");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/charge/chg_*");
        await phone.Page.Locator("dd.mid").Nth(1).WaitForAsync();

        var numbers = await phone.Page.Locator("dd.mid").AllInnerTextsAsync();
        (await App.Balance(member)).ShouldBe(5_000);
        var atm = await phone.Context.NewPageAsync();
        await atm.GotoAsync("/sandbox");
        await atm.FillAsync("#company", numbers[0]);
        await atm.FillAsync("#customer", numbers[1]);
        await atm.FillAsync("#notes", "3000");
        await atm.ClickAsync("form:has(#company) button");
        await phone.Page.BringToFrontAsync();

        await Assertions.Expect(phone.Page.Locator("main")).ToContainTextAsync("残高は 8,000円 です");
    }

    [Fact]
    public async Task Money_is_sent_after_the_masked_name_was_confirmed()
    {
        var (sender, receiver) = (await App.Member("青井 花", 2_000), await App.Member("緑川 空"));
        await using var phone = await chrome.Phone(App, sender);

        await phone.Page.GotoAsync("/send");
        await phone.Page.FillAsync("#to", receiver.MemberId);
        await phone.Page.Type("300");
        await phone.Page.FillAsync("#note", "ありがとう");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Locator(".knob").WaitForAsync();
        var confirm = await phone.Page.Locator("main").InnerTextAsync();
        confirm.ShouldContain("緑＊ 空＊");
        confirm.ShouldNotContain("緑川");
        await phone.Page.Swipe();
        await phone.Page.Arrives("**/send/done/trf_*");

        (await App.Balance(sender)).ShouldBe(1_700);
        (await App.Balance(receiver)).ShouldBe(300);
    }

    [Fact]
    public async Task History_opens_receipts_and_leaves_as_a_file()
    {
        var (member, store) = (await App.Member("青井 花", 5_000), await App.Store("=SUM(A1), パン"));
        var paid = await App.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 2_000 });
        await App.Ask(store.TillToken, $"/payments/{paid.GetProperty("paymentId").GetString()}/refunds", new { amount = 800 });
        await using var phone = await chrome.Phone(App, member);

        await phone.Page.GotoAsync("/history?kind=refunds");
        (await phone.Page.Locator(".day li").CountAsync()).ShouldBe(1);
        await phone.Page.Locator(".day li a").ClickAsync();
        await phone.Page.GetByText("のお支払いの返金です").ClickAsync();
        (await phone.Page.Locator("article").InnerTextAsync()).ShouldContain("+800円");
        var file = await phone.Page.EvaluateAsync<int[]>(
            "async month => [...new Uint8Array(await (await fetch('/history/csv/' + month)).arrayBuffer())]",
            TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(9)).ToString("yyyy-MM", CultureInfo.InvariantCulture));
        var text = System.Text.Encoding.UTF8.GetString([.. file.Select(b => (byte)b)]);

        text.ShouldStartWith("\ufeff日付,");
        text.ShouldContain("\"'=SUM(A1), パン\",-2000,10,");
        text.Split("\r\n").Length.ShouldBe(1 + 3 + 1);
    }

    [Fact]
    public async Task Somebody_elses_payment_is_not_found()
    {
        var (member, other, store) = (await App.Member("青井 花", 5_000), await App.Member("緑川 空"), await App.Store("パン工房つるはし"));
        var paid = (await App.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 2_000 }))
            .GetProperty("paymentId").GetString();
        await using var phone = await chrome.Phone(App, other);

        foreach (var path in new[] { $"/pay/done/{paid}", $"/history/{paid}", "/charge/chg_0000000000000000000000000g", "/t/tag_unknown" })
            (await phone.Page.GotoAsync(path))!.Status.ShouldBe(404, path);
    }
}

public sealed class MemberTestsOnSqlite(Chrome chrome, OnSqlite running) : MemberTests(chrome, running);

public sealed class MemberTestsOnPostgres(Chrome chrome, OnPostgres running) : MemberTests(chrome, running);
