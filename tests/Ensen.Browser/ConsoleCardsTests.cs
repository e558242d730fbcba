using System.Text;
using Ensen.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>The console's room for cards and centres: leaked numbers by two people, a centre, and files with their errors.</summary>
public abstract class ConsoleCardsTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task Leaked_numbers_are_revoked_by_two_and_the_card_is_gone()
    {
        var aoi = await App.Member("青井 花");
        var made = await App.Post("/sandbox/point-cards", new { issuer = "namba" });
        await App.Ask(aoi.Token, "/point-cards",
            new { issuer = "namba", number = made.Text("number"), pin = made.Text("pin"), membership = "existing" });
        await using var one = await Desk("鈴木 一郎");
        await using var other = await Desk("伊藤 二郎");

        await one.Page.GotoAsync("/console");
        await one.Page.ClickAsync(".side a[href='/console/cards']");
        var reason = "売られていた " + Guid.NewGuid().ToString("N")[..8];
        await one.Page.FillAsync("#numbers", made.Text("number") + "\nx");
        await one.Page.SetInputFilesAsync("#file", new FilePayload
        { Name = "leak.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes("number,seen\n637654321,web\n") });
        await one.Page.FillAsync("#reason", reason);
        await one.Page.ClickAsync("button.do");
        await Expect(one.Page.Locator(".note.good")).ToContainTextAsync("提案しました");
        await Expect(Mine(one).Locator("button[value=yes]")).ToHaveCountAsync(0);
        await one.Page.Look("console-cards", wholePage: true);
        await other.Page.GotoAsync("/console/cards");
        await Mine(other).Locator("button[value=yes]").ClickAsync();
        await Expect(other.Page.Locator(".note.good")).ToContainTextAsync("停止しました");
        await Expect(Mine(other).Locator(".tag")).ToHaveTextAsync("停止済み");
        await other.Page.Look("console-cards-revoked", wholePage: true);

        await using var phone = await chrome.Phone(App, aoi);
        await phone.Page.GotoAsync("/point-cards");
        await Expect(phone.Page.Locator("main li")).ToHaveCountAsync(0);
        one.Complaints.ShouldBeEmpty();
        other.Complaints.ShouldBeEmpty();

        ILocator Mine(Visitor desk) => desk.Page.Locator("section.card", new() { HasText = reason });
    }

    [Fact]
    public async Task A_centre_is_opened_and_its_till_signed_in_by_the_number_and_the_PIN()
    {
        await using var desk = await Desk("鈴木 一郎");
        await desk.Page.GotoAsync("/console/cards/centres");
        var name = "てんのうじモール " + Guid.NewGuid().ToString("N")[..6];
        await desk.Page.FillAsync("#name", name);
        await desk.Page.ClickAsync("form[action='/console/cards/open-centre'] button");
        await Expect(desk.Page.Locator(".note.good")).ToContainTextAsync(name);
        var (number, pin) = (await desk.Page.Locator(".note.good .mid").First.InnerTextAsync(), await desk.Page.Locator(".note.good .mid").Last.InnerTextAsync());

        await using var till = await chrome.Visit(App.Address, phone: false);
        await till.Page.GotoAsync("/point-till/sign-in");
        await till.Page.FillAsync("#number", number);
        await till.Page.FillAsync("#pin", pin == "000000" ? "111111" : "000000");
        await till.Page.ClickAsync("button.do");
        await Expect(till.Page.Locator(".note.bad")).ToBeVisibleAsync();
        await till.Page.FillAsync("#pin", pin);
        await till.Page.ClickAsync("button.do");
        await till.Page.Arrives("**/point-till");
        await Expect(till.Page.Locator("h1")).ToHaveTextAsync(name);
        await till.Page.GotoAsync("/point-till/files");
        await till.Page.SetInputFilesAsync("#file", new FilePayload
        { Name = "points.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes("code,amount,receipt\nx,1100,f1\ntotal,1100,1\n") });
        await till.Page.ClickAsync("button.do");
        await till.Page.Arrives("**/point-till/files?file=*");

        await desk.Page.GotoAsync("/console/cards/centres");
        var file = desk.Page.Locator("[aria-labelledby=files] li", new() { HasText = name });
        await file.Locator("summary").First.ClickAsync();
        await Expect(file.First).ToContainTextAsync("2行目");
        await desk.Page.Look("console-centres", wholePage: true);
        desk.Complaints.ShouldBeEmpty();
        till.Complaints.ShouldBeEmpty();
    }

    async Task<Visitor> Desk(string name)
    {
        var token = (await App.Post("/sandbox/operators", new { name })).Text("token");
        var desk = await chrome.Visit(App.Address, phone: false);
        await desk.Context.AddCookiesAsync([new Cookie { Name = "ensen-operator", Value = token, Url = App.Address }]);
        return desk;
    }
}

public sealed class ConsoleCardsOnSqlite(Chrome chrome, OnSqlite running) : ConsoleCardsTests(chrome, running);

public sealed class ConsoleCardsOnPostgres(Chrome chrome, OnPostgres running) : ConsoleCardsTests(chrome, running);
