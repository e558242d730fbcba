using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>A month of rides as a script lives it: card, rides, the next month, points, and the points onto the card.</summary>
public class TransitApiTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_script_lives_a_month_of_rides(Engine engine)
    {
        var scene = new Scene(await servers.WithMovableClock(engine));
        var (aoi, ren) = (await scene.Member(), await scene.Member(name: "Ren"));
        var card = (await scene.Nobody.Post("/sandbox/transit-cards", new { }, Client.NoKey)).Created();
        var number = card.Text("number");
        (await aoi.Api.Post("/transit-cards", new { number, proof = "0" })).Refused(422, "card_refused");
        (await aoi.Api.Post("/transit-cards", new { number = "12", proof = "0" })).Refused(400, "invalid_request");
        var linked = (await aoi.Api.Post("/transit-cards", new { number, proof = card.Text("proof") })).Created();
        linked.Text("number").ShouldBe("****" + number[^4..]);
        (await ren.Api.Post("/transit-cards", new { number, proof = card.Text("proof") })).Refused(409, "already_linked");

        var now = DateTimeOffset.Parse((await scene.Nobody.Get("/sandbox/clock")).Ok().Text("now"), System.Globalization.CultureInfo.InvariantCulture);
        var first = new DateTimeOffset(now.Year, now.Month, 1, 12, 0, 0, TimeSpan.FromHours(9));
        var rides = Enumerable.Range(0, 6).Select(i => new
        {
            card = number,
            from = "大阪",
            to = "京橋",
            fare = (object)170,
            inAt = first.AddDays(i).ToString("O"),
            outAt = (string?)first.AddDays(i).AddMinutes(20).ToString("O"),
        }).ToList();
        rides.AddRange([rides[0], rides[1] with { fare = "170" }, rides[2] with { outAt = "soon" }]);
        var fed = (await scene.Nobody.Post("/sandbox/rides", rides, Client.NoKey)).Ok();
        fed.Json.GetProperty("accepted").GetInt64().ShouldBe(6);
        fed.Json.GetProperty("duplicates").GetInt64().ShouldBe(1);
        fed.Json.GetProperty("refused").EnumerateArray().Select(r => r.GetProperty("why").GetString()).ShouldBe(["invalid_fare", "invalid_time"]);

        var month = $"{first:yyyy-MM}";
        var before = (await aoi.Api.Get($"/rides?month={month}")).Ok().Json;
        (before.GetProperty("points").GetInt64(), before.GetProperty("posted").GetInt64()).ShouldBe((51, 0));
        before.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("why").GetString())
            .ShouldBe(["group_points", "group_points", "group_points", "group_before", "group_before", "group_before"]);
        (await ren.Api.Get($"/rides?month={month}")).Ok().Json.GetProperty("items").GetArrayLength().ShouldBe(0);
        (await aoi.Api.Get("/rides?month=never")).Refused(400, "invalid_request");

        await scene.Nobody.Post("/sandbox/clock", new { now = first.AddMonths(1).AddDays(2).ToString("O") }, Client.NoKey);
        (await aoi.Api.Get($"/rides?month={month}")).Ok().Json.GetProperty("posted").GetInt64().ShouldBe(51);

        var id = linked.Text("transitCardId");
        (await ren.Api.Post($"/transit-cards/{id}/charges", new { points = 10 })).Refused(404, "not_found");
        (await aoi.Api.Post($"/transit-cards/{id}/charges", new { points = 52 })).Refused(422, "insufficient_points");
        (await aoi.Api.Post($"/transit-cards/{id}/charges", new { points = 50 })).Created().Text("status").ShouldBe("completed");

        (await aoi.Api.Get("/me/leaving")).Ok().Body.ShouldContain("transit_card_linked");
        (await aoi.Api.Send(HttpMethod.Delete, $"/transit-cards/{id}", null, Client.NoKey)).Ok();
        (await aoi.Api.Get("/me/leaving")).Ok().Body.ShouldNotContain("transit_card_linked");
        (await aoi.Api.Get("/me/export")).Ok().Body.ShouldContain("\"fare\":170");

        (await aoi.Api.Get("/me/recommendations")).Ok().Json.GetProperty("rides").GetBoolean().ShouldBeFalse();
        (await aoi.Api.Put("/me/recommendations", new { rides = true })).Ok();
        (await aoi.Api.Get("/me/recommendations")).Ok().Json.GetProperty("rides").GetBoolean().ShouldBeTrue();
    }

    /// <summary>The gates as a script plays them; what they told is a ride of the member's.</summary>
    [Theory, BothEngines]
    public async Task A_script_passes_the_gates_and_plays_what_goes_wrong(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member();
        var card = (await scene.Nobody.Post("/sandbox/transit-cards", new { }, Client.NoKey)).Created();
        var number = card.Text("number");
        (await aoi.Api.Post("/transit-cards", new { number, proof = card.Text("proof") })).Created();
        (await scene.Nobody.Get("/sandbox/gates")).Ok().Json.GetProperty("stations").GetArrayLength().ShouldBe(19);
        (await scene.Nobody.Post("/sandbox/gates/in", new { card = "JW0", station = "大阪" }, Client.NoKey)).Refused(404, "not_found");
        (await scene.Nobody.Post("/sandbox/gates/in", new { card = number, station = "東京" }, Client.NoKey)).Refused(400, "invalid_request");

        (await Gate("in", new { card = number, station = "大阪" })).Text("insideAt").ShouldBe("大阪");
        var ride = (await Gate("out", new { card = number, station = "京橋" })).Json.GetProperty("rides")[0];
        (ride.GetProperty("fare").GetInt64(), ride.GetProperty("said").GetString()).ShouldBe((170, "accepted"));
        (await Gate("cases", new { card = number, @case = "told_twice" })).Json.GetProperty("rides")[0].GetProperty("said").GetString()
            .ShouldBe("duplicate");
        (await Gate("cases", new { card = number, @case = "missed_out" })).Json.GetProperty("rides")[0].GetProperty("from").GetString()
            .ShouldBe("大阪");
        (await Gate("cases", new { card = number, @case = "late", days = 2 })).Json.GetProperty("rides").GetArrayLength().ShouldBe(1);
        (await Gate("cases", new { card = number, @case = "over_midnight" })).Json.GetProperty("rides").GetArrayLength().ShouldBe(1);
        (await scene.Nobody.Post("/sandbox/gates/cases", new { card = number, @case = "rain" }, Client.NoKey)).Refused(400, "invalid_request");
        (await aoi.Api.Get("/rides")).Ok().Body.ShouldContain("missing_gate");

        async Task<Reply> Gate(string what, object body) => (await scene.Nobody.Post($"/sandbox/gates/{what}", body, Client.NoKey)).Ok();
    }
}
