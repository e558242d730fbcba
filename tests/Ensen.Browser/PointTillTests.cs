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
    public async Task A_customers_number_never_stays_behind_a_receipt_however_slow_the_scanner()
    {
        var number = (await App.Ask((await App.Member("青井 花")).Token, "/member-code")).Text("code");
        await using var till = await Till();
        var page = till.Page;

        foreach (var (delay, receipt) in new[] { (20, "A-0011"), (55, "A-0012"), (180, "A-0013") })
        {
            await page.Locator("#amount").PressSequentiallyAsync("1100");
            await page.FillAsync("#receipt", receipt);
            await page.Keyboard.TypeAsync(number, new() { Delay = delay });
            await page.Keyboard.PressAsync("Enter");
            await page.Arrives("**/point-till?receipt=" + receipt);
        }
        await page.FillAsync("#receipt", "A-0014");
        await page.Keyboard.TypeAsync(number, new() { Delay = 180 });
        await page.FocusAsync("#code");
        await Expect(page.Locator("#receipt")).ToHaveValueAsync("A-0014");
        await Expect(page.Locator("#code")).ToHaveValueAsync(number);
        till.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_receipts_bar_code_goes_into_the_receipts_field_and_a_card_to_the_customers()
    {
        await using var till = await Till();
        var page = till.Page;
        // Where the cursor is: in the receipt's own field, and in the amount.
        foreach (var field in new[] { "#receipt", "#amount" })
        {
            await page.FillAsync("#receipt", "");
            await page.FillAsync("#code", "");
            await page.FillAsync("#amount", field == "#amount" ? "1100" : "");
            await page.FocusAsync(field);
            await page.WaitForTimeoutAsync(150); // As long as a hand needs to the scanner, at least.
            await page.Keyboard.InsertTextAsync("4901234567894");
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.Locator("#receipt")).ToHaveValueAsync("4901234567894");
            await Expect(page.Locator("#code")).ToHaveValueAsync("");
        }
        await Expect(page.Locator("#amount")).ToHaveValueAsync("1,100");
        await page.FocusAsync("#amount");
        await page.WaitForTimeoutAsync(150); // As long as a hand needs to the scanner, at least.
        await page.Keyboard.InsertTextAsync("6376543210");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-pay-said]")).ToContainTextAsync("どれでもありません");
        await Expect(page.Locator("#receipt")).ToHaveValueAsync("4901234567894");
        await Expect(page.Locator("#code")).ToHaveValueAsync("6376543210");
        await Expect(page.Locator("#amount")).ToHaveValueAsync("1,100");
        await page.Look("point-till-refused");
    }

    [Fact]
    public async Task What_was_typed_survives_a_line_that_is_cut_and_the_receipt_says_whether_it_was_booked()
    {
        var number = (await App.Ask((await App.Member("青井 花")).Token, "/member-code")).Text("code");
        await using var till = await Till();
        var page = till.Page;
        await page.Locator("#amount").PressSequentiallyAsync("2200");
        await page.FillAsync("#receipt", "L-0001");
        await page.FillAsync("#code", number);
        await till.Context.SetOfflineAsync(true);
        await page.ClickAsync("form[data-pay] button.do");
        await Expect(page.Locator("[data-pay-said]")).ToContainTextAsync("確認しています");
        (await page.InputValueAsync("#receipt"), await page.InputValueAsync("#code"), await page.InputValueAsync("#amount"))
            .ShouldBe(("L-0001", number, "2,200"));
        await page.Look("point-till-cut");
        await till.Context.SetOfflineAsync(false);
        await page.Arrives("**/point-till?receipt=L-0001");
        await Expect(page.Locator("#answer .huge")).ToContainTextAsync("20");

        // It arrived, and the answer did not: the receipt says so.
        await page.Locator("#amount").PressSequentiallyAsync("3300");
        await page.FillAsync("#receipt", "L-0002");
        await page.FillAsync("#code", number);
        await page.RouteAsync("**/point-till/award", async route =>
        {
            await route.FetchAsync();
            await route.AbortAsync("internetdisconnected");
        });
        await page.ClickAsync("form[data-pay] button.do");
        await page.Arrives("**/point-till/receipt?number=L-0002");
        await Expect(page.Locator("#answer .huge")).ToContainTextAsync("30");
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
