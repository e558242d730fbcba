using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>Sales by API, as a merchant's own program asks for them.</summary>
public class SalesApiTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task Sales_of_today_are_told_by_each_key_and_add_up(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(20_000), await scene.Store());
        var paid = (await member.Pay(shop, 1_200)).Created().Text("paymentId");
        (await shop.Take(await member.Code(), 800, Scene.Order())).Created();
        (await shop.Till.Post($"/payments/{paid}/refunds", new { amount = 500 })).Created();

        foreach (var by in (string[])["day", "hour", "store", "clerk", "way"])
        {
            var sales = (await shop.Merchant.Get($"/shop/sales?by={by}")).Ok();
            sales.Number("total").ShouldBe(1_500, by);
            var rows = sales.Json.GetProperty("rows").EnumerateArray().ToList();
            rows.Sum(r => r.GetProperty("payments").GetInt64()).ShouldBe(2, by);
            rows.Sum(r => r.GetProperty("refunds").GetInt64()).ShouldBe(1, by);
            rows.Sum(r => r.GetProperty("yen").GetInt64()).ShouldBe(1_500, by);
        }
        var ways = (await shop.Merchant.Get("/shop/sales?by=way")).Ok().Json.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("key").GetString());
        ways.ShouldBe(["shownCode", "direct"]);
    }

    [Theory, BothEngines]
    public async Task What_is_no_period_or_nothing_to_tell_by_is_refused(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (shop, other) = (await scene.Store(), await scene.Store());

        foreach (var wrong in (string[])["from=yesterday", "to=2026-13-01", "from=2026-12-02&to=2026-12-01", "from=2024-01-01&to=2026-01-01", "by=member", "by=", "by=1"])
            (await shop.Merchant.Get("/shop/sales?" + wrong)).Refused(400, "invalid_request", wrong);
        foreach (var store in (string[])[other.StoreId, "str_nothing", "", "' or 1=1 --"])
            (await shop.Merchant.Get($"/shop/sales?store={Uri.EscapeDataString(store)}")).Refused(404, "not_found", store);
        (await shop.Merchant.Get($"/shop/sales?store={shop.StoreId}")).Ok().Number("total").ShouldBe(0);
        (await shop.Till.Get("/shop/sales")).Refused(403, "forbidden");
    }
}
