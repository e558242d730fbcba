using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>A refusal says what is wrong in words of the case, and names the fields of a body that cannot be taken.</summary>
public class WhatIsWrongTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task The_fields_are_named(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var good = """ "name":"青井","email":"x@example.jp","telephone":"090-1234-5678","password":"Loop-line-09","language":"ja" """;
        (string Body, string[] Fields)[] cases =
        [
            ("""{"name":"青井","language":"ja"}""", ["email", "telephone", "password"]),
            ("{" + good + ""","nickname":"a"}""", ["nickname"]),
            ("{" + good.Replace("\"ja\"", "\"xx\"", StringComparison.Ordinal) + "}", ["language"]),
            ("{" + good.Replace("\"青井\"", "7", StringComparison.Ordinal) + "}", ["name"]),
            ("{" + good.Replace("\"青井\"", "null", StringComparison.Ordinal) + "}", ["name"]),
            ("""{"name":" ","email":"nowhere","telephone":"1","password":"","language":"ja"}""", ["name", "email", "telephone", "password"]),
        ];
        foreach (var (body, fields) in cases)
        {
            var refused = (await scene.Nobody.PostText("/registrations", body, Client.NoKey)).Refused(400, "invalid_request", body);
            Pointers(refused).ShouldBe(fields.Select(f => "#/" + f), ignoreOrder: true, customMessage: refused.Body);
            foreach (var field in fields)
                refused.Text("detail").ShouldContain(field);
        }
        // What nobody can name is not told again: neither a text that is no JSON nor a name that is no word.
        foreach (var body in (string[])["{", "[]", "", "{" + good + ""","4111111111111111":"a"}"""])
            (await scene.Nobody.PostText("/registrations", body, Client.NoKey)).Refused(400, "invalid_request", body).Body.ShouldNotContain("errors");
        var aoi = await scene.Member();
        Pointers((await scene.Nobody.Post("/password-resets", new { email = "nobody" }, Client.NoKey)).Refused(400, "invalid_request")).ShouldBe(["#/email"]);
        Pointers((await aoi.Api.Post("/me/challenges", new { purpose = "none", method = "password" })).Refused(400, "invalid_request")).ShouldBe(["#/purpose"]);
        Pointers((await aoi.Api.Post("/charges", new { source = "gold", amount = 2_000 })).Refused(400, "invalid_request")).ShouldBe(["#/source"]);
    }

    [Theory, BothEngines]
    public async Task A_wrong_password_and_a_wrong_link_are_told_as_such_and_the_same_for_everybody(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member();

        var wrong = (await SignIn(scene, aoi.Email)).Refused(401, "unauthenticated");
        var nobody = (await SignIn(scene, "nobody@example.jp")).Refused(401, "unauthenticated");
        wrong.Text("detail").ShouldBe("メールアドレスかパスワードが違います。");
        nobody.Body.ShouldBe(wrong.Body);
        (await scene.Nobody.Get("/wallet")).Refused(401, "unauthenticated").Text("detail").ShouldBe("サインインしてください。");

        foreach (var door in (string[])["/registrations/confirmations", "/registrations/releases", "/registrations/email-changes/confirmations",
            "/registrations/email-changes/undos"])
            (await scene.Nobody.Post(door, new { token = "forged" }, Client.NoKey)).Refused(400, "invalid_code", door)
                .Text("detail").ShouldStartWith("このリンクは使えません。");
    }

    [Theory, BothEngines]
    public async Task Digits_in_a_device_s_name_that_could_be_a_card_s_are_masked_and_kept_nowhere(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member();

        var token = (await scene.Nobody.Post("/sessions", new { email = aoi.Email, password = aoi.Password, device = "Phone 4111-1111 1111-1111 b" }, Client.NoKey))
            .Created().Text("token");

        var devices = (await aoi.Api.Get("/me/devices")).Ok().Body;
        devices.ShouldContain("Phone ****-**** ****-**** b");
        devices.ShouldNotContain("4111");
        (await new Client(scene.App.Http, token).Get("/wallet")).Ok();
        foreach (var bad in (string[])["", " ", "a\nb", new string('x', 61)])
            (await scene.Nobody.Post("/sessions", new { email = aoi.Email, password = aoi.Password, device = bad }, Client.NoKey)).Refused(400, "invalid_request", bad);
    }

    static IEnumerable<string?> Pointers(Reply reply) => reply.Json.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString());

    static Task<Reply> SignIn(Scene scene, string email) =>
        scene.Nobody.Post("/sessions", new { email, password = "Wrong-line-09", device = "A script" }, Client.NoKey);
}
