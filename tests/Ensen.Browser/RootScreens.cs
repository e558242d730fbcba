using System.Text.Json;
using System.Text.RegularExpressions;
using Ensen.Browser.Support;
using Ensen.Storage;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>The public roots, and a receipt that is checked in the browser without a connection.</summary>
public abstract class RootScreens(Chrome chrome, Engine engine) : IAsyncLifetime
{
    const long Heaviest = 60_000;

    WebApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await WebApp.Start(engine);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_receipt_is_fetched_from_its_page_and_proven_offline_under_the_root_of_its_day()
    {
        var (member, store) = (await _app.Member("青井 花", 12_480), await _app.Store("パン工房つるはし", "鶴橋駅 西口"));
        var paid = (await _app.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 2_000 })).Text("paymentId");
        await using var phone = await chrome.Phone(_app, member);
        await phone.Page.GotoAsync($"/history/{paid}");
        await Expect(phone.Page.Locator("main")).ToContainTextAsync("日付が変わると、この日のルート値が公開されます");
        var seal = await phone.Page.Locator("[data-seal]").GetAttributeAsync("data-seal");
        await phone.Page.Look("receipt-open", wholePage: true);
        var early = await Receipt(phone.Page);

        await _app.Post("/sandbox/clock", new { advance = "P1D" });
        await _app.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 300 });
        await _app.Post("/sandbox/clock", new { advance = "P2D" });
        await phone.Page.ReloadAsync();
        await Expect(phone.Page.Locator("main")).ToContainTextAsync("のルート値で確かめられます");
        await phone.Page.Look("receipt-closed", wholePage: true);
        var file = await Receipt(phone.Page);

        await phone.Page.GotoAsync("/roots");
        // The checker is the same script whatever database made the file: on one engine each character, on the other every twelfth.
        var every = engine == Engine.Sqlite || TestRun.IsLong ? 1 : 12;
        (await phone.Page.EvaluateAsync<string[]>(EachCharacterChanged, new { file, every })).ShouldBeEmpty();
        await phone.Page.Awake();
        (await phone.Page.Locator("li[data-root]").CountAsync()).ShouldBe(2);
        (await Weight(phone)).ShouldBeLessThan(Heaviest);
        await phone.Context.SetOfflineAsync(true);
        var verdict = phone.Page.Locator("[data-verdict]");
        await Drop(phone.Page, file);
        await Expect(verdict).ToContainTextAsync("証明されました");
        await Expect(verdict).ToContainTextAsync("−2,000円");
        await phone.Page.Look("roots-proven", wholePage: true);

        await Drop(phone.Page, file.Replace("2000", "2001", StringComparison.Ordinal));
        await Expect(verdict).ToContainTextAsync("計算した");
        await phone.Page.Look("roots-refused", wholePage: true);
        await Drop(phone.Page, file.Replace("\"amount\": -2000", "\"amount\": -2001", StringComparison.Ordinal));
        await Expect(Headline(verdict)).ToHaveTextAsync("一致しません");
        await Drop(phone.Page, "{}");
        await Expect(verdict).ToContainTextAsync("証明つきレシートではありません");
        await Drop(phone.Page, early);
        await Expect(verdict).ToContainTextAsync("ルート値ができる前のレシートです");
        await phone.Page.Locator("summary").ClickAsync();
        await phone.Page.FillAsync("#trusted", string.Join(' ', seal!.Chunk(8).Select(group => new string(group))));
        await Expect(Headline(verdict)).ToHaveTextAsync("証明されました");
        await Expect(verdict).ToContainTextAsync("封印の値のもとに");
        await Drop(phone.Page, file);
        await phone.Page.FillAsync("#trusted", new string('0', 64));
        await Expect(verdict).ToContainTextAsync("計算した");
        phone.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_whole_receipt_whose_day_is_on_another_page_leads_there_and_is_judged_without_being_chosen_again()
    {
        var (member, store) = (await _app.Member("青井 花", 12_480), await _app.Store("パン工房つるはし"));
        var paid = (await _app.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 2_000 })).Text("paymentId");
        await _app.Post("/sandbox/clock", new { advance = "P1D" });
        await using var phone = await chrome.Phone(_app, member);
        await phone.Page.GotoAsync($"/history/{paid}");
        var file = await Receipt(phone.Page);
        var date = JsonElement.Parse(file).GetProperty("proof").GetProperty("day").Text("date");
        for (var i = 0; i < 14; i++)
        {
            await _app.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 10 });
            await _app.Post("/sandbox/clock", new { advance = "P1D" });
        }

        await phone.Page.GotoAsync("/roots");
        await phone.Page.Awake();
        (await phone.Page.Locator("li[data-root]").CountAsync()).ShouldBe(14);
        await phone.Page.Look("roots", wholePage: true);
        var verdict = phone.Page.Locator("[data-verdict]");
        await Drop(phone.Page, file);
        await Expect(Headline(verdict)).ToHaveTextAsync("まだ比べていません");
        var way = verdict.GetByRole(AriaRole.Link);
        (await way.GetAttributeAsync("href")).ShouldBe($"/roots?day={date}");
        await phone.Page.Look("roots-elsewhere", wholePage: true);
        await phone.Context.SetOfflineAsync(true);
        await way.ClickAsync();
        await Expect(verdict).ToContainTextAsync("いまはつながりません");
        await phone.Context.SetOfflineAsync(false);

        await way.ClickAsync();
        await Expect(Headline(verdict)).ToHaveTextAsync("証明されました");
        await Expect(phone.Page.Locator("li[aria-current]")).ToHaveAttributeAsync("data-root", new Regex($"^{date}="));
        phone.Page.Url.ShouldEndWith($"/roots?day={date}");
        await phone.Page.Look("roots-day", wholePage: true);
        await phone.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await phone.Page.Locator("li[aria-current] .hash").ClickAsync(new() { Force = true }); // The whole row is the button.
        await Expect(phone.Page.Locator("[data-toasts]")).ToContainTextAsync("コピーしました");
        (await phone.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()")).ShouldMatch("^[0-9a-f]{64}$");

        await Drop(phone.Page, file.Replace($"\"date\": \"{date}\"", "\"date\": \"2020-02-29\"", StringComparison.Ordinal));
        await way.ClickAsync();
        await Expect(Headline(verdict)).ToHaveTextAsync("一致しません");
        await Expect(verdict).ToContainTextAsync("公開されていません");
        phone.Complaints.Where(complaint => !complaint.Contains("ERR_INTERNET_DISCONNECTED", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_roots_are_there_for_everybody_before_the_first_one_and_in_English()
    {
        await using var visitor = await chrome.Visit(_app.Address, "en-US");
        await visitor.Page.GotoAsync("/roots");
        await visitor.Page.Awake();
        await Expect(visitor.Page.Locator("main")).ToContainTextAsync("The first one is published when the day is over.");
        await visitor.Page.Look("roots-empty-en", wholePage: true);
        visitor.Complaints.ShouldBeEmpty();
    }

    /// <summary>
    /// Changes every letter and digit of a receipt (or one in so many), one at a time; returns those that the page's checker would not
    /// notice.
    /// </summary>
    const string EachCharacterChanged = """
        async ({ file, every }) => {
          const script = document.querySelector('script[type=module]').src;
          const { read } = await import(new URL('prove.js', script));
          const root = (await read(file)).root, unnoticed = [];
          const changed = i => file.slice(0, i) + (/[9fzZ]/.test(file[i]) ? '0' : String.fromCharCode(file.charCodeAt(i) + 1)) + file.slice(i + 1);
          const notices = text => read(text).then(it => it.root !== root, () => true);
          for (let i = 0; i < file.length; i += every)
            if (/[0-9A-Za-z]/.test(file[i]) && !await notices(changed(i))) unnoticed.push(`${i}: ${file.slice(i - 20, i + 20)}`);
          return unnoticed;
        }
        """;

    static async Task<string> Receipt(IPage page)
    {
        if (await page.Locator("details.sealed:not([open]) summary").CountAsync() > 0)
            await page.ClickAsync("details.sealed summary");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "証明つきレシート" }).ClickAsync());
        download.SuggestedFilename.ShouldMatch(@"^ensen-receipt-\d{4}-\d\d-\d\d-[0-9A-Z]{3}-\d{4}\.json$");
        return await File.ReadAllTextAsync(await download.PathAsync());
    }

    static Task Drop(IPage page, string file) =>
        page.Locator("#receipt").SetInputFilesAsync(
            new FilePayload { Name = "receipt.json", MimeType = "application/json", Buffer = System.Text.Encoding.UTF8.GetBytes(file) });

    static ILocator Headline(ILocator verdict) => verdict.Locator("b").First;

    static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    static Task<long> Weight(Visitor visitor) => visitor.Page.EvaluateAsync<long>(
        "() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((sum, entry) => sum + entry.transferSize, 0)");
}

public sealed class RootScreensOnSqlite(Chrome chrome) : RootScreens(chrome, Engine.Sqlite);

public sealed class RootScreensOnPostgres(Chrome chrome) : RootScreens(chrome, Engine.Postgres);
