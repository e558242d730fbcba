using System.Globalization;
using Ensen.Browser.Support;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>What stands in the way of a payment is told before it is tried, by its right name, with a way on that loses nothing.</summary>
public abstract class ToldInTimeTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task Too_little_money_is_told_while_typing_and_the_way_through_charging_comes_back_with_the_amount()
    {
        var (member, store) = (await App.Member("青井 花", 17_331), await App.Store("パン工房つるはし"));
        await using var phone = await chrome.Phone(App, member);
        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.Type("3000");
        await Assertions.Expect(phone.Page.Locator(".track-swipe")).ToBeVisibleAsync();
        await phone.Page.Type("0");

        await Assertions.Expect(phone.Page.Locator(".under-sum")).ToContainTextAsync("12,669円 足りません");
        await Assertions.Expect(phone.Page.Locator(".track-swipe")).ToBeHiddenAsync();
        await phone.Page.Look("pay-short");
        await phone.Page.ClickAsync("[data-charge]");
        await phone.Page.Arrives("**/charge?need=12669&*");
        (await phone.Page.InputValueAsync("#amount")).ShouldBe("12,669");
        await phone.Page.Locator("input[value=atm]").CheckAsync(new() { Force = true });
        await Assertions.Expect(phone.Page.Locator("#amount")).ToHaveValueAsync("13,000");
        await phone.Page.Locator("input[value=bank]").CheckAsync(new() { Force = true });
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Arrives("**/charge/chg_*");
        await phone.Page.ClickAsync("a.do");
        await phone.Page.Arrives("**/pay/to?*");
        (await phone.Page.InputValueAsync("#amount")).ShouldBe("30,000");
        await phone.Page.Swipe();
        await phone.Page.Arrives("**/pay/done/pay_*");

        (await App.Balance(member)).ShouldBe(0);
    }

    [Fact]
    public async Task Points_that_are_asked_for_are_held_to_what_is_there_with_a_sentence()
    {
        var (member, store) = (await App.Member("青井 花", 100_000), await App.Store("靴 京橋"));
        await App.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 42_600 });
        await using var phone = await chrome.Phone(App, member);
        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.Type("500");
        await phone.Page.Locator("input[value=some]").CheckAsync(new() { Force = true });
        await phone.Page.FillAsync("#some", "99999");

        await Assertions.Expect(phone.Page.Locator("[data-some]")).ToContainTextAsync("使えるのは 213 pt までです");
        (await phone.Page.Locator("[data-spent]").TextContentAsync()).ShouldBe("213");
        await phone.Page.Swipe();
        await phone.Page.Arrives("**/pay/done/pay_*");
        (await phone.Page.Locator(".done").InnerTextAsync()).ShouldContain("ポイント 213 pt");
    }

    [Fact]
    public async Task A_charge_names_the_cap_of_the_source_that_is_chosen()
    {
        var member = await App.Member("青井 花");
        await using var phone = await chrome.Phone(App, member);
        await phone.Page.GotoAsync("/charge");
        await phone.Page.Locator("input[value=card]").CheckAsync(new() { Force = true });
        await Assertions.Expect(phone.Page.Locator("[data-source-about]")).ToContainTextAsync("1回 50,000円まで");
        await phone.Page.Type("90000");
        await Assertions.Expect(phone.Page.Locator("p[data-over]")).ToHaveTextAsync("カードは1回 50,000円 までです");
        await phone.Page.Locator("input[value=bank]").CheckAsync(new() { Force = true });
        await Assertions.Expect(phone.Page.Locator("[data-source-about]")).ToContainTextAsync("200,000円まで");
    }

    [Fact]
    public async Task Whoever_is_signed_out_while_paying_comes_back_to_the_page_with_the_amount()
    {
        var (member, store) = (await App.Member("青井 花", 5_000), await App.Store("花と茶 桃谷"));
        await using var phone = await chrome.Phone(App, member);
        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.Type("1200");
        await phone.Context.ClearCookiesAsync(new() { Name = "ensen-member" });
        await phone.Page.Swipe();

        await phone.Page.Arrives("**/sign-in?*");
        (await phone.Page.InnerTextAsync("main")).ShouldContain("まだ支払われていません");
        var then = Uri.UnescapeDataString(new Uri(phone.Page.Url).Query)["?then=".Length..];
        then.ShouldStartWith("/pay/to?");
        // Signed in again: nothing is being checked, since nothing had been taken on; the amount is there.
        await phone.Context.AddCookiesAsync([new Cookie { Name = "ensen-member", Value = member.Token, Url = App.Address }]);
        await phone.Page.GotoAsync(then);
        await phone.Page.Awake();
        (await phone.Page.InputValueAsync("#amount")).ShouldBe("1,200");
        await Assertions.Expect(phone.Page.Locator("[data-pay-said]")).ToBeHiddenAsync();
        await phone.Page.Swipe();
        await phone.Page.Arrives("**/pay/done/pay_*");
        (await App.Balance(member)).ShouldBe(3_800);
    }

    [Fact]
    public async Task Without_script_too_whoever_is_signed_out_comes_back_to_the_page_of_the_form()
    {
        var (member, store) = (await App.Member("青井 花", 5_000), await App.Store("花と茶 桃谷"));
        await using var phone = await chrome.Phone(App, member, script: false);
        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.FillAsync("#amount", "1200");
        await phone.Context.ClearCookiesAsync(new() { Name = "ensen-member" });
        await phone.Page.ClickAsync("[data-plain]");
        await phone.Page.Arrives("**/sign-in?then=*");

        var then = Uri.UnescapeDataString(new Uri(phone.Page.Url).Query)["?then=".Length..];
        then.ShouldStartWith($"/t/{store.TagId}?again=");
        await phone.Context.AddCookiesAsync([new Cookie { Name = "ensen-member", Value = member.Token, Url = App.Address }]);
        await phone.Page.GotoAsync(then);
        (await phone.Page.InputValueAsync("#amount")).ShouldBe("1200");
    }

    [Fact]
    public async Task No_form_is_answered_by_a_page_and_Back_never_asks_to_send_one_again()
    {
        var (sender, receiver) = (await App.Member("青井 花", 2_000), await App.Member("緑川 空"));
        await using var phone = await chrome.Phone(App, sender);
        var rendered = new List<string>();
        phone.Page.Response += (_, answer) =>
        {
            if (answer.Request is { Method: "POST", ResourceType: "document" } && answer.Status is < 300 or >= 400)
                rendered.Add($"{answer.Request.Url} {answer.Status}");
        };

        await phone.Page.GotoAsync("/send");
        await Send("nobody@example.jp", "300");
        await Assertions.Expect(phone.Page.Locator("#to-error")).ToContainTextAsync("お確かめください");
        (await phone.Page.InputValueAsync("#amount")).ShouldBe("300");
        await Send(receiver.MemberId, "");
        await phone.Page.Locator(".knob").WaitForAsync();
        await phone.Page.Swipe();
        await phone.Page.Arrives("**/send/done/trf_*");
        // The finder of names gets no more than the sender knew: the mask stays.
        (await phone.Page.InnerTextAsync("main")).ShouldContain("緑＊ 空＊さんへ");
        await phone.Page.GoBackAsync();
        await phone.Page.Awake();
        (await phone.Page.InnerTextAsync("main")).ShouldContain("緑＊ 空＊");
        await phone.Page.ReloadAsync();
        await phone.Page.GotoAsync("/charge");
        await phone.Page.Type("1");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Locator("#fault").WaitForAsync();
        await phone.Page.ReloadAsync();
        await phone.Page.GotoAsync("/history");
        (await phone.Page.InnerTextAsync("main")).ShouldNotContain("緑川");

        await using var visitor = await chrome.Visit(App.Address);
        visitor.Page.Response += (_, answer) =>
        {
            if (answer.Request is { Method: "POST", ResourceType: "document" } && answer.Status is < 300 or >= 400)
                rendered.Add($"{answer.Request.Url} {answer.Status}");
        };
        await visitor.Page.GotoAsync("/sign-in?then=/points");
        await visitor.Page.FillAsync("#email", "nobody@example.jp");
        await visitor.Page.FillAsync("#password", "wrong");
        await visitor.Page.ClickAsync("button.do");
        await visitor.Page.Locator("#fault").WaitForAsync();
        (await visitor.Page.InputValueAsync("#email")).ShouldBe("nobody@example.jp");
        await visitor.Page.GotoAsync("/confirm-mail?token=unknown");
        await visitor.Page.ClickAsync("button.do");
        await visitor.Page.Locator(".note.bad").WaitForAsync();

        rendered.ShouldBeEmpty();
        (await App.Balance(sender)).ShouldBe(1_700);

        async Task Send(string to, string amount)
        {
            await phone.Page.FillAsync("#to", to);
            if (amount.Length > 0)
                await phone.Page.Type(amount);
            await phone.Page.ClickAsync("button.do");
        }
    }

    [Fact]
    public async Task A_payment_that_is_not_paid_fills_the_screen_as_one_that_is()
    {
        var member = await App.Member("青井 花", 800);
        await using var phone = await chrome.Phone(App, member);
        await phone.Page.GotoAsync("/pay/not-paid?why=insufficient_balance");

        var box = (await phone.Page.Locator(".done.not").BoundingBoxAsync())!;
        box.Height.ShouldBeGreaterThanOrEqualTo(844);
        (await phone.Page.Locator(".done.not h1").InnerTextAsync()).ShouldBe("お支払いは完了していません");
        (await phone.Page.Locator(".done .view").CountAsync()).ShouldBe(0, "no train leaves");
    }

    [Fact]
    public async Task The_points_line_tells_years_and_the_next_lapse()
    {
        var (member, store) = (await App.Member("青井 花", 100_000), await App.Store("靴 京橋"));
        await App.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 6_400 });
        await using var phone = await chrome.Phone(App, member);
        await phone.Page.GotoAsync("/points");
        var words = await phone.Page.Locator(".line text").AllTextContentsAsync();
        var year = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(9)).AddMonths(-3).Year;

        words.ShouldContain($"{year}/4/1");
        words.ShouldContain($"{year + 2}/3/31");
        words.ShouldContain(text => text.StartsWith("32 pt", StringComparison.Ordinal));
        words.ShouldContain("今日");
        // Nothing written over something else.
        var boxes = await phone.Page.EvaluateAsync<double[][]>(
            "() => [...document.querySelectorAll('.line text')].map(t => t.getBoundingClientRect()).map(b => [b.left, b.right, b.top, b.bottom])");
        foreach (var (a, b) in from i in Enumerable.Range(0, boxes.Length)
                               from j in Enumerable.Range(i
            + 1, boxes.Length - i - 1)
                               select (boxes[i], boxes[j]))
            (a[0] < b[1] && b[0] < a[1] && a[2] + 2 < b[3] && b[2] + 2 < a[3]).ShouldBeFalse(
                string.Create(CultureInfo.InvariantCulture, $"{a[0]} {a[1]} {b[0]} {b[1]}"));
    }

    [Fact]
    public async Task Enter_in_the_amount_goes_to_the_train_and_pays_nothing()
    {
        var (member, store) = (await App.Member("青井 花", 5_000), await App.Store("パン工房つるはし"));
        await using var phone = await chrome.Phone(App, member);
        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.Awake();
        await phone.Page.FillAsync("#amount", "1200");
        await phone.Page.PressAsync("#amount", "Enter");

        await Assertions.Expect(phone.Page.Locator(".knob")).ToBeFocusedAsync();
        (await App.Balance(member)).ShouldBe(5_000);
        await phone.Page.Keyboard.PressAsync("Enter");
        await phone.Page.Arrives("**/pay/done/pay_*");
        (await App.Balance(member)).ShouldBe(3_800);
    }

    [Fact]
    public async Task Whom_one_sent_to_before_is_chosen_with_one_press_and_stays_masked()
    {
        var (sender, receiver) = (await App.Member("青井 花", 2_000), await App.Member("緑川 空"));
        await App.Ask(sender.Token, "/transfers", new { to = receiver.MemberId, amount = 100 });
        await using var phone = await chrome.Phone(App, sender);
        await phone.Page.GotoAsync("/send");
        await phone.Page.Locator(".people").GetByText("緑＊ 空＊").ClickAsync();
        await phone.Page.Type("300");
        await phone.Page.Look("send-again");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Locator(".knob").WaitForAsync();
        (await phone.Page.ContentAsync()).ShouldNotContain(receiver.MemberId);
        await phone.Page.Swipe();
        await phone.Page.Arrives("**/send/done/trf_*");
        (await App.Balance(receiver)).ShouldBe(400);
    }

    [Fact]
    public async Task A_bar_code_is_as_large_as_the_screen_at_a_press_and_small_again_at_another()
    {
        var member = await App.Member("青井 花", 3_000);
        await using var phone = await chrome.Phone(App, member);
        await phone.Page.GotoAsync("/pay");
        await phone.Page.Awake();
        var bars = phone.Page.Locator("[data-enlarge]");
        await bars.ClickAsync();
        await Assertions.Expect(bars).ToHaveAttributeAsync("aria-pressed", "true");
        (await bars.BoundingBoxAsync())!.Height.ShouldBeGreaterThan(250);
        await phone.Page.Look("pay-large");
        await bars.ClickAsync();
        await Assertions.Expect(bars).ToHaveAttributeAsync("aria-pressed", "false");
        (await bars.BoundingBoxAsync())!.Height.ShouldBeLessThan(120);
        phone.Complaints.ShouldBeEmpty();
    }
}

public sealed class ToldInTimeTestsOnSqlite(Chrome chrome, OnSqlite running) : ToldInTimeTests(chrome, running);

public sealed class ToldInTimeTestsOnPostgres(Chrome chrome, OnPostgres running) : ToldInTimeTests(chrome, running);
