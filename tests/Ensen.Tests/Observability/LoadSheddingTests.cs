using System.Diagnostics;
using System.Globalization;
using System.Net;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Observability;

/// <summary>
/// A database that takes no writes for a while: lists give way first, then new payments; what was asked before learns its answer
/// throughout.
/// </summary>
public class LoadSheddingTests
{
    [Fact]
    public async Task Lists_give_way_before_payments_and_nobody_is_left_in_doubt()
    {
        await using var app = await WebApp.Start(Engine.Postgres, "--Ensen:ListsWaitMs=500", "--Ensen:PaymentsWaitMs=4000");
        var scene = new Scene(app);
        var (aoi, ben, cid) = (await scene.Member(1_000), await scene.Member(1_000), await scene.Member(1_000));
        var cafe = await scene.Store();
        (await ben.Pay(cafe, 50, key: "known")).Created();

        Task<Reply> first, second, twin;
        await using (await Stalled.By(app))
        {
            first = aoi.Pay(cafe, 100, key: "under way");
            await Oldest(app, TimeSpan.FromSeconds(0.6));

            Busy(await ben.Api.Get("/history"));
            Busy(await ben.Api.In("ja").Get("/history"));
            (await ben.Api.Get("/wallet")).Ok();
            second = cid.Pay(cafe, 10);
            await Task.Delay(200, TestContext.Current.CancellationToken); // That nothing happens shows in nothing but time.
            second.IsCompleted.ShouldBeFalse("a payment is taken while lists are refused");

            await Oldest(app, TimeSpan.FromSeconds(4.1));
            Busy(await ben.Pay(cafe, 60, key: "new"));
            var known = (await ben.Pay(cafe, 50, key: "known")).Created();
            known.Replayed.ShouldBeTrue();
            (await cafe.Till.Get("/till/payments?orderId=o-nobody")).Refused(404, "not_found");
            twin = aoi.Pay(cafe, 100, key: "under way");
            await Task.Delay(200, TestContext.Current.CancellationToken); // That nothing happens shows in nothing but time.
            twin.IsCompleted.ShouldBeFalse("a repeat of what is under way waits for its answer");
            (await People(app, "/welcome", "ja")).ShouldContain("混み合っています");
            (await People(app, "/welcome", "en")).ShouldContain("Nothing of this was taken");
        }

        var paid = (await first).Created();
        (await twin).Created().Text("paymentId").ShouldBe(paid.Text("paymentId"));
        (await second).Created();
        (await ben.Pay(cafe, 60, key: "new")).Created().Replayed.ShouldBeFalse("nothing of it had happened");
        (await aoi.Balance(), await ben.Balance(), await cid.Balance()).ShouldBe((900, 890, 990));
        (await ben.Api.Get("/history")).Ok();
    }

    static void Busy(Reply reply)
    {
        reply.Refused(429, "too_many_requests");
        int.Parse(reply.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture).ShouldBeInRange(1, 5);
    }

    static async Task<string> People(WebApp app, string path, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        request.Headers.TryAddWithoutValidation("Accept-Language", language);
        using var answer = await app.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        return await answer.Content.ReadAsStringAsync();
    }

    static async Task Oldest(WebApp app, TimeSpan age)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(50))
            if ((await Metrics.Of(app))["ensen_ledger_oldest_seconds"] > age.TotalSeconds)
                return;
        throw new TimeoutException("Nobody waits that long.");
    }
}
