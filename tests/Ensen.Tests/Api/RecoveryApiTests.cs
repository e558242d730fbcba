using System.Net;
using System.Text.RegularExpressions;
using Ensen.Storage;
using Ensen.Tests.Chaos;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>The way back of a member who has lost everything, as programs go it: two operators, the member, the sandbox's outside.</summary>
public partial class RecoveryApiTests(Servers servers)
{
    const string BornOn = "1990-04-01", Other = "Circle-line-10";

    // The clock is moved, so the app is this test's own.
    [Theory, BothEngines]
    public async Task Two_operators_open_it_and_after_a_day_link_call_and_password_let_the_member_in(Engine engine)
    {
        await using var app = await WebApp.Start(engine);
        var scene = new Scene(app);
        var (aoi, (_, suzuki), (_, ito)) = (await scene.Member(), await scene.Operator("鈴木 一郎"), await scene.Operator("伊藤 二郎"));
        var propose = $"/console/members/{aoi.Id}/recoveries";
        (await suzuki.Post(propose, new { reason = " ", bornOn = BornOn }, Client.NoKey)).Refused(400, "invalid_request");
        (await suzuki.Post(propose, new { reason = "papers seen", bornOn = "1990-04-02" }, Client.NoKey)).Refused(422, "different_person");
        (await suzuki.Post("/console/members/mbr_nobody/recoveries", new { reason = "papers seen" }, Client.NoKey)).Refused(404, "not_found");
        var proposed = (await suzuki.Post(propose, new { reason = "papers seen", bornOn = BornOn }, Client.NoKey)).Created();
        var id = proposed.Text("recoveryId");
        proposed.Text("status").ShouldBe("proposed");
        (await suzuki.Post(propose, new { reason = "papers seen", bornOn = BornOn }, Client.NoKey)).Refused(409, "in_progress");
        (await aoi.Api.Get("/me/recovery")).Ok().Text("status").ShouldBe("none", "nobody has approved it");
        (await suzuki.Post($"/console/recoveries/{id}/approvals", new { bornOn = BornOn }, Client.NoKey)).Refused(403, "same_person");
        (await ito.Get("/console/recoveries")).Ok().Json.GetProperty("items").EnumerateArray()
            .Select(r => r.GetProperty("recoveryId").GetString()).ShouldContain(id);
        (await ito.Post($"/console/recoveries/{id}/approvals", new { }, Client.NoKey)).Refused(422, "different_person");
        (await ito.Post($"/console/recoveries/{id}/approvals", new { bornOn = BornOn }, Client.NoKey)).Ok().Text("status").ShouldBe("approved");
        (await ito.Post($"/console/recoveries/{id}/approvals", new { bornOn = BornOn }, Client.NoKey)).Refused(410, "lapsed");
        await Mailed(scene, aoi, StopLink());

        (await scene.Nobody.Post("/sandbox/clock", new { advance = "PT24H1M" }, Client.NoKey)).Ok();
        var link = await Mailed(scene, aoi, ResetLink());
        var begun = (await scene.Nobody.Post("/password-resets/link", new { token = link, device = "New phone" }, Client.NoKey)).Ok(202);
        var (answer, set) = ($"/sessions/{begun.Text("challengeId")}/answer", $"/password-resets/{begun.Text("challengeId")}/password");
        begun.Json.GetProperty("methods").EnumerateArray().Select(m => m.GetString()).ShouldBe(["call"]);
        var call = (await scene.Nobody.Post(answer, new { method = "call" }, Client.NoKey)).Ok(202);
        (await scene.Nobody.Post("/sandbox/calls", new { from = aoi.Telephone, to = call.Text("dial") }, Client.NoKey)).Ok()
            .Json.GetProperty("matched").GetBoolean().ShouldBeTrue();
        (await scene.Nobody.Post(answer, new { method = "call" }, Client.NoKey)).Ok().Text("status").ShouldBe("passed");
        (await scene.Nobody.Put(set, new { password = Other })).Ok().Number("signedOut").ShouldBeGreaterThan(0);

        (await aoi.Api.Get("/wallet")).Refused(401, "unauthenticated", "every session ended");
        (await scene.Nobody.Post("/sessions", new { email = aoi.Email, password = Other, device = "New phone" }, Client.NoKey)).Ok(202);
        (await suzuki.Send(HttpMethod.Delete, $"/console/recoveries/{id}?reason=late", null, Client.NoKey)).Refused(410, "lapsed");
    }

    [Theory, BothEngines]
    public async Task The_member_stops_it_by_the_link_or_signed_in_and_an_operator_takes_it_back(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, (_, suzuki), (_, ito)) = (await scene.Member(), await scene.Operator("鈴木 一郎"), await scene.Operator("伊藤 二郎"));
        await Open();
        var stop = await Mailed(scene, aoi, StopLink());
        (await scene.Nobody.Post("/password-resets/recoveries/stops", new { token = "forged" }, Client.NoKey)).Refused(410, "lapsed");
        (await scene.Nobody.Post("/password-resets/recoveries/stops", new { token = stop }, Client.NoKey)).Status.ShouldBe(204);
        (await scene.Nobody.Post("/password-resets/recoveries/stops", new { token = stop }, Client.NoKey)).Refused(410, "lapsed");

        await Open();
        (await aoi.Api.Get("/me/recovery")).Ok().Text("status").ShouldBe("approved");
        (await aoi.Api.Send(HttpMethod.Delete, "/me/recovery", null, Client.NoKey)).Status.ShouldBe(204);
        (await aoi.Api.Send(HttpMethod.Delete, "/me/recovery", null, Client.NoKey)).Status.ShouldBe(204, "there is nothing to stop any more");

        var last = await Open();
        (await ito.Send(HttpMethod.Delete, $"/console/recoveries/{last}", null, Client.NoKey)).Refused(400, "invalid_request");
        (await ito.Send(HttpMethod.Delete, $"/console/recoveries/{last}?reason=mistaken", null, Client.NoKey)).Status.ShouldBe(204);
        (await aoi.Api.Get("/me/recovery")).Ok().Text("status").ShouldBe("none");

        async Task<string> Open()
        {
            var id = (await suzuki.Post($"/console/members/{aoi.Id}/recoveries", new { reason = "papers seen", bornOn = BornOn }, Client.NoKey))
                .Created().Text("recoveryId");
            (await ito.Post($"/console/recoveries/{id}/approvals", new { bornOn = BornOn }, Client.NoKey)).Ok();
            return id;
        }
    }

    static async Task<string> Mailed(Scene scene, Person who, Regex what)
    {
        var token = "";
        await Until.Seen(() => (token = what.Match(Mailbox(scene, who).GetAwaiter().GetResult()).Groups[1].Value) != "", () => "the mail");
        return token;
    }

    static async Task<string> Mailbox(Scene scene, Person who) =>
        WebUtility.HtmlDecode(await scene.App.Http.GetStringAsync($"/sandbox?to={Uri.EscapeDataString(who.Email)}"));

    [GeneratedRegex(@"sign-in/reset\?token=([\w-]+)")]
    private static partial Regex ResetLink();

    [GeneratedRegex(@"recovery/stop\?token=([\w-]+)")]
    private static partial Regex StopLink();
}
