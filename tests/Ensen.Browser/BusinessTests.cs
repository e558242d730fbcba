using System.Text.Json;
using Ensen.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>A company's account at a desk and on a phone: a payee by two people, a transfer by two, a bill, a file that is looked at first.</summary>
public abstract class BusinessTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task Two_people_of_a_company_pay_another_one()
    {
        var (printer, baker) = (await Company("天満印刷", 800_000), await Company("パン工房つるはし", 0));
        await using var ono = await Desk(printer.Text("token"), phone: true);
        await using var hirata = await Desk(printer.Text("approverToken"), phone: false);

        await ono.Page.GotoAsync("/business/payees");
        await ono.Page.FillAsync("#to", baker.Text("number"));
        await ono.Page.ClickAsync("button.do");
        await Expect(ono.Page.Locator(".list li")).ToHaveCountAsync(1);
        await hirata.Page.GotoAsync("/business/payees");
        await hirata.Page.Look("business-payees", wholePage: true);
        await hirata.Page.ClickAsync(".list button.quiet");
        await Expect(hirata.Page.Locator(".list button.quiet")).ToHaveCountAsync(0);

        await ono.Page.GotoAsync("/business/transfers/new");
        await ono.Page.FillAsync("#amount", "248,000");
        await ono.Page.FillAsync("#text", "4月分 小麦粉");
        await ono.Page.Look("business-new", wholePage: true);
        await ono.Page.ClickAsync("button.do");
        await ono.Page.Arrives("**/business/transfers/btr_*");
        await Expect(ono.Page.Locator("button.do")).ToHaveCountAsync(0);

        await hirata.Page.GotoAsync("/business");
        await hirata.Page.ClickAsync("#waiting a");
        await hirata.Page.ClickAsync(".list a.plain >> nth=0");
        await hirata.Page.Look("business-approve", wholePage: true);
        await hirata.Page.ClickAsync("button.do");
        await Expect(hirata.Page.Locator("#state.good")).ToBeVisibleAsync();
        await hirata.Page.GotoAsync("/business");
        await Expect(hirata.Page.Locator(".huge")).ToContainTextAsync("552,000");
        await hirata.Page.Look("business", wholePage: true);
        await ono.Page.GotoAsync("/business");
        await ono.Page.Look("business", wholePage: true);
        await ono.Page.GotoAsync("/business/transfers");
        await ono.Page.Look("business-transfers", wholePage: true);

        await using var bakery = await Desk(baker.Text("token"), phone: true);
        await bakery.Page.GotoAsync("/business/requests");
        await bakery.Page.FillAsync("#from", printer.Text("number"));
        await bakery.Page.FillAsync("#amount", "3000");
        await bakery.Page.FillAsync("#text", "請求 17");
        await bakery.Page.Look("business-requests", wholePage: true);
        await bakery.Page.ClickAsync("button.do");
        await bakery.Page.Arrives("**/business/requests/brq_*");
        await bakery.Page.Look("business-request", wholePage: true);
        await ono.Page.GotoAsync(new Uri(bakery.Page.Url).PathAndQuery);
        await ono.Page.ClickAsync("button.do");
        await Expect(ono.Page.Locator("#state.good")).ToBeVisibleAsync();

        await ono.Page.GotoAsync("/business/files");
        await ono.Page.Look("business-files", wholePage: true);
        await Bring(ono.Page, $"to,amount,text\n{baker.Text("number")},700,粉\n123456789,5,?\ntotal,705,2\n");
        await Expect(ono.Page.Locator(".list .down")).ToHaveCountAsync(1);
        await ono.Page.Look("business-file-wrong", wholePage: true);
        await ono.Page.GotoAsync("/business/files");
        await Bring(ono.Page, $"to,amount,text\n{baker.Text("number")},700,粉\n{baker.Text("number")},300,箱\ntotal,1000,2\n");
        await ono.Page.Look("business-file", wholePage: true);
        await ono.Page.ClickAsync("button.do");
        await Expect(ono.Page.Locator("#state.good")).ToBeVisibleAsync();
        await ono.Page.Look("business-transfer", wholePage: true);
        foreach (var visitor in (Visitor[])[ono, hirata, bakery])
            visitor.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Everything_is_done_without_script_too_and_in_English_with_large_letters()
    {
        var (printer, baker) = (await Company("Tenma Printing and Bookbinding Company", 800_000), await Company("パン工房つるはし 天満橋筋六丁目本店", 0));
        await Trust(printer, baker);
        await using var ono = await Desk(printer.Text("token"), phone: true, "en-US", script: false);
        var page = ono.Page;
        await page.GotoAsync("/business/transfers/new");
        await page.FillAsync("#amount", "100,001");
        await page.FillAsync("#text", "April, flour and a text that is as long as a text can be, ok");
        await page.ClickAsync("button.do");
        await page.Arrives("**/business/transfers/btr_*");
        var transfer = new Uri(page.Url).PathAndQuery;
        await page.GotoAsync("/business/requests");
        await page.FillAsync("#from", baker.Text("number"));
        await page.FillAsync("#amount", "1000000");
        await page.FillAsync("#text", "Invoice 17");
        await page.ClickAsync("button.do");
        await page.Arrives("**/business/requests/brq_*");
        var request = new Uri(page.Url).PathAndQuery;
        await page.GotoAsync("/business/files");
        var rows = $"to,amount,text\n{baker.Text("number")},30000,rent\n{baker.Text("number")},30000,rent\ntotal,60000,2\n";
        await Bring(page, rows);
        await Expect(page.Locator("#twins")).ToBeVisibleAsync();
        var file = new Uri(page.Url).PathAndQuery;
        await page.ClickAsync("button.do");
        await page.Arrives("**/business/transfers/btr_*");

        // The same rows again: only for who says that they are meant.
        await page.GotoAsync("/business/files");
        await Bring(page, rows);
        await Expect(page.Locator("#made")).ToBeVisibleAsync();
        await using var look = await Desk(printer.Text("token"), phone: true, "en-US");
        await look.Page.GotoAsync(new Uri(page.Url).PathAndQuery);
        await look.Page.Look("business-file-again", wholePage: true);
        await page.ClickAsync("button.do");
        page.Url.ShouldContain("/business/files/tfl_");
        await page.CheckAsync("input[name=again]");
        await page.ClickAsync("button.do");
        await page.Arrives("**/business/transfers/btr_*");
        await page.GotoAsync(file);
        await Expect(page.Locator("#made")).ToBeVisibleAsync();

        foreach (var (path, name) in ((string, string?)[])[
            ("/business", "business-en"), ("/business/transfers", "business-transfers-en"), ("/business/transfers/new", "business-new-en"),
            (transfer, "business-waits-en"), ("/business/payees", null), ("/business/requests", null), (request, "business-request-en"),
            ("/business/files", "business-files-en"), (file, null), ("/business/transfers/btr_nothing", null)])
        {
            await look.Page.GotoAsync(path);
            if (name is not null)
                await look.Page.Look(name, wholePage: true);
            foreach (var (width, size) in new[] { (390, "200%"), (320, "100%") })
            {
                await look.Page.SetViewportSizeAsync(width, 844);
                await look.Page.EvaluateAsync("size => { document.documentElement.style.fontSize = size; }", size);
                (await look.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth")).ShouldBeLessThanOrEqualTo(0, $"{path} at {width}, {size}");
            }
        }
        look.Complaints.ShouldHaveSingleItem().ShouldContain("/business/transfers/btr_nothing");
    }

    [Fact]
    public async Task What_was_refused_is_pressed_again_and_what_is_sent_four_times_is_paid_once()
    {
        var (printer, baker) = (await Company("天満印刷", 0), await Company("パン工房", 0));
        await Trust(printer, baker);
        await using var plain = await Desk(printer.Text("token"), phone: true, script: false);
        await plain.Page.GotoAsync("/business/transfers/new");
        await plain.Page.FillAsync("#amount", "5,000");
        await plain.Page.ClickAsync("button.do");
        await Expect(plain.Page.Locator(".note.bad")).ToBeVisibleAsync();
        await App.Post("/sandbox/bank/deposits", new { number = printer.Text("number"), amount = 20_000 });
        await plain.Page.ClickAsync("button.do");
        await Expect(plain.Page.Locator("#state.good")).ToBeVisibleAsync();

        await using var ono = await Desk(printer.Text("token"), phone: true);
        await ono.Page.GotoAsync("/business/transfers/new");
        await ono.Page.FillAsync("#amount", "3,000");
        await ono.Page.EvaluateAsync(
            """
            async () => {
              const form = document.querySelector('form.card');
              await Promise.all([1, 2, 3, 4].map(() => fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) })));
            }
            """);
        await ono.Page.GotoAsync("/business");
        await Expect(ono.Page.Locator(".huge")).ToContainTextAsync("12,000");
        ono.Complaints.ShouldBeEmpty();
    }

    async Task Trust(JsonElement company, JsonElement payee)
    {
        var id = (await App.Post("/business/payees", new { to = payee.Text("number") }, company.Text("token"))).Text("payeeId");
        await App.Post($"/business/payees/{id}/confirmation", new { }, company.Text("approverToken"));
    }

    static async Task Bring(IPage page, string text)
    {
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "april.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(text) });
        await page.ClickAsync("button.do");
        await page.Arrives("**/business/files/tfl_*");
    }

    Task<JsonElement> Company(string name, long balance) => App.Post("/sandbox/businesses", new { name, balance });

    async Task<Visitor> Desk(string token, bool phone, string language = "ja-JP", bool script = true)
    {
        var desk = await chrome.Visit(App.Address, language, phone, script);
        await desk.Context.AddCookiesAsync([new Cookie { Name = "ensen-merchant", Value = token, Url = App.Address }]);
        return desk;
    }
}

public sealed class BusinessTestsOnSqlite(Chrome chrome, OnSqlite running) : BusinessTests(chrome, running);

public sealed class BusinessTestsOnPostgres(Chrome chrome, OnPostgres running) : BusinessTests(chrome, running);
