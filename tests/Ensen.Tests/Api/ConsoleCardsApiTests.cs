using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>What an operator's program does with leaked card numbers, centres and files.</summary>
public class ConsoleCardsApiTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task Leaked_numbers_are_proposed_by_one_and_approved_by_another(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, suzuki, ito) = (await scene.Member(), (await scene.Operator("鈴木")).Api, (await scene.Operator("伊藤")).Api);
        var card = (await scene.Nobody.Post("/sandbox/point-cards", new { issuer = "umeda" }, Client.NoKey)).Created();
        (await member.Api.Post("/point-cards",
            new { issuer = "umeda", number = card.Text("number"), pin = card.Text("pin"), membership = "existing" })).Created();
        var body = new { numbers = new[] { card.Text("number"), "x" }, reason = "found for sale" };

        (await suzuki.Post("/console/card-revocations", body, Client.NoKey)).Refused(400, "key_required");
        (await suzuki.Post("/console/card-revocations", body with { numbers = ["x"] })).Refused(400, "invalid_code");
        (await suzuki.Post("/console/card-revocations", body with { reason = " " })).Refused(400, "invalid_request");
        var proposed = (await suzuki.Post("/console/card-revocations", body, "p")).Created();
        (await suzuki.Post("/console/card-revocations", body, "p")).Created().Replayed.ShouldBeTrue();
        var id = proposed.Text("revocationId");
        (proposed.Number("numbers"), proposed.Number("unread"), proposed.Number("cards"), proposed.Text("status"))
            .ShouldBe((1, 1, 1, "proposed"));
        (await suzuki.Post($"/console/card-revocations/{id}/approval", key: Client.NoKey)).Refused(403, "same_person");
        (await ito.Post("/console/card-revocations/crv_nothing/approval", key: Client.NoKey)).Refused(404, "not_found");
        (await ito.Post($"/console/card-revocations/{id}/approval", key: Client.NoKey)).Ok().Text("status").ShouldBe("approved");
        (await ito.Post($"/console/card-revocations/{id}/withdrawal", key: Client.NoKey)).Refused(409, "already_decided");

        (await member.Api.Get("/point-cards")).Ok().Json.GetProperty("items").GetArrayLength().ShouldBe(0);
        (await ito.Get("/console/card-revocations")).Ok().Json.GetProperty("items").EnumerateArray()
            .ShouldContain(r => r.GetProperty("revocationId").GetString() == id);
    }

    [Theory, BothEngines]
    public async Task A_centre_is_opened_and_files_and_their_errors_are_listed(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var suzuki = (await scene.Operator("鈴木")).Api;
        var name = "てんのうじモール " + Guid.NewGuid().ToString("N")[..8];

        (await suzuki.Post("/console/centres", new { name, pin = "111111" })).Refused(400, "invalid_request");
        (await suzuki.Post("/console/centres", new { name = " ", pin = "730416" })).Refused(400, "invalid_name");
        var centre = (await suzuki.Post("/console/centres", new { name, pin = "730416" }, "c")).Created();
        (await suzuki.Post("/console/centres", new { name, pin = "730416" }, "c")).Created().Text("centreId").ShouldBe(centre.Text("centreId"));
        (await suzuki.Post("/console/centres", new { name, pin = "730417" }, "c")).Refused(422, "key_reused");
        (await suzuki.Get("/console/centres")).Ok().Json.GetProperty("items").EnumerateArray()
            .Count(c => c.GetProperty("name").GetString() == name).ShouldBe(1);
        (await suzuki.Get("/console/point-files")).Ok();
        (await suzuki.Get("/console/ride-files")).Ok();
    }
}
