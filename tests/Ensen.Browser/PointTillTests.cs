using System.Text;
using Ensen.Browser.Support;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>The point till on a tablet: a scanner that types, answers that are read over the counter, a file of a day without a line.</summary>
public abstract class PointTillTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task A_purchase_is_scanned_points_are_spent_and_a_receipt_is_taken_back()
    {
        var member = await App.Member("青井 花");
        var number = (await App.Ask(member.Token, "/member-code")).Text("code");
        await using var till = await Till();
        var page = till.Page;
        await page.Look("point-till");

        await page.Locator("#amount").PressSequentiallyAsync("33000");
        await page.FillAsync("#receipt", "A-0001");
        await page.FocusAsync("#code");
        await page.Keyboard.TypeAsync(number, new() { Delay = 20 });
        await page.Keyboard.PressAsync("Enter");
        await page.Arrives("**/point-till?receipt=A-0001");
        await Expect(page.Locator("#answer .huge")).ToContainTextAsync("300");
        await page.Look("point-till-awarded");

        await page.ClickAsync("a[href='/point-till?do=spend']");
        await page.Locator("#amount").PressSequentiallyAsync("120");
        await page.FillAsync("#receipt", "S-0001");
        // A scanner types where the cursor is: the code of a phone leaves the amount alone.
        await page.FocusAsync("#amount");
        await page.Keyboard.TypeAsync((await App.Ask(member.Token, "/codes", new { })).Text("code"), new() { Delay = 20 });
        await page.Keyboard.PressAsync("Enter");
        await page.Arrives("**/point-till?receipt=S-0001");
        await Expect(page.Locator("#answer")).ToContainTextAsync("お会計から120円を引いてください");
        await page.Look("point-till-spent");

        await page.ClickAsync("a[href='/point-till/receipt']");
        await page.FillAsync("#number", "A-0001");
        await page.Keyboard.PressAsync("Enter");
        await page.ClickAsync("summary");
        await page.Look("point-till-receipt", wholePage: true);
        await page.ClickAsync("button.do");
        await Expect(page.Locator("#answer")).ToContainTextAsync("取り消しました");
        await Expect(page.Locator("#answer")).ToContainTextAsync("120円");
        await page.Look("point-till-cancelled");
        await page.GotoAsync("/point-till/day");
        await page.Look("point-till-day");
        till.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_is_taken_whole_or_its_lines_are_named()
    {
        var member = await App.Member("青井 花");
        var number = (await App.Ask(member.Token, "/member-code")).Text("code");
        await using var till = await Till();
        var page = till.Page;
        await page.ClickAsync("a[href='/point-till/files']");

        await Send($"code,amount,receipt\n{number},1100,f1\n800000000000,1100,f2\n{number},x,f3\ntotal,2200,3\n");
        await Expect(page.Locator("[aria-labelledby=answer]")).ToContainTextAsync("3行目");
        await Expect(page.Locator("[aria-labelledby=answer]")).ToContainTextAsync("4行目");
        await page.Look("point-till-file-refused", wholePage: true);
        (await Points()).ShouldBe(0);
        var good = $"code,amount,receipt\r\n{number},1100,f1\r\n{number},2200,f2\r\ntotal,3300,2\r\n";
        await Send(good);
        await Expect(page.Locator("[aria-labelledby=answer] .good")).ToContainTextAsync("2件");
        await Send(good);
        await Expect(page.Locator("[aria-labelledby=sent] li")).ToHaveCountAsync(2);
        (await Points()).ShouldBe(30);
        await page.Look("point-till-files", wholePage: true);
        till.Complaints.ShouldBeEmpty();

        async Task Send(string text)
        {
            await page.SetInputFilesAsync("#file", new Microsoft.Playwright.FilePayload
            { Name = "points.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) });
            await page.ClickAsync("button.do");
            await page.Arrives("**/point-till/files?file=*");
        }

        async Task<long> Points() => (await App.Ask(member.Token, "/wallet")).GetProperty("points").GetInt64();
    }

    async Task<Visitor> Till()
    {
        var token = (await App.Post("/sandbox/centres", new { name = "なんばモール" })).Text("pointTillToken");
        var till = await chrome.Visit(App.Address, phone: false);
        await till.Page.GotoAsync("/point-till");
        await till.Page.Look("point-till-sign-in");
        await till.Page.ClickAsync("summary");
        await till.Page.FillAsync("#password", token);
        await till.Page.ClickAsync("form[action='/point-till/sign-in/token'] button");
        await till.Page.Arrives("**/point-till");
        return till;
    }
}

public sealed class PointTillOnSqlite(Chrome chrome, OnSqlite running) : PointTillTests(chrome, running);

public sealed class PointTillOnPostgres(Chrome chrome, OnPostgres running) : PointTillTests(chrome, running);
