using System.Net;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Attacks;

/// <summary>What people may write, others read: a script in it is text, on the pages of members, stores and operators.</summary>
public class ScriptInTextsTests(Servers servers)
{
    const string Script = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>";

    [Theory, BothEngines]
    public async Task Script_that_people_write_is_text_on_every_page(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (evil, aoi, shop) = (await scene.Member(10_000, name: Script), await scene.Member(10_000), await scene.Store(Script, Script));
        var paid = (await evil.Pay(shop, 700)).Created().Text("paymentId");
        var refund = (await shop.Till.Post($"/payments/{paid}/refunds", new { amount = 100, reason = Script })).Created().Text("refundId");
        var sent = (await evil.Api.Post("/transfers", new { to = aoi.Id, amount = 50, note = Script })).Created().Text("transferId");
        var taken = (await aoi.Pay(shop, 300)).Created().Text("paymentId");

        (await Shown(scene.App, "ensen-member", evil.Api.Token!, "/", "/history", $"/history/{paid}", $"/history/{refund}", $"/history/{sent}",
            "/account", $"/pay/done/{paid}", $"/send/done/{sent}", $"/t/{shop.TagId}")).ShouldBeGreaterThan(6);
        (await Shown(scene.App, "ensen-member", aoi.Api.Token!, "/", "/history", $"/history/{sent}", $"/history/{taken}")).ShouldBeGreaterThan(3);
        (await Shown(scene.App, "ensen-till", shop.Till.Token!, "/till", $"/till/movement/{refund}", "/till/poster")).ShouldBeGreaterThan(1);
        (await Shown(scene.App, "ensen-merchant", shop.Merchant.Token!, "/shop", $"/shop/movement/{refund}", $"/shop/poster/{shop.StoreId}"))
            .ShouldBeGreaterThan(1);

        using var console = new PlainBrowser(scene.App, "ensen-operator", (await scene.Operator(Script)).Api.Token!);
        var form = PlainBrowser.Fields(await console.Get($"/console/members/{evil.Id}"), "/console/members/open");
        form["reason"] = Script;
        var opened = await console.Get(await console.Post("/console/members/open", form, $"/console/members/{evil.Id}"));
        foreach (var page in (string[])[opened, await console.Get("/console"), await console.Get("/console/staff"), await console.Get("/console/log")])
            IsText(page).ShouldBeTrue();
    }

    /// <summary>On how many of these pages the text stands.</summary>
    static async Task<int> Shown(WebApp app, string cookie, string token, params string[] pages)
    {
        using var browser = new PlainBrowser(app, cookie, token);
        var shown = 0;
        foreach (var page in pages)
            if (IsText(await browser.Get(page)))
                shown++;
        return shown;
    }

    /// <summary>Whether the page shows the text, and never as anything else.</summary>
    static bool IsText(string page)
    {
        page.ShouldNotContain("<img src=x");
        page.ShouldNotContain("<script>alert");
        page.ShouldNotContain("\"'>");
        return WebUtility.HtmlDecode(page).Contains(Script, StringComparison.Ordinal);
    }
}
