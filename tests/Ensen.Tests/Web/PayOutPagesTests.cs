using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>Who confirms another account for a merchant sees what is changed, and is led there by the start of the console.</summary>
public class PayOutPagesTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_changed_account_stands_beside_the_one_in_force_and_the_start_leads_to_it(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var shop = await scene.Store($"パン {Guid.NewGuid():N}"[..12]);
        var (suzuki, ito) = ((await scene.Operator("鈴木")).Api, (await scene.Operator("伊藤")).Api);
        using var other = new PlainBrowser(scene.App, "ensen-operator", ito.Token!);
        using var support = new PlainBrowser(scene.App, "ensen-operator", (await scene.Operator("森", "support")).Api.Token!);
        var account = (await suzuki.Post("/console/pay-out-accounts", new
        {
            merchantId = shop.MerchantId,
            bankCode = "0005",
            branchCode = "001",
            kind = "ordinary",
            number = "7654321",
            holderKana = "パンコウボウ",
            reason = "お店が銀行を変えた",
        })).Created().Text("accountId");

        (await other.Get("/console")).ShouldContain("確認を待つ振込先");
        (await support.Get("/console")).ShouldNotContain("確認を待つ振込先", Case.Sensitive, "who may not act is not called");
        var page = await other.Get("/console/pay-outs");
        var card = page[page.IndexOf($"id=\"{account}\"", StringComparison.Ordinal)..];
        card = card[..card.IndexOf("</section>", StringComparison.Ordinal)];
        card.ShouldContain("いまの口座");
        card.ShouldContain("<b>7654321</b>", Case.Sensitive, "what is changed stands out");
        card.ShouldMatch(@"<td>\d{7}</td><td><b>7654321</b>", "the number that is paid to now");
        card.ShouldContain("申し込みの記録がありません");
        var form = PlainBrowser.Fields(card, "/console/pay-outs/confirm");
        (await other.Get(await other.Post("/console/pay-outs/confirm", form))).ShouldContain("の振込先にしました");
    }

    // The search field stood in the form of the proposal: pressing Enter in any field of it searched.
    [Theory, BothEngines]
    public async Task The_search_for_a_merchant_is_a_form_of_its_own(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var shop = await scene.Store($"茶 {Guid.NewGuid():N}"[..12]);
        using var browser = new PlainBrowser(scene.App, "ensen-operator", (await scene.Operator("鈴木")).Api.Token!);
        var page = await browser.Get("/console/pay-outs");
        PlainBrowser.Fields(page, "/console/pay-outs/propose").ShouldContainKey("holder");
        page.ShouldNotContain("formaction=\"/console/pay-outs/find\"");
        var find = PlainBrowser.Fields(page, "/console/pay-outs/find");
        find.ShouldNotContainKey("holder");

        find["find"] = shop.MerchantId;
        (await browser.Get(await browser.Post("/console/pay-outs/find", find))).ShouldContain($"value=\"{shop.MerchantId}\"");
    }
}
