using System.Net.Http.Json;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;
using Shop = Ensen.Tests.Api.Shop;

namespace Ensen.Tests.Bugs;

/// <summary>
/// At a till a wrong PIN was answered before anything else: a clerk tried PINs until they were shut out, for a refund to a customer who had
/// left. And whoever might give back no more was not told how much they may.
/// </summary>
public class PinsWereTriedInVain(Servers servers)
{
    [Theory, BothEngines]
    public async Task What_stands_against_a_refund_is_said_before_the_PIN(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (aoi, ren, shop) = (await scene.Member(2_000), await scene.Member(500), await scene.Store());
        var (paid, left) = ((await aoi.Pay(shop, 1_000)).Created().Text("paymentId"), (await ren.Pay(shop, 500)).Created().Text("paymentId"));
        await Leave(ren);
        using var till = Till(app, shop);

        (await Refund(till, left, 500, "0000")).Refused(422, "member_left");
        (await Refund(till, paid, 1_001, "0000")).Refused(422, "not_refundable");
        (await Refund(till, paid, 1_000, "0000")).Refused(401, "step_up_required");
        (await till.GetStringAsync("/till/refund?payment=" + left)).ShouldNotContain("name=\"pin\"");
        (await till.GetStringAsync("/till/refund?payment=" + paid)).ShouldContain("name=\"pin\"");
    }

    [Theory, BothEngines]
    public async Task Whoever_is_over_their_cap_is_told_the_cap_and_what_is_left_of_it_today(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (aoi, shop) = (await scene.Member(50_000), await scene.Store());
        var paid = (await aoi.Pay(shop, 40_000)).Created().Text("paymentId");
        var clerk = (await scene.Nobody.Post("/sandbox/shop-accounts",
            new { merchantId = shop.MerchantId, name = "海 太郎", role = "clerk", storeIds = new[] { shop.StoreId } }, Client.NoKey))
            .Created().Text("accountId");
        (await shop.Merchant.Post($"/shop/staff/{clerk}/till-pin", new { pin = "7305" })).Status.ShouldBeLessThan(300);
        using var till = Till(app, shop);

        (await Refund(till, paid, 9_000, "7305", clerk)).Created();
        var refused = (await Refund(till, paid, 10_001, "7305", clerk)).Refused(422, "over_limit").Text("detail");
        (refused.Contains("10,000円", StringComparison.Ordinal), refused.Contains("30,000円", StringComparison.Ordinal),
            refused.Contains("21,000円", StringComparison.Ordinal)).ShouldBe((true, true, true), refused);
    }

    static HttpClient Till(WebApp app, Shop shop)
    {
        var till = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = new Uri(app.Address) };
        till.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", $"ensen-till={shop.Till.Token}");
        till.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", "ja");
        return till;
    }

    static async Task<Reply> Refund(HttpClient till, string payment, long amount, string pin, string? clerk = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/payments/{payment}/refunds")
        { Content = JsonContent.Create(new { amount, pin, clerk }) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", Guid.NewGuid().ToString());
        using var answer = await till.SendAsync(request);
        return new Reply("refund by cookie", (int)answer.StatusCode, await answer.Content.ReadAsStringAsync(),
            answer.Content.Headers.ContentType?.MediaType, answer.Headers);
    }

    static async Task Leave(Person who)
    {
        var id = (await who.Api.Post("/me/challenges", new { purpose = "leaving", method = "password" })).Created().Text("challengeId");
        (await who.Api.Post($"/me/challenges/{id}/answer", new { password = who.Password })).Ok();
        (await who.Api.Send(HttpMethod.Post, "/me/leaving", JsonContent.Create(new { confirm = true }), "leave", id)).Ok();
    }
}
