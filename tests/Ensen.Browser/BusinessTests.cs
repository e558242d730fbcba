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

    static async Task Bring(IPage page, string text)
    {
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "april.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(text) });
        await page.ClickAsync("button.do");
        await page.Arrives("**/business/files/tfl_*");
    }

    Task<JsonElement> Company(string name, long balance) => App.Post("/sandbox/businesses", new { name, balance });

    async Task<Visitor> Desk(string token, bool phone)
    {
        var desk = await chrome.Visit(App.Address, phone: phone);
        await desk.Context.AddCookiesAsync([new Cookie { Name = "ensen-merchant", Value = token, Url = App.Address }]);
        return desk;
    }
}

public sealed class BusinessTestsOnSqlite(Chrome chrome, OnSqlite running) : BusinessTests(chrome, running);

public sealed class BusinessTestsOnPostgres(Chrome chrome, OnPostgres running) : BusinessTests(chrome, running);
