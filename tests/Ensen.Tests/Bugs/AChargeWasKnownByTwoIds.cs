using System.Net;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// The receipt of a charge on its way failed, and the id under which a charge was taken on was nowhere in the history once it had arrived.
/// </summary>
public class AChargeWasKnownByTwoIds(Servers servers)
{
    [Theory, BothEngines]
    public async Task The_receipt_of_a_charge_that_has_not_arrived_is_not_found(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member();
        var id = (await aoi.Api.Post("/charges", new { source = "atm", amount = 3_000 })).Created().Text("chargeId");

        (await aoi.Api.Get($"/receipts/{id}")).Refused(404, "not_found");
        using var file = await Page(scene.App, aoi, $"/history/{id}/receipt");
        file.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, BothEngines]
    public async Task A_charge_that_arrived_is_found_by_the_id_it_was_taken_on_under(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member();
        var id = (await aoi.Api.Post("/charges", new { source = "card", amount = 3_000 })).Created().Text("chargeId");
        var item = (await aoi.Api.Get("/history")).Ok().Json.GetProperty("items")[0];

        using var page = await Page(scene.App, aoi, $"/history/{id}");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await page.Content.ReadAsStringAsync()).ShouldContain("3,000");
        using var csv = await Page(
            scene.App, aoi, $"/history/csv/{TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(9)):yyyy-MM}");
        (await csv.Content.ReadAsStringAsync()).ShouldContain(id);
        item.GetRawText().ShouldContain(id);
        (await aoi.Api.Get($"/receipts/{id}")).Ok();
    }

    static Task<HttpResponseMessage> Page(WebApp app, Person member, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", $"ensen-member={member.Api.Token}");
        request.Headers.Add("Accept", "text/html");
        return app.Http.SendAsync(request);
    }
}
