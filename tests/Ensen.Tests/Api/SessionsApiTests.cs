using System.Text.RegularExpressions;
using Ensen.Access;
using Ensen.Storage;
using Ensen.Tests.Chaos;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>Signing in, a forgotten password and the list of devices as a program lives them.</summary>
public class SessionsApiTests(Servers servers)
{
    const string Other = "Circle-line-10";

    [Theory, BothEngines]
    public async Task A_password_opens_a_session_and_whatever_is_wrong_is_answered_the_same(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member();

        var token = (await SignIn(scene, aoi.Email, aoi.Password)).Created().Text("token");
        (await new Client(scene.App.Http, token).Get("/wallet")).Ok();
        var wrong = await SignIn(scene, aoi.Email, "Wrong-pass-1");
        var nobody = await SignIn(scene, "nobody@sandbox.example", aoi.Password);
        wrong.Refused(401, "unauthenticated");
        (nobody.Status, nobody.Body, string.Join(',', nobody.Headers.Select(h => h.Key))).ShouldBe(
            (wrong.Status, wrong.Body, string.Join(',', wrong.Headers.Select(h => h.Key))));
        (await SignIn(scene, aoi.Email, aoi.Password, device: " ")).Refused(400, "invalid_request");
        (await scene.Nobody.PostText("/sessions", """{"email":"a@b.jp","password":"x"}""", Client.NoKey)).Refused(400, "invalid_request");
    }

    [Theory, BothEngines]
    public async Task An_authenticator_is_asked_for_and_a_new_device_can_be_thrown_out(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member();
        var secret = await WithAuthenticator(aoi);

        var asked = (await SignIn(scene, aoi.Email, aoi.Password, "Ren's tablet")).Ok(202);
        asked.Json.GetProperty("methods").EnumerateArray().Select(m => m.GetString()).ShouldBe(["totp"]);
        var answer = $"/sessions/{asked.Text("challengeId")}/answer";
        (await scene.Nobody.Post(answer, new { method = "totp", code = "000000" }, Client.NoKey)).Refused(401, "unauthenticated");
        (await scene.Nobody.Post(answer, new { method = "call" }, Client.NoKey)).Refused(422, "not_available");
        (await scene.Nobody.Post(answer, new { method = "magic" }, Client.NoKey)).Refused(400, "invalid_request");
        (await scene.Nobody.Post("/sessions/chl_00000000000000000000000000/answer", new { method = "totp", code = "000000" }, Client.NoKey))
            .Refused(410, "lapsed");
        var token = (await scene.Nobody.Post(answer, new { method = "totp", code = Shown(secret, 30) }, Client.NoKey)).Created().Text("token");
        (await scene.Nobody.Post(answer, new { method = "totp", code = Shown(secret, 60) }, Client.NoKey)).Refused(410, "lapsed");

        var tablet = new Client(scene.App.Http, token);
        (await tablet.Get("/wallet")).Ok();
        var devices = (await aoi.Api.Get("/me/devices")).Ok().Json.GetProperty("items").EnumerateArray().ToList();
        devices.Count(d => d.GetProperty("current").GetBoolean()).ShouldBe(1);
        var id = devices.Single(d => d.GetProperty("name").GetString() == "Ren's tablet").GetProperty("id").GetString();
        (await (await scene.Member(name: "Ren")).Api.Send(HttpMethod.Delete, $"/me/devices/{id}", null, Client.NoKey)).Refused(404, "not_found");
        (await aoi.Api.Send(HttpMethod.Delete, $"/me/devices/{id}", null, Client.NoKey)).Status.ShouldBe(204);
        (await tablet.Get("/wallet")).Refused(401, "unauthenticated");
        (await aoi.Api.Send(HttpMethod.Delete, $"/me/devices/{id}", null, Client.NoKey)).Refused(404, "not_found");
        await Until.Seen(() => Mail(scene, aoi).GetAwaiter().GetResult().Contains("新しい端末でサインインしました", StringComparison.Ordinal), () => "told");
    }

