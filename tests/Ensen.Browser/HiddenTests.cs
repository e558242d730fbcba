using System.Text.RegularExpressions;
using Ensen.Browser.Support;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>With the eye closed no page shows what its member holds: the phone is held out to staff, and lies on tables.</summary>
public abstract class HiddenTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Theory, InlineData("ja-JP"), InlineData("en-US")]
    public async Task No_page_shows_balance_or_points_while_they_are_hidden(string language)
    {
        // Figures that nothing else on a page has: 13,579 yen and 317 points are left.
        var (member, store) = (await App.Member("青井 花", 76_979), await App.Store("むぎの輪"));
        await App.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 40_000 });
        var paid = (await App.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 23_400 })).GetProperty("paymentId")
            .GetString()!;
        var charge = (await App.Ask(member.Token, "/charges", new { source = "atm", amount = 3_000 })).GetProperty("chargeId").GetString();
        await using var phone = await Closed(member, language);

        var pages = 0;
        foreach (var path in MemberPages.Of(store, paid).Append($"/charge/{charge}"))
        {
            await phone.Page.GotoAsync(path);
            await phone.Page.Awake();
            await ShowsNothing(phone.Page, path, "13,579", "317");
            pages++;
        }
        pages.ShouldBeGreaterThan(15);
        await phone.Page.GotoAsync("/");
        (await phone.Page.InnerTextAsync("main")).ShouldContain("＊＊＊＊");
        await phone.Page.ClickAsync("[data-hide-switch]");
        await Assertions.Expect(phone.Page.Locator("main")).ToContainTextAsync("13,579", new() { UseInnerText = true });
        await Assertions.Expect(phone.Page.Locator("main")).ToContainTextAsync("317", new() { UseInnerText = true });
    }

    [Fact]
    public async Task Neither_what_is_missing_nor_a_refusal_tells_a_hidden_balance()
    {
        var (member, store) = (await App.Member("青井 花", 13_579), await App.Store("むぎの輪"));
        await using var phone = await Closed(member, "ja-JP");
        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.Type("30000");
        await Assertions.Expect(phone.Page.Locator(".under-sum")).ToContainTextAsync("残高が足りません");
        await ShowsNothing(phone.Page, "short", "13,579", "16,421");

        var refused = await phone.Page.EvaluateAsync<string>(
            """
            async () => {
              const form = document.querySelector('[data-pay]');
              const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { Accept: 'application/json' } });
              return (await answer.json()).message;
            }
            """);
        refused.ShouldContain("残高が足りません");
        refused.ShouldNotContain("13,579");
        await phone.Page.GotoAsync("/send");
        await phone.Page.FillAsync("#to", "somebody@example.jp");
        await phone.Page.EvaluateAsync("() => { document.querySelector('[data-pad]').dataset.max = 90000; }");
        await phone.Page.Type("20000");
        await phone.Page.ClickAsync("button.do");
        await phone.Page.Locator(".under-sum [role=alert]").WaitForAsync();
        await ShowsNothing(phone.Page, "send refused", "13,579");
    }

    async Task<Visitor> Closed(SandboxMember member, string language)
    {
        var phone = await chrome.Phone(App, member, language);
        await phone.Context.AddCookiesAsync([new Cookie { Name = "ensen-hidden", Value = "1", Url = App.Address }]);
        return phone;
    }

    static async Task ShowsNothing(IPage page, string where, params string[] figures)
    {
        // innerText is what is drawn; text inside pictures and what fields hold counts too.
        var seen = await page.EvaluateAsync<string>(
            """
            () => [document.body.innerText,
                   ...[...document.querySelectorAll('svg text, svg tspan')].filter(t => t.getClientRects().length && t.getBBox().width).map(t => t.children.length ? '' : t.textContent),
                   ...[...document.querySelectorAll('input:not([type=hidden]):not([type=radio])')].map(f => f.value)].join('\n')
            """);
        // A figure by itself, not three digits of a receipt's number.
        foreach (var figure in figures)
            Regex.IsMatch(seen, $@"(?<![\w,-]){figure}(?![\d,-])").ShouldBeFalse($"{where} tells {figure}");
    }
}

public sealed class HiddenTestsOnSqlite(Chrome chrome, OnSqlite running) : HiddenTests(chrome, running);

public sealed class HiddenTestsOnPostgres(Chrome chrome, OnPostgres running) : HiddenTests(chrome, running);
