using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ensen.Tests.Api;

namespace Ensen.Tests.Web;

/// <summary>How a shop gets from its lists to the receipt of each payment, and what the pages keep from it.</summary>
public sealed partial class ShopReceiptTests : PageTests
{
    [Fact]
    public async Task A_shop_reaches_the_receipt_of_each_payment_and_refund_and_learns_from_none_who_paid()
    {
        var paid = await Pay(1_200);
        var refund = (await Shop.Merchant.Post($"/payments/{paid}/refunds", new { amount = 500 })).Created().Text("refundId");
        var stranger = await Scene.Store("Tea");

        (string Area, Client As, Client Stranger)[] areas = [
            ("till", Shop.Till, stranger.Till), ("shop", Shop.Merchant, stranger.Merchant)];
        foreach (var (area, client, other) in areas)
        {
            var list = await Get(client, $"/{area}");
            foreach (var number in (string[])[paid, refund])
            {
                list.ShouldContain($"href=\"/{area}/movement/{number}\"");
                var page = await Get(client, $"/{area}/movement/{number}");
                page.ShouldContain($"href=\"/{area}/receipt/{number}\"");
                if (area == "shop")
                    page.Contains("href=\"/till/refund?number=", StringComparison.Ordinal)
                        .ShouldBe(number == paid, "where a refund is made is said where there is something to give back");
                JsonElement.Parse(await Get(client, $"/{area}/receipt/{number}")).GetProperty("entryId").GetString().ShouldBe(number);
                foreach (var text in (string[])[list, page])
                    foreach (var secret in (string[])["青井", Member.Id])
                        text.ShouldNotContain(secret);
                (await Ask(other, $"/{area}/movement/{number}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            }
            (await Get(other, $"/{area}")).ShouldNotContain(paid);
        }
    }

    [Fact]
    public async Task The_merchants_desk_goes_back_to_every_payment_of_every_day()
    {
        var payments = new List<string>();
        for (var i = 0; i < 32; i++)
            payments.Insert(0, await Pay(10 + i));
        await Tomorrow();

        (await Get(Shop.Merchant, "/shop")).ShouldContain($"href=\"/shop?day={First}\"");
        Numbers(await Get(Shop.Merchant, "/shop")).ShouldBeEmpty();
        var page = await Get(Shop.Merchant, $"/shop?day={First}");
        Numbers(page).ShouldBe(payments.Take(30));
        page.ShouldContain("816"); // The sum of the day: 32 payments of 10 to 41 yen.
        var next = $"/shop?day={First}&before={payments[29]}";
        WebUtility.HtmlDecode(page).ShouldContain($"href=\"{next}\"");
        Numbers(await Get(Shop.Merchant, next)).ShouldBe(payments.Skip(30));
    }

    static IEnumerable<string> Numbers(string page) => MovementShown().Matches(page).Select(m => m.Groups[1].Value);

    [GeneratedRegex("href=\"/shop/movement/([a-z0-9_]+)\"")]
    private static partial Regex MovementShown();
}