    [Theory, BothEngines]
    public async Task A_forgotten_password_is_replaced_by_a_link_a_call_and_a_new_one(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member();
        var asked = await scene.Nobody.Post("/password-resets", new { email = aoi.Email }, Client.NoKey);
        var nobody = await scene.Nobody.Post("/password-resets", new { email = "nobody@sandbox.example" }, Client.NoKey);
        (asked.Status, asked.Body).ShouldBe((202, """{"linkMinutes":30}"""));
        (nobody.Status, nobody.Body).ShouldBe((asked.Status, asked.Body));
        (await scene.Nobody.Post("/password-resets", new { email = "nobody" }, Client.NoKey)).Refused(400, "invalid_request");
        (await scene.Nobody.Post("/password-resets/link", new { token = "forged", device = "phone" }, Client.NoKey)).Refused(410, "lapsed");

        var link = "";
        await Until.Seen(() => (link = Regex.Match(Mail(scene, aoi).GetAwaiter().GetResult(), "sign-in/reset\\?token=([\\w-]+)").Groups[1].Value) != "",
            () => "the mail");
        var begun = (await scene.Nobody.Post("/password-resets/link", new { token = link, device = "New phone" }, Client.NoKey)).Ok(202);
        var (answer, set) = ($"/sessions/{begun.Text("challengeId")}/answer", $"/password-resets/{begun.Text("challengeId")}/password");
        begun.Json.GetProperty("methods").EnumerateArray().Select(m => m.GetString()).ShouldBe(["call"]);
        (await scene.Nobody.Put(set, new { password = Other })).Refused(401, "unauthenticated", "the link alone");
        var call = (await scene.Nobody.Post(answer, new { method = "call" }, Client.NoKey)).Ok(202);
        (await scene.Nobody.Post("/sandbox/calls", new { from = aoi.Telephone, to = call.Text("dial") }, Client.NoKey)).Ok()
            .Json.GetProperty("matched").GetBoolean().ShouldBeTrue();
        (await scene.Nobody.Post(answer, new { method = "call" }, Client.NoKey)).Ok().Text("status").ShouldBe("passed");
        (await scene.Nobody.Put(set, new { password = "weak" })).Refused(400, "invalid_request");
        (await scene.Nobody.Put(set, new { password = Other })).Ok().Number("signedOut").ShouldBeGreaterThan(0);

        (await aoi.Api.Get("/wallet")).Refused(401, "unauthenticated", "every session ended");
        (await SignIn(scene, aoi.Email, aoi.Password)).Refused(401, "unauthenticated");
        // The call has shown that the telephone is the member's: from now on a new device is asked for one.
        (await SignIn(scene, aoi.Email, Other)).Ok(202).Json.GetProperty("methods")[0].GetString().ShouldBe("call");
        // A program that goes on with its own reset is not asked twice.
        var goesOn = new { email = aoi.Email, password = Other, device = "A script", challengeId = begun.Text("challengeId") };
        (await scene.Nobody.Post("/sessions", goesOn, Client.NoKey)).Created().Text("token").ShouldNotBeNullOrEmpty();
        (await scene.Nobody.Post("/sessions", goesOn, Client.NoKey)).Ok(202);
    }

    static Task<Reply> SignIn(Scene scene, string email, string password, string device = "A script") =>
        scene.Nobody.Post("/sessions", new { email, password, device }, Client.NoKey);

    static async Task<byte[]> WithAuthenticator(Person who)
    {
        var text = (await who.Api.Get("/me/authenticator/secret")).Ok().Text("secret");
        var id = (await who.Api.Post("/me/challenges", new { purpose = "factors", method = "password" })).Created().Text("challengeId");
        (await who.Api.Post($"/me/challenges/{id}/answer", new { password = who.Password })).Ok();
        var secret = Totp.ReadText(text)!;
        (await who.Api.Put("/me/authenticator", new { secret = text, code = Shown(secret, 0) }, id)).Ok();
        return secret;
    }

    static string Shown(byte[] secret, int seconds) => Totp.CodeAt(secret, TimeProvider.System.GetUtcNow().AddSeconds(seconds));

    static async Task<string> Mail(Scene scene, Person who) =>
        System.Net.WebUtility.HtmlDecode(await scene.App.Http.GetStringAsync($"/sandbox?to={Uri.EscapeDataString(who.Email)}"));
}
