using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ensen.Identity;
using Ensen.Storage;
using Ensen.Tests.Identity;
using Ensen.Tests.Support;
using StandardWebhooks;

namespace Ensen.Tests.Api;

/// <summary>Verification and bank accounts as programs see them: the member's, the operator's, the gateway's and the sandbox's.</summary>
public class IdentityApiTests(Servers servers)
{
    static readonly string s_secret = "whsec_" + Convert.ToBase64String([.. Enumerable.Repeat((byte)9, 32)]);

    [Theory, BothEngines]
    public async Task A_member_is_verified_and_links_and_charges_from_a_bank_account(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var ren = await scene.Member(verified: false, name: "Ren");
        (await ren.Api.Post("/charges", new { source = "bank", amount = 1_000 })).Refused(422, "not_verified");
        (await Link(ren, await Proof(ren))).Refused(422, "not_verified");

        var begun = (await Begin(ren, "ic_chip")).Created();
        begun.Text("status").ShouldBe("accepted");
        (await ren.Api.Get($"/me/verifications/{begun.Text("verificationId")}")).Ok().Text("status").ShouldBe("accepted");
        (await Begin(ren, "jpki")).Refused(409, "already_verified");
        (await ren.Api.Post("/charges", new { source = "bank", amount = 1_000 })).Refused(422, "no_bank_account");

        var number = Number();
        (await Link(ren, null, number)).Refused(403, "step_up_required");
        (await Link(ren, await Proof(ren, "limits"), number)).Refused(403, "step_up_required");
        (await Link(ren, await Proof(ren), number, "ﾐﾄﾞﾘ ｿﾗ")).Refused(422, "holder_mismatch");
        (await Link(ren, await Proof(ren), "12345678")).Refused(400, "invalid_account");
        var proof = await Proof(ren);
        var linked = (await Link(ren, proof, number)).Created();
        linked.Text("lastFour").ShouldBe(number[^4..]);
        (await Link(ren, proof, Number())).Refused(403, "step_up_required", "a challenge is used once");
        (await ren.Api.Get("/me/bank-accounts")).Ok().Json.GetProperty("items").EnumerateArray().ShouldHaveSingleItem()
            .GetProperty("bankAccountId").GetString().ShouldBe(linked.Text("bankAccountId"));
        (await ren.Api.Post("/charges", new { source = "bank", amount = 1_000 })).Created().Text("status").ShouldBe("completed");

        var other = await scene.Member(verified: false, name: "Other");
        (await Begin(other, "jpki")).Created();
        (await Link(other, await Proof(other), number)).Refused(409, "already_linked");
        (await other.Api.Send(HttpMethod.Delete, $"/me/bank-accounts/{linked.Text("bankAccountId")}", null, Client.NoKey)).Refused(404, "not_found");
        (await other.Api.Get($"/me/verifications/{begun.Text("verificationId")}")).Refused(404, "not_found");
        (await ren.Api.Send(HttpMethod.Delete, $"/me/bank-accounts/{linked.Text("bankAccountId")}", null, Client.NoKey)).Ok();
        (await ren.Api.Post("/charges", new { source = "bank", amount = 1_000 })).Refused(422, "no_bank_account");
    }

