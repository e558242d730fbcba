using Ensen.Browser.Support;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>
/// What a member has to press stands on the screen, whatever the phone; nothing moves under the thumb, nothing hides something else.
/// </summary>
public abstract class InReachTests(Chrome chrome, RunningApp running)
{
    /// <summary>A cheap Android, an iPhone in Safari with its bars, and the sizes between.</summary>
    static readonly (int Width, int Height)[] s_phones = [(360, 640), (390, 664), (390, 844), (320, 568)];

    WebApp App => running.App;

    [Fact]
    public async Task The_one_action_of_a_page_stands_on_the_screen_of_a_small_phone()
    {
        var (member, store) = (await WithPoints(), await App.Store("むぎの輪 天満本店", "天満・天神橋・大阪市北区天神橋4丁目8-12"));
        await using var phone = await chrome.Phone(App, member);
        foreach (var (path, action) in new[] { ($"/t/{store.TagId}", ".track-swipe"), ("/charge", "button.do"), ("/send", "button.do"), ("/pay", "[data-open]") })
            foreach (var (width, height) in s_phones)
            {
                if (path == "/pay" && height < 640)
                    continue; // The code itself comes first there; the camera is a scroll away on the smallest.
                await phone.Page.SetViewportSizeAsync(width, height);
                await phone.Page.GotoAsync(path);
                await phone.Page.Awake();

                var button = await Box(phone.Page, action);
                (button.Y + button.Height).ShouldBeLessThanOrEqualTo(height, $"{path} at {width}x{height}");
                (await CoveredBy(phone.Page, action)).ShouldBeNull($"{path} at {width}x{height}");
                (await TooWide(phone.Page)).ShouldBeLessThanOrEqualTo(0, $"{path} at {width}x{height}");
            }
    }

    [Fact]
    public async Task The_whole_pay_page_fits_360x640_with_keys_for_a_thumb()
    {
        var (member, store) = (await WithPoints(), await App.Store("むぎの輪 天満本店", "天満・天神橋・大阪市北区天神橋4丁目8-12"));
        await using var phone = await chrome.Phone(App, member);
        await phone.Page.SetViewportSizeAsync(360, 640);
        await phone.Page.GotoAsync($"/t/{store.TagId}");
        await phone.Page.Type("1200");

        (await Box(phone.Page, ".page.full")).Height.ShouldBeLessThanOrEqualTo(640);
        (await Box(phone.Page, "[data-key='5']")).Height.ShouldBeInRange(48, 62);
        (await Box(phone.Page, ".sums")).Height.ShouldBeLessThan(34, "the sums stand in one line");
        (await Box(phone.Page, ".points-choice")).Height.ShouldBeLessThan(60, "the points stand in one line");
        (await Box(phone.Page, ".shop .sub")).Height.ShouldBeLessThan(24, "the address stands in one line");
    }

    [Theory, InlineData("/t/"), InlineData("/charge"), InlineData("/send")]
    public async Task No_key_moves_while_an_amount_is_typed(string path)
    {
        var (member, store) = (await WithPoints(), await App.Store("むぎの輪"));
        await using var phone = await chrome.Phone(App, member);
        await phone.Page.GotoAsync(path == "/t/" ? path + store.TagId : path);
        await phone.Page.Awake();

        var before = await Box(phone.Page, "[data-key='5']");
        foreach (var typed in new[] { "1", "200", "99999999" })
        {
            await phone.Page.Type(typed);
            (await Box(phone.Page, "[data-key='5']")).Y.ShouldBe(before.Y, 0.5, $"after {typed}");
        }
        var field = await phone.Page.EvaluateAsync<double[]>(
            "() => { const f = document.querySelector('.sum'); return [f.scrollHeight, f.clientHeight]; }");
        field[0].ShouldBeLessThanOrEqualTo(field[1] + 1, "the comma's tail has its room");
    }

    [Theory, InlineData(390), InlineData(430), InlineData(520), InlineData(1280)]
    public async Task The_digits_of_a_shown_code_stand_below_its_bars(int width)
    {
        var member = await App.Member("青井 花", 3_000);
        await using var phone = await chrome.Phone(App, member);
        await phone.Page.SetViewportSizeAsync(width, 844);
        await phone.Page.GotoAsync("/pay");

        var (bars, digits) = (await Box(phone.Page, ".code .bars svg"), await Box(phone.Page, ".code .digits"));
        digits.Y.ShouldBeGreaterThanOrEqualTo(bars.Y + bars.Height);
        bars.Height.ShouldBeGreaterThan(60);
    }

