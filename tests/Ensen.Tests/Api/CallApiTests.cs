using System.Globalization;
using System.Text;
using Ensen.Storage;
using Ensen.Tests.Support;
using StandardWebhooks;

namespace Ensen.Tests.Api;

/// <summary>Proving by a call as programs see it: the member's, the sandbox's, and the gateway that reports calls.</summary>
public class CallApiTests(Servers servers)
{
    static readonly string s_secret = "whsec_" + Convert.ToBase64String([.. Enumerable.Repeat((byte)7, 32)]);

    [Theory, BothEngines]
    public async Task A_member_calls_the_number_and_uses_the_challenge_once(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member(1_000);
        (await aoi.Api.Put("/me/limits", new { perPayment = 1_000, perDay = 1_000, perMonth = 1_000 })).Ok();
        var made = (await aoi.Api.Post("/me/challenges", new { purpose = "limits", method = "call" })).Created();
        var (id, dial) = (made.Text("challengeId"), made.Text("dial"));
        (made.Json.GetProperty("expiresAt").GetDateTimeOffset() - TimeProvider.System.GetUtcNow()).ShouldBeLessThan(TimeSpan.FromSeconds(121));

        (await Call(scene, null, dial)).ShouldBeFalse("withheld");
        (await Call(scene, "+81 90-0000-0000", dial)).ShouldBeFalse("another telephone");
        (await aoi.Api.Post($"/me/challenges/{id}/answer", new { password = aoi.Password })).Ok().Text("status").ShouldBe("pending");
        (await Raise(aoi, id)).Refused(403, "step_up_required");
        (await Call(scene, aoi.Telephone, dial)).ShouldBeTrue();
        (await Call(scene, aoi.Telephone, dial)).ShouldBeFalse("it was for that one");
        (await aoi.Api.Get($"/me/challenges/{id}")).Ok().Text("status").ShouldBe("passed");
        (await Raise(aoi, id)).Ok(202);
        (await Raise(aoi, id)).Ok(202); // what waits is asked for as it waits already
        (await aoi.Api.Put("/me/limits", new { perPayment = 3_000, perDay = 3_000, perMonth = 3_000 }, id)).Refused(403, "step_up_required");
    }

    [Theory, BothEngines]
    public async Task The_fourth_number_in_a_quarter_of_an_hour_is_told_when_to_come_again(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member();
        for (var i = 0; i < 3; i++)
            (await aoi.Api.Post("/me/challenges", new { purpose = "thaw", method = "call" })).Created();

        var refused = (await aoi.Api.Post("/me/challenges", new { purpose = "thaw", method = "call" })).Refused(429, "too_many_requests");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
    }

    [Theory, BothEngines]
    public async Task A_signed_report_passes_a_challenge_and_a_forged_old_or_repeated_one_does_nothing(Engine engine)
    {
        await using var app = await WebApp.Start(engine, $"--Ensen:Telephone:Secret={s_secret}");
        var scene = new Scene(app);
        var aoi = await scene.Member();
        var now = TimeProvider.System.GetUtcNow();
        var (id, body) = await Ask();

        (await Report(app, "r-1", now, body, "v1,AAAA")).ShouldBe("401");
        (await Report(app, "r-1", now, body, null)).ShouldBe("401");
        (await Report(app, "r-1", now, body, Sign("r-1", now, body.Replace("\"to\"", "\"to\" ", StringComparison.Ordinal)))).ShouldBe("401");
        (await Report(app, "r-1", now.AddMinutes(-6), body, Sign("r-1", now.AddMinutes(-6), body))).ShouldBe("401");
        (await Report(app, "r-2", now, "[]", Sign("r-2", now, "[]"))).ShouldBe("400");
        (await Report(app, "r-3", now, new string(' ', 5_000), "")).ShouldBe("400");
        (await aoi.Api.Get($"/me/challenges/{id}")).Ok().Text("status").ShouldBe("pending");

        (await Report(app, "r-1", now, body, Sign("r-1", now, body))).ShouldBe("""200 {"received":true}""");
        (await aoi.Api.Get($"/me/challenges/{id}")).Ok().Text("status").ShouldBe("passed");
        string again, next;
        do (again, next) = await Ask(); // until the same number is to be called
        while (next != body);
        (await Report(app, "r-1", now, body, Sign("r-1", now, body))).ShouldBe("""200 {"received":true}""", "its sender stops");
        (await aoi.Api.Get($"/me/challenges/{again}")).Ok().Text("status").ShouldBe("pending");

        async Task<(string Id, string Body)> Ask()
        {
            var made = await aoi.Api.Post("/me/challenges", new { purpose = "thaw", method = "call" });
            if (made.Status == 429)
                (await scene.Nobody.Post("/sandbox/clock", new { advance = "PT16M" }, Client.NoKey)).Ok();
            made = made.Status == 429 ? await aoi.Api.Post("/me/challenges", new { purpose = "thaw", method = "call" }) : made;
            now = (await scene.Nobody.Get("/sandbox/clock")).Ok().Json.GetProperty("now").GetDateTimeOffset();
            return (made.Created().Text("challengeId"), $$"""{"from":"{{aoi.Telephone}}","to":"{{made.Text("dial")}}"}""");
        }
    }

    static async Task<bool> Call(Scene scene, string? from, string to) =>
        (await scene.Nobody.Post("/sandbox/calls", new { from, to }, Client.NoKey)).Ok().Json.GetProperty("matched").GetBoolean();

    static Task<Reply> Raise(Person who, string proof) =>
        who.Api.Put("/me/limits", new { perPayment = 2_000, perDay = 2_000, perMonth = 2_000 }, proof);

    static string Sign(string id, DateTimeOffset at, string body) => new StandardWebhook(s_secret).Sign(id, at, body);

    static async Task<string> Report(WebApp app, string id, DateTimeOffset at, string body, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/gateways/telephone/calls")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        if (signature is not null)
            request.Headers.Add("webhook-signature", signature);
        using var answer = await app.Http.SendAsync(request);
        return (int)answer.StatusCode == 200 ? $"200 {await answer.Content.ReadAsStringAsync()}"
            : ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
    }
}
