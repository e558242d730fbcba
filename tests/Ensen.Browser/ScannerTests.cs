using System.Text.Json;
using Ensen.Browser.Support;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>
/// A scanner is a keyboard without a hand, and types where the cursor happens to be: into the amount, that is. One that typed slowly made
/// 500,000 yen of 1,200. What is a code never lands in an amount, however it comes.
/// </summary>
public abstract class ScannerTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    /// <summary>What scanners do at the end, and how fast they are.</summary>
    [Theory]
    [InlineData("keys, 20 ms", 20, "Enter")]
    [InlineData("keys, 65 ms", 65, "Enter")]
    [InlineData("keys, 130 ms", 130, "Enter")]
    [InlineData("keys, 30 ms, Tab", 30, "Tab")]
    [InlineData("an input method", -1, "Enter")]
    [InlineData("an input method, no end", -1, "")]
    [InlineData("full-width letters", -1, "Enter")]
    [InlineData("an identifier in front", 20, "Enter")]
    [InlineData("groups with hyphens", 20, "Enter")]
    [InlineData("the QR", -1, "Enter")]
    [InlineData("the QR with Caps Lock", -1, "Enter")]
    [InlineData("the QR through a US keyboard", -1, "Tab")]
    public async Task A_code_that_is_typed_into_the_amount_is_paid_and_the_amount_stays(string how, int pause, string end)
    {
        var (member, store) = (await App.Member("青井", 900_000), await App.Store("パン工房つるはし"));
        var shown = await App.Ask(member.Token, "/codes", new { });
        var (code, qr) = (shown.Text("code"), shown.Text("qr"));
        await using var till = await Till(store);
        var page = till.Page;
        await page.GotoAsync("/till/take");
        await page.Awake();
        await page.Locator("#amount").PressSequentiallyAsync("1200");
        await Assertions.Expect(page.Locator("#amount")).ToHaveValueAsync("1,200");

        var text = how switch
        {
            "full-width letters" => string.Concat(code.Select(c => (char)('０' + c - '0'))),
            "an identifier in front" => "]C1" + code,
            "groups with hyphens" => string.Join('-', code.Chunk(4).Select(group => new string(group))),
            "the QR" => qr,
            "the QR with Caps Lock" =>
                string.Concat(qr.Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c))),
            "the QR through a US keyboard" => qr.Replace('=', '^').Replace('+', '~'),
            _ => code,
        };
        if (pause < 0)
            await page.Keyboard.InsertTextAsync(text);
        else
            await page.Keyboard.TypeAsync(text, new() { Delay = pause });
        if (end != "")
            await page.Keyboard.PressAsync(end);

        await page.Arrives("**/till");
        await Assertions.Expect(page.Locator("[data-part=last] .huge")).ToContainTextAsync("1,200");
        (await App.Balance(member)).ShouldBe(898_800);
    }

    [Fact]
    public async Task Another_bar_code_is_refused_with_a_word_and_a_low_tone_and_no_amount_is_made_of_it()
    {
        var store = await App.Store("古本 天満文庫");
        await using var till = await Till(store);
        var page = till.Page;
        await page.GotoAsync("/till/take");
        await page.Awake();
        await page.Locator("#amount").PressSequentiallyAsync("1200");
        await page.WaitForTimeoutAsync(150); // As long as a hand needs to the scanner, at least.

        await page.Keyboard.InsertTextAsync("4901234567894");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("[data-pay-said]")).ToContainTextAsync("支払いコードではありません");
        await Assertions.Expect(page.Locator("#amount")).ToHaveValueAsync("1,200");
        await page.WaitForFunctionAsync("() => heard.some(h => h.startsWith && h.includes('支払いコードではありません'))");
        (await page.EvaluateAsync<string[]>("() => heard")).Count(h => h == "low tone").ShouldBe(2);
    }

    [Fact]
    public async Task A_slow_scan_of_another_bar_code_stays_in_sight_as_too_much()
    {
        var store = await App.Store("喫茶 今宮");
        await using var till = await Till(store);
        var page = till.Page;
        var sent = Sent(page);
        await page.GotoAsync("/till/take");
        await page.Awake();
        await page.Locator("#amount").PressSequentiallyAsync("1200");

        await page.Keyboard.TypeAsync("4901234567894", new() { Delay = 70 });
        await page.Keyboard.PressAsync("Enter");
        await page.FillAsync("#code", "9990100000000000000");
        await page.ClickAsync("button.do");

        await Assertions.Expect(page.Locator("[data-over]")).ToBeVisibleAsync();
        (await page.InputValueAsync("#amount")).Replace(",", "", StringComparison.Ordinal).ShouldBe("12004901234567894");
        sent.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("1200.50")]
    [InlineData("1,200円(税込1,320円)")]
    [InlineData("１万")]
    [InlineData("1万2千")]
    [InlineData("-500")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("600000")]
    [InlineData("9999999999999999")]
    public async Task What_is_no_amount_or_too_much_stands_as_it_was_typed_says_so_and_is_not_paid(string typed)
    {
        var (member, store) = (await App.Member("青井", 900_000), await App.Store("花と茶 桃谷"));
        await using var phone = await chrome.Phone(App, member);
        var page = phone.Page;
        var sent = Sent(page);
        await page.GotoAsync($"/t/{store.TagId}");
        await page.Awake();
        await page.FocusAsync("#amount");

        await page.Keyboard.InsertTextAsync(typed);
        await page.Swipe();

        await Assertions.Expect(page.Locator("[data-over]")).ToBeVisibleAsync();
        (await page.InputValueAsync("#amount")).Replace(",", "", StringComparison.Ordinal).ShouldBe(
            typed.Replace(",", "", StringComparison.Ordinal));
        sent.ShouldBeEmpty();
        (await App.Balance(member)).ShouldBe(900_000);
    }

    [Theory]
    [InlineData("１，２００")]
    [InlineData("￥1,200")]
    [InlineData("1 200")]
    [InlineData("1,200円")]
    public async Task What_means_one_amount_is_paid_as_it_is_meant_and_Enter_in_the_amount_pays_nothing(string typed)
    {
        var (member, store) = (await App.Member("青井", 5_000), await App.Store("花と茶 桃谷"));
        await using var phone = await chrome.Phone(App, member);
        var page = phone.Page;
        var sent = Sent(page);
        await page.GotoAsync($"/t/{store.TagId}");
        await page.Awake();
        await page.FocusAsync("#amount");

        await page.Keyboard.InsertTextAsync(typed);
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator(".knob")).ToBeFocusedAsync();
        sent.ShouldBeEmpty();
        await page.Keyboard.PressAsync("Enter");
        await page.Arrives("**/pay/done/pay_*");
        (await App.Balance(member)).ShouldBe(3_800);
    }

    static List<string> Sent(IPage page)
    {
        List<string> sent = [];
        page.Request += (_, request) =>
        {
            if (request.Method == "POST")
                sent.Add(request.Url);
        };
        return sent;
    }

    async Task<Visitor> Till(SandboxStore store)
    {
        var staff = await chrome.Visit(App.Address, phone: false);
        await staff.Context.AddInitScriptAsync("""
            window.heard = [];
            const begin = OscillatorNode.prototype.start;
            OscillatorNode.prototype.start = function (...when) { heard.push(this.frequency.value < 300 ? 'low tone' : 'tone'); return begin.apply(this, when); };
            speechSynthesis.speak = words => heard.push(words.text);
            """);
        await staff.Context.AddCookiesAsync([new() { Name = "ensen-till", Value = store.TillToken, Url = App.Address }]);
        return staff;
    }
}

public sealed class ScannerTestsOnSqlite(Chrome chrome, OnSqlite running) : ScannerTests(chrome, running);

public sealed class ScannerTestsOnPostgres(Chrome chrome, OnPostgres running) : ScannerTests(chrome, running);
