using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>Point cards as a member's program registers them.</summary>
public class PointCardsApiTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_card_is_registered_migrated_and_never_detached(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, other) = (await scene.Member(), await scene.Member());
        (await member.Api.Get("/point-card-issuers")).Ok().Json.GetProperty("items").EnumerateArray()
            .Select(i => i.GetProperty("issuer").GetString()).ShouldBe(["umeda", "tennoji", "namba"]);
        var card = (await scene.Nobody.Post("/sandbox/point-cards", new { issuer = "umeda", points = 120 }, Client.NoKey)).Created();
        var body = new { issuer = "umeda", number = card.Text("number"), pin = card.Text("pin"), membership = "existing" };

        (await member.Api.Post("/point-cards", body, Client.NoKey)).Refused(400, "key_required");
        (await member.Api.Post("/point-cards", body with { membership = "new" })).Refused(422, "not_eligible").Text("detail")
            .ShouldContain("登録済み");
        (await member.Api.Post("/point-cards", body with { pin = body.pin == "0000" ? "1111" : "0000" })).Refused(422, "card_refused");
        var registered = (await member.Api.Post("/point-cards", body)).Created();
        registered.Text("number").ShouldBe("****" + body.number[^4..]);
        registered.Text("state").ShouldBe("in_force");
        var id = registered.Text("cardId");
        (await other.Api.Post("/point-cards", body)).Refused(409, "already_linked");
        (await member.Api.Post("/point-cards", body)).Refused(409, "already_registered");
        (await member.Api.Send(HttpMethod.Delete, $"/point-cards/{id}", null, Client.NoKey)).Refused(409, "not_detachable");
        (await other.Api.Send(HttpMethod.Delete, $"/point-cards/{id}", null, Client.NoKey)).Refused(404, "not_found");
        (await other.Api.Post($"/point-cards/{id}/migration")).Refused(404, "not_found");

        var migrated = (await member.Api.Post($"/point-cards/{id}/migration")).Created();
        (migrated.Text("status"), migrated.Number("points")).ShouldBe(("completed", 120));
        (await member.Api.Post($"/point-cards/{id}/migration")).Created().Replayed.ShouldBeTrue();
        (await member.Wallet()).GetProperty("points").GetInt64().ShouldBe(120);
        (await scene.Nobody.Post($"/sandbox/point-cards/{body.number}/events", new { @event = "reissued" }, Client.NoKey)).Ok();
        var shown = (await member.Api.Get("/point-cards")).Ok().Json.GetProperty("items")[0];
        (shown.GetProperty("cardId").GetString(), shown.GetProperty("state").GetString()).ShouldBe((id, "migrated"));
        (await member.Api.Get("/me/leaving")).Ok().Json.GetProperty("lost").GetProperty("pointCards")[0].GetProperty("cardId").GetString().ShouldBe(id);
    }
}
