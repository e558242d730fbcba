using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>A member reads what became of a refund as the till does.</summary>
public class RefundedPagesTests(Servers servers)
{
    // The till said what was withheld; the payment's receipt said that all came back, and the refund's another sum, without a word.
    [Theory, BothEngines]
    public async Task What_was_taken_back_and_withheld_stands_on_the_receipts_of_payment_and_refund(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, shop) = (await scene.Member(20_000), await scene.Store());
        var paid = (await member.Pay(shop, 4_000)).Created().Text("paymentId");
        (await member.Pay(shop, 15, points: 15)).Created();
        var refund = (await shop.Till.Post($"/payments/{paid}/refunds", new { amount = 4_000 })).Created().Text("refundId");
        using var phone = new PlainBrowser(app, "ensen-member", member.Api.Token!);

        foreach (var page in (string[])[$"/history/{paid}", $"/history/{refund}"])
        {
            var receipt = await phone.Get(page);
            receipt.ShouldContain("このお支払いで付与した20 ptを取り消しました。");
            receipt.ShouldContain("このうち15 ptはすでに使われていたため、4,000円の返金から15円を差し引きました。");
            receipt.ShouldContain("3,985");
        }
    }

    [Theory, BothEngines]
    public async Task What_a_shopping_centre_withheld_stands_on_the_receipts_of_purchase_and_cancellation(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, shop, till) = (await scene.Member(), await scene.Store(), await scene.PointTill());
        var code = (await member.Api.Get("/member-code")).Ok().Text("code");
        (await till.Post("/point-till/awards", new { code, amount = 11_000, receipt = "w1" })).Created().Number("points").ShouldBe(100);
        (await member.Pay(shop, 30, points: 30)).Created();
        (await till.Post("/point-till/receipts/w1/cancellation")).Created().Number("withheldYen").ShouldBe(30);
        using var phone = new PlainBrowser(app, "ensen-member", member.Api.Token!);

        var movements = (await member.Api.Get("/history")).Ok().Json.GetProperty("items").EnumerateArray()
            .Where(i => i.GetProperty("kind").GetString() is "pointaward" or "pointcancellation")
            .Select(i => i.GetProperty("id").GetString()!).ToList();
        movements.Count.ShouldBe(2);
        foreach (var movement in movements)
            (await phone.Get($"/history/{movement}")).ShouldContain("取り消した100 ptの一部はすでに使われていたため、お店での返金から30円が差し引かれました。");
    }
}