    [Theory, BothEngines]
    public async Task A_member_that_the_sandbox_made_is_verified_has_an_account_and_may_link_another(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var made = (await scene.Nobody.Post("/sandbox/members", new { name = "Aoi", kana = "あおい" }, Client.NoKey)).Created();
        var aoi = new Person(made.Text("memberId"), new Client(scene.App.Http, made.Text("token")), made.Text("email"), made.Text("password"));
        (await aoi.Api.Post("/charges", new { source = "bank", amount = 1_000 })).Created().Text("status").ShouldBe("completed");
        (await Link(aoi, await Proof(aoi), Number(), "ﾐﾄﾞﾘ")).Refused(422, "holder_mismatch");
        (await Link(aoi, await Proof(aoi), Number(), "ｱｵｲ")).Created();
        var yui = await scene.Member(name: "Yui");
        (await Link(yui, await Proof(yui), Number(), "ﾕｲ")).Created();
        var minor = (await scene.Nobody.Post(
            "/sandbox/members", new { name = "Ren", bornOn = $"{DateTime.UtcNow.Year - 10}-01-01", balance = 1_000 }, Client.NoKey)).Created();
        (await new Client(scene.App.Http, minor.Text("token")).Get("/wallet")).Ok().Json.GetProperty("limits").GetProperty("perPayment")
            .GetInt64().ShouldBe(30_000);
        (await scene.Nobody.Post("/sandbox/members", new { name = "Ren", kana = "漢字" }, Client.NoKey)).Refused(400, "invalid_request");
    }

    [Theory, BothEngines]
    public async Task What_is_wrong_with_the_data_has_a_code_of_its_own(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var ren = await scene.Member(verified: false, name: "Ren");
        (await Begin(ren, "ic_chip", name: " ")).Refused(400, "invalid_name");
        (await Begin(ren, "ic_chip", kana: "青井")).Refused(400, "invalid_kana");
        foreach (var day in new[] { "", "1990-02-30", "2999-01-01", "01.04.1990", "1850-01-01" })
            (await Begin(ren, "ic_chip", bornOn: day)).Refused(400, "invalid_birth_date", day);
        (await Begin(ren, "ic_chip", address: "4111 1111 1111 1111")).Refused(400, "invalid_address", "a card's number is no address");
        (await Begin(ren, "fax")).Refused(400, "invalid_request");
        (await ren.Api.Post("/me/verifications", Data("ic_chip"), Client.NoKey)).Refused(400, "key_required");
        (await ren.Api.Get("/me/verifications/ver_nothing")).Refused(404, "not_found");
        (await ren.Api.Get("/me/verifications")).Ok().Json.GetProperty("methods").EnumerateArray()
            .Select(m => $"{m.GetProperty("code")} {m.GetProperty("endsOn")}").ShouldBe(["ic_chip ", "jpki ", "image 2027-04-01"]);
    }

    [Theory, BothEngines]
    public async Task Two_persons_decide_about_pictures_that_nobody_else_sees(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (ren, suzuki, sato) = (await scene.Member(verified: false, name: "Ren"), (await scene.Operator("鈴木")).Api, (await scene.Operator("佐藤")).Api);
        var begun = (await Begin(ren, "image")).Created();
        var id = begun.Text("verificationId");
        begun.Text("status").ShouldBe("pending");
        begun.Json.GetProperty("missing").EnumerateArray().Select(m => m.GetString()).ShouldBe(["front", "face"]);
        (await Send(ren, id, "front", "<svg onload=alert(1)/>"u8.ToArray())).Refused(400, "invalid_image");
        (await Send(ren, id, "front", new byte[AddEvidence.MostBytes + 1])).Refused(400, "invalid_image");
        (await Send(ren, id, "side", IdentityDesk.Jpeg)).Refused(404, "not_found");
        (await Send(await scene.Member(), id, "front", IdentityDesk.Jpeg)).Refused(404, "not_found");
        byte[] large = [.. IdentityDesk.Jpeg, .. new byte[AddEvidence.MostBytes - IdentityDesk.Jpeg.Length]];
        (await Send(ren, id, "front", large)).Ok().Text("status").ShouldBe("pending");
        (await Send(ren, id, "face", IdentityDesk.Jpeg)).Ok().Text("status").ShouldBe("in_review");
        (await Send(ren, id, "face", IdentityDesk.Jpeg)).Refused(410, "lapsed");

        var listed = (await suzuki.Get("/console/verifications?limit=100")).Ok();
        listed.Body.ShouldContain(id);
        listed.Body.ShouldNotContain("青井");
        (await suzuki.Get($"/console/verifications/{id}")).Refused(400, "invalid_request", "no reason");
        (await suzuki.Get($"/console/verifications/{id}?reason=queue")).Ok().Text("kana").ShouldBe("アオイ ミサキ");
        (await Decide(suzuki, id, "maybe")).Refused(400, "invalid_request");
        (await Decide(suzuki, id, "accept", " ")).Refused(400, "invalid_request");
        (await Decide(suzuki, id, "accept")).Ok().Text("status").ShouldBe("in_review");
        (await Decide(suzuki, id, "accept")).Refused(403, "same_person");
        var decided = (await Decide(sato, id, "accept")).Ok();
        (decided.Text("status"), decided.Json.GetProperty("decided").GetBoolean()).ShouldBe(("accepted", true));
        (await Decide(sato, id, "reject")).Refused(410, "lapsed");
        (await ren.Api.Get($"/me/verifications/{id}")).Ok().Text("status").ShouldBe("accepted");
        (await suzuki.Get("/console/log?limit=100")).Ok().Body.ShouldContain("viewedVerification");
    }