    [Fact]
    public async Task Nothing_is_wider_than_the_screen_with_letters_of_twice_the_size_nor_at_320_pixels()
    {
        var (member, store) = (await WithPoints(), await App.Store("とても長い名前のお店とても長い名前のお店三十字", "天満"));
        var paid = (await App.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 2_000 }))
            .GetProperty("paymentId").GetString();
        await using var phone = await chrome.Phone(App, member);
        var complaints = new List<string>();
        foreach (var path in MemberPages.Of(store, paid!))
            foreach (var (width, size) in new[] { (390, "200%"), (320, "100%") })
            {
                await phone.Page.SetViewportSizeAsync(width, 844);
                await phone.Page.GotoAsync(path);
                await phone.Page.Awake();
                await phone.Page.EvaluateAsync("size => { document.documentElement.style.fontSize = size; }", size);
                if (await TooWide(phone.Page) is > 0 and var by)
                    complaints.Add($"{path} is {by} px too wide at {width} px and {size}: {await Widest(phone.Page, width)}");
            }
        string.Join('\n', complaints).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_months_amounts_are_in_sight_on_a_phone()
    {
        var (member, store) = (await WithPoints(), await App.Store("とても長い名前のお店とても長い名前のお店三十字"));
        await App.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 2_000 });
        await using var phone = await chrome.Phone(App, member);
        await phone.Page.GotoAsync($"/history/month/{TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(9)):yyyy-MM}");

        var region = await phone.Page.EvaluateAsync<double[]>(
            "() => { const r = document.querySelector('.scroll'); return [r.scrollWidth, r.clientWidth]; }");
        region[0].ShouldBeLessThanOrEqualTo(region[1]);
        foreach (var cell in await phone.Page.Locator("td.yen:not(:empty), td.balance:not(:empty)").AllAsync())
        {
            var box = (await cell.BoundingBoxAsync())!;
            (box.X + box.Width).ShouldBeLessThanOrEqualTo(390);
        }
        (await phone.Page.Locator("header .round").CountAsync()).ShouldBeLessThanOrEqualTo(2, "one way back, one eye");
    }

    async Task<SandboxMember> WithPoints()
    {
        var (member, store) = (await App.Member("青井 花", 100_000), await App.Store("靴 京橋"));
        await App.Ask(member.Token, "/payments", new { storeId = store.StoreId, amount = 40_000 });
        return member;
    }

    static async Task<LocatorBoundingBoxResult> Box(IPage page, string selector) =>
        (await page.Locator(selector).First.BoundingBoxAsync()).ShouldNotBeNull(selector);

    static Task<double> TooWide(IPage page) => page.EvaluateAsync<double>("() => document.documentElement.scrollWidth - innerWidth");

    /// <summary>The narrowest text that reaches out of the screen.</summary>
    static Task<string> Widest(IPage page, int width) => page.EvaluateAsync<string>(
        """
        width => {
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange(), found = [];
          while (texts.nextNode()) {
            range.selectNode(texts.currentNode);
            const box = range.getBoundingClientRect();
            if (box.right > width) found.push([box.width, texts.currentNode.parentElement.outerHTML.slice(0, 160)]);
          }
          return (found.sort((a, b) => a[0] - b[0])[0] || [0, 'no text'])[1];
        }
        """, width);

    /// <summary>What lies over the middle of it; null when a thumb meets the thing itself.</summary>
    static Task<string?> CoveredBy(IPage page, string selector) => page.Locator(selector).First.EvaluateAsync<string?>(
        """
        thing => {
          const box = thing.getBoundingClientRect();
          const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          return thing.contains(met) ? null : met?.outerHTML.slice(0, 120) ?? 'nothing';
        }
        """);
}

public sealed class InReachTestsOnSqlite(Chrome chrome, OnSqlite running) : InReachTests(chrome, running);

public sealed class InReachTestsOnPostgres(Chrome chrome, OnPostgres running) : InReachTests(chrome, running);
