using Ensen.Browser.Support;
using Ensen.Tests.Formats;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ensen.Browser;

/// <summary>A store's printed kit: each piece on its paper, as many pages as it says, and each code read by somebody else's reader.</summary>
public abstract class KitTests(Chrome chrome, RunningApp running)
{
    WebApp App => running.App;

    [Fact]
    public async Task Each_piece_is_printed_on_its_paper_and_each_of_its_codes_is_read()
    {
        var made = await App.Post("/sandbox/stores", new { name = "パン工房つるはし 天王寺駅前店", area = "鶴橋" });
        await using var shop = await chrome.Visit(App.Address);
        await shop.Context.AddCookiesAsync([new Cookie { Name = "ensen-merchant", Value = made.Text("merchantToken"), Url = App.Address }]);
        var page = shop.Page;
        await page.GotoAsync("/shop");
        await page.Locator($"a[href='/shop/poster/{made.Text("storeId")}']").ClickAsync();
        await page.Arrives("**/shop/poster/*");
        await page.Look("kit-poster", wholePage: true);
        var tag = $"{App.Address}/t/{made.Text("tagId")}";

        (await Printed(page, 210, 297)).ShouldBe([made.Text("qr")]);
        foreach (var (piece, width, height, code, says) in new[]
        {
            ("card", 105, 148, made.Text("qr"), "アプリで読んで、お支払い"),
            ("sticker", 50, 50, tag, "ここにスマホをかざす"),
            ("tags", 210, 297, tag, "ここにスマホをかざす"),
        })
        {
            await page.ClickAsync($"nav a[href$='/{piece}']");
            await page.Arrives($"**/{piece}");
            await Expect(page.Locator("main")).ToContainTextAsync(says);
            await Expect(page.Locator("main .poster-say [lang=en]")).ToBeVisibleAsync();
            await page.Look($"kit-{piece}", wholePage: true);
            (await Printed(page, width, height)).ShouldBe([code], piece);
        }
        await Expect(page.Locator("[data-copy]")).ToHaveAttributeAsync("data-copy", tag);
        shop.Complaints.ShouldBeEmpty();
    }

    /// <summary>The codes of the one page that is printed, in black on white, on paper of this size in millimetres.</summary>
    static async Task<IReadOnlyList<string>> Printed(IPage page, int width, int height)
    {
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        var only = Judges.Pages(await page.PdfAsync(new() { PreferCSSPageSize = true, PrintBackground = true })).ShouldHaveSingleItem();
        await page.EmulateMediaAsync(new() { Media = Media.Null });
        only.Width.ShouldBe(width, 1);
        only.Height.ShouldBe(height, 1);
        return Judges.ZbarAll(only.Pgm);
    }
}

public sealed class KitTestsOnSqlite(Chrome chrome, OnSqlite running) : KitTests(chrome, running), IClassFixture<OnSqlite>;

public sealed class KitTestsOnPostgres(Chrome chrome, OnPostgres running) : KitTests(chrome, running), IClassFixture<OnPostgres>;