    [Theory, BothEngines]
    public async Task A_signed_report_ends_a_verification_and_a_forged_old_or_repeated_one_does_nothing(Engine engine)
    {
        await using var app = await WebApp.Start(engine, $"--Ensen:Identity:Secret={s_secret}");
        var scene = new Scene(app);
        var ren = await scene.Member(verified: false, name: "Ren");
        (await scene.Nobody.Post("/sandbox/identity", new { answer = "never" }, Client.NoKey)).Ok();
        var id = (await Begin(ren, "jpki")).Created().Text("verificationId");
        var (now, body) = (TimeProvider.System.GetUtcNow(), $$"""{"verificationId":"{{id}}","finding":"match"}""");

        (await Report(app, "r-1", now, body, "v1,AAAA")).ShouldBe("401");
        (await Report(app, "r-1", now, body, null)).ShouldBe("401");
        (await Report(app, "r-1", now, body, Sign("r-1", now, body.Replace("match", "different_person", StringComparison.Ordinal)))).ShouldBe("401");
        (await Report(app, "r-1", now.AddMinutes(-6), body, Sign("r-1", now.AddMinutes(-6), body))).ShouldBe("401");
        (await Report(app, "r-2", now, "[]", Sign("r-2", now, "[]"))).ShouldBe("400");
        var odd = body.Replace("match", "perhaps", StringComparison.Ordinal);
        (await Report(app, "r-3", now, odd, Sign("r-3", now, odd))).ShouldBe("400");
        (await ren.Api.Get($"/me/verifications/{id}")).Ok().Text("status").ShouldBe("pending");

        (await Report(app, "r-1", now, body, Sign("r-1", now, body))).ShouldBe("""200 {"received":true}""");
        (await Report(app, "r-1", now, body, Sign("r-1", now, body))).ShouldBe("""200 {"received":true}""", "its sender stops");
        (await ren.Api.Get($"/me/verifications/{id}")).Ok().Text("status").ShouldBe("accepted");
        var nobody = body.Replace(id, "ver_nothing", StringComparison.Ordinal);
        (await Report(app, "r-4", now, nobody, Sign("r-4", now, nobody))).ShouldBe("""200 {"received":true}""", "nobody learns who waits");
    }

