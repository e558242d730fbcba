using System.Net;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Web;

/// <summary>What was corrected says so on every page that shows it, with the way to the correction; and operators at the command line.</summary>
public class CorrectedPagesTests(Servers servers)
{
    static readonly string[] s_suzuki = ["--by", "Suzuki"];
    static readonly string[] s_ito = ["--by", "Ito"];

    [Theory, BothEngines]
    public async Task The_pages_of_a_corrected_payment_lead_to_the_correction(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, shop) = (await scene.Member(20_000), await scene.Store());
        var paid = (await member.Pay(shop, 12_000)).Created().Text("paymentId");
        using var phone = new PlainBrowser(app, "ensen-member", member.Api.Token!);
        using var till = new PlainBrowser(app, "ensen-till", shop.Till.Token!);
        using var desk = new PlainBrowser(app, "ensen-merchant", shop.Merchant.Token!);
        (Movements(await phone.Get("/history")) + await phone.Get($"/history/{paid}") + await till.Get($"/till/movement/{paid}"))
            .ShouldNotContain("訂正");

        var correction = await Corrected(app, paid, $"{member.Id}:money:10800", $"{shop.StoreId}:payable:-10800");

        var number = NumberOf(correction);
        var receipt = await phone.Get($"/history/{paid}");
        receipt.ShouldContain("このお取引は、あとから訂正されています。");
        receipt.ShouldContain(number);
        (await phone.Get(Link(receipt, $"訂正の内容を見る(受付番号 {number})"))).ShouldContain($"受付番号 {NumberOf(paid)} のお取引を訂正しました");
        (await phone.Get("/history")).Split("訂正済み").Length.ShouldBe(2);
        foreach (var (browser, page, file) in new[] { (till, "/till/movement/", "/till/receipt/"), (desk, "/shop/movement/", "/shop/receipt/") })
        {
            var shown = await browser.Get(page + paid);
            shown.ShouldContain("運営者がこのお取引を訂正しました");
            shown.ShouldContain("10,800");
            shown.ShouldNotContain("/till/refund?payment=");
            Link(shown, $"訂正のレシート(受付番号 {number})").ShouldBe(file + correction);
            (await browser.Get(file + correction)).ShouldContain("\"correction\"");
        }
        var refund = await till.Get($"/till/refund?payment={paid}");
        refund.ShouldContain("レジから返金することはできません");
        refund.ShouldNotContain("name=\"pin\"");
    }

    [Theory, BothEngines]
    public async Task A_correction_of_the_stores_part_alone_is_nothing_to_the_member(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, shop) = (await scene.Member(20_000), await scene.Store());
        var paid = (await member.Pay(shop, 1_000)).Created().Text("paymentId");
        using var phone = new PlainBrowser(app, "ensen-member", member.Api.Token!);
        using var till = new PlainBrowser(app, "ensen-till", shop.Till.Token!);

        await Corrected(app, paid, $"{shop.StoreId}:payable:100", "programme:suspense:-100");

        (Movements(await phone.Get("/history")) + await phone.Get($"/history/{paid}")).ShouldNotContain("訂正");
        (await till.Get($"/till/movement/{paid}")).ShouldContain("運営者がこのお取引を訂正しました");
    }

    [Theory, BothEngines]
    public async Task At_the_command_line_a_proposal_is_listed_with_its_owners_and_withdrawn_once(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, shop) = (await scene.Member(20_000), await scene.Store());
        var paid = (await member.Pay(shop, 1_000)).Created().Text("paymentId");
        var proposal = await Proposed(app, paid, $"{member.Id}:money:100", $"{shop.StoreId}:payable:-100");

        var listed = (await Command(app, 0, "correction")).Output;
        listed.ShouldContain(proposal);
        listed.ShouldMatch($@"\n  money +\+100  {member.Id}\n  payable +-100  {shop.StoreId}\n");
        (await Command(app, 0, ["correction", "withdraw", proposal, "--reason", "another payment was meant", .. s_ito])).Output
            .ShouldContain("Withdrawn");

        (await Command(app, 0, "correction")).Output.ShouldNotContain(proposal);
        (await Command(app, 1, ["correction", "approve", proposal, .. s_ito])).Error.ShouldContain("It was withdrawn");
        (await Command(app, 1, ["correction", "withdraw", proposal, "--reason", "again", .. s_suzuki])).Error.ShouldContain("withdrawn before");
        (await Command(app, 1, ["correction", "withdraw", "cor_nothing", "--reason", "again", .. s_suzuki])).Error.ShouldContain("no proposal's number");
    }

    static async Task<string> Corrected(WebApp app, string entry, params string[] moves)
    {
        var proposal = await Proposed(app, entry, moves);
        var posted = (await Command(app, 0, ["correction", "approve", proposal, .. s_ito])).Output;
        return posted.Trim().TrimEnd('.').Split(' ')[^1];
    }

    static async Task<string> Proposed(WebApp app, string entry, params string[] moves)
    {
        await ReadyOperators.Make(app.DatabaseAddress, "Suzuki", "Ito");
        var proposed = await Command(
            app, 0, ["correction", "propose", entry, "--reason", "a zero too many", .. s_suzuki, .. moves.SelectMany(m => new[] { "--move", m })]);
        return proposed.Output.Split('\n')[0];
    }

    static async Task<(string Output, string Error)> Command(WebApp app, int exitCode, params string[] command)
    {
        var answer = await WebApp.Command([.. command, "--database", app.DatabaseAddress]);
        answer.ExitCode.ShouldBe(exitCode, answer.Output + answer.Error);
        return (answer.Output, answer.Error);
    }

    static string NumberOf(string id)
    {
        Ensen.Web.Edge.Ids.TryParseEntry(id, out var entry).ShouldBeTrue(id);
        return ReceiptNumber.Of(entry);
    }

    /// <summary>Where a link with this text leads.</summary>
    static string Link(string page, string text)
    {
        var at = page.IndexOf($">{text}</a>", StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0, text);
        var link = page[page.LastIndexOf("href=\"", at, StringComparison.Ordinal)..at];
        return WebUtility.HtmlDecode(link["href=\"".Length..].Split('"')[0]);
    }

    /// <summary>A history without the choice of what it shows, which names corrections whether there are any or not.</summary>
    static string Movements(string history) => history.Replace("返金・訂正", "", StringComparison.Ordinal)
        .Replace("返金&#x30FB;訂正", "", StringComparison.Ordinal);
}