    [Theory, BothEngines]
    public async Task The_sandbox_plays_the_reader_and_the_camera(Engine engine)
    {
        await using var app = await WebApp.Start(engine);
        var scene = new Scene(app);
        (await scene.Nobody.Post("/sandbox/identity", new { answer = "perhaps" }, Client.NoKey)).Refused(400, "invalid_request");
        (await scene.Nobody.Post("/sandbox/identity", new { answer = "different_person" }, Client.NoKey)).Ok();
        var ren = await scene.Member(verified: false, name: "Ren");
        var first = (await Begin(ren, "ic_chip")).Created();
        (first.Text("status"), first.Text("reason")).ShouldBe(("rejected", "different_person"));

        (await scene.Nobody.Post("/sandbox/identity", new { answer = "never" }, Client.NoKey)).Ok();
        var second = (await Begin(ren, "ic_chip")).Created().Text("verificationId");
        (await Begin(ren, "jpki")).Refused(409, "in_progress");
        (await scene.Nobody.Post("/sandbox/clock", new { advance = "PT25H" }, Client.NoKey)).Ok();
        (await ren.Api.Get($"/me/verifications/{second}")).Ok().Text("reason").ShouldBe("no_answer");

        (await scene.Nobody.Post("/sandbox/identity", new { answer = "never" }, Client.NoKey)).Ok();
        var third = (await Begin(ren, "ic_chip")).Created().Text("verificationId");
        var report = new { verificationId = third, finding = "match", report = "once" };
        (await scene.Nobody.Post("/sandbox/identity-reports", report, Client.NoKey)).Ok().Json.GetProperty("ended").GetBoolean().ShouldBeTrue();
        (await scene.Nobody.Post("/sandbox/identity-reports", report, Client.NoKey)).Ok().Json.GetProperty("ended").GetBoolean().ShouldBeFalse();

        var yui = await scene.Member(verified: false, name: "Yui");
        var pictures = (await Begin(yui, "image")).Created().Text("verificationId");
        (await scene.Nobody.Post("/sandbox/identity-pictures", new { verificationId = pictures }, Client.NoKey)).Ok()
            .Json.GetProperty("inReview").GetBoolean().ShouldBeTrue();
        (await yui.Api.Get($"/me/verifications/{pictures}")).Ok().Text("status").ShouldBe("in_review");
    }

    static object Data(string method, string name = "青井 美咲", string kana = "あおい みさき", string bornOn = "1990-04-01", string address = "大阪市北区1-1") =>
        new { method, name, kana, bornOn, address };

    static Task<Reply> Begin(Person who, string method, string name = "青井 美咲", string kana = "あおい みさき", string bornOn = "1990-04-01",
        string address = "大阪市北区1-1") => who.Api.Post("/me/verifications", Data(method, name, kana, bornOn, address));

    static async Task<string> Proof(Person who, string purpose = "bank")
    {
        var id = (await who.Api.Post("/me/challenges", new { purpose, method = "password" })).Created().Text("challengeId");
        (await who.Api.Post($"/me/challenges/{id}/answer", new { password = who.Password })).Ok().Text("status").ShouldBe("passed");
        return id;
    }

    static Task<Reply> Link(Person who, string? proof, string number = "1234567", string holderKana = "ｱｵｲ ﾐｻｷ") => who.Api.Send(HttpMethod.Post,
        "/me/bank-accounts", Json(new { bankCode = "9999", branchCode = "001", kind = "ordinary", number, holderKana }), null, proof);

    static Task<Reply> Send(Person who, string id, string side, byte[] image)
    {
        var content = new ByteArrayContent(image);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return who.Api.Send(HttpMethod.Put, $"/me/verifications/{id}/images/{side}", content, Client.NoKey);
    }

    static Task<Reply> Decide(Client by, string id, string decision, string reason = "document and face agree") =>
        by.Post($"/console/verifications/{id}/decisions", new { decision, reason });

    static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

    /// <summary>A number that no other test has.</summary>
    static string Number() => System.Security.Cryptography.RandomNumberGenerator.GetInt32(1, 9_999_999).ToString("0000000", System.Globalization.CultureInfo.InvariantCulture);

    static string Sign(string id, DateTimeOffset at, string body) => new StandardWebhook(s_secret).Sign(id, at, body);

    static async Task<string> Report(WebApp app, string id, DateTimeOffset at, string body, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/gateways/identity/reports") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation(
            "webhook-timestamp", at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (signature is not null)
            request.Headers.TryAddWithoutValidation("webhook-signature", signature);
        using var answer = await app.Http.SendAsync(request);
        return answer.IsSuccessStatusCode ? $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}" : $"{(int)answer.StatusCode}";
    }
}
