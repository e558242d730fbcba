using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;
using static Ensen.Tests.Web.Session.PasskeyBrowser;
using static Ensen.Tests.Web.Session.PasskeyPlace;

namespace Ensen.Tests.Web.Session;

/// <summary>
/// Passkeys as a browser or a program meets them, with a device of this program's own that also lies: what is refused, and that it is refused
/// alike.
/// </summary>
public sealed class PasskeysOnTheWebTests(Servers servers)
{
    /// <summary>Each lie of a device that signs, by name.</summary>
    static readonly Dictionary<string, DeviceLie> s_lies = new()
    {
        ["another origin"] = new(Origin: "https://ensen.example.evil"),
        ["another port"] = new(Origin: "http://localhost:1"),
        ["a frame of another site"] = new(CrossOrigin: true),
        ["another domain"] = new(Domain: "evil.example"),
        ["another challenge"] = new(Challenge: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ["nobody looked who it was"] = new(Unverified: true),
        ["another act"] = new(Type: "webauthn.nothing"),
        ["another signature"] = new(BadSignature: true),
    };

    /// <summary>What is no credential at all, as programs that look for a hole send it.</summary>
    static readonly string[] s_noCredentials =
    [
        "{", "null", "[]", "7", "{}", """{"id":5}""", """{"id":"AA","rawId":"AA","type":"public-key","response":null}""",
        """{"id":"AA","rawId":"AA","type":"public-key","clientExtensionResults":{},"response":{"clientDataJSON":"","authenticatorData":"","signature":""}}""",
        """{"id":"!","rawId":"!","type":"public-key","clientExtensionResults":{},"response":{"clientDataJSON":"!","authenticatorData":"!","signature":"!"}}""",
        new string('[', 20_000),
    ];

    [Theory, BothEngines]
    public async Task A_passkey_is_added_signs_in_and_is_removed(Engine engine)
    {
        await using var here = await PasskeyPlace.On(servers, engine);
        var aoi = await here.Member();
        await here.Add(aoi);

        var listed = (await aoi.Get("/me/passkeys")).Ok().Json.GetProperty("items").EnumerateArray().Single();
        listed.GetProperty("name").GetString().ShouldBe("My telephone");
        listed.GetProperty("lastUsedAt").ValueKind.ShouldBe(JsonValueKind.Null);

        using var browser = here.Browser();
        var (status, told) = await browser.SignIn(here.Device, then: "/points");
        (status, told.GetProperty("url").GetString()).ShouldBe((HttpStatusCode.OK, "/points"));
        (await browser.Status("/account")).ShouldBe(HttpStatusCode.OK);
        (await browser.Text("/account/passkeys")).ShouldContain("My telephone");

        var id = listed.GetProperty("passkeyId").GetString()!;
        (await aoi.Send(HttpMethod.Patch, $"/me/passkeys/{id}", Json("""{"name":"Tablet"}"""), Client.NoKey)).Ok().Text("name").ShouldBe("Tablet");
        (await aoi.Send(HttpMethod.Patch, $"/me/passkeys/{id}", Json("""{"name":" "}"""), Client.NoKey)).Refused(400, "invalid_request");
        (await aoi.Get("/me/passkeys")).Ok().Json.GetProperty("items")[0].GetProperty("lastUsedAt").GetDateTimeOffset()
            .ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMinutes(-5));
        // Coming in by passkey proves nothing for what comes later: the page asks, and does what was wanted once that is shown.
        var asked = await browser.Form("/account/passkeys", "/account/passkeys/remove");
        asked.ShouldStartWith("/step-up?again=");
        (await browser.Prove(asked, here.Device)).ShouldBe("/account/passkeys?told=passkey-removed");
        (await browser.SignIn(here.Device)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, BothEngines]
    public async Task A_device_that_lies_signs_nobody_in_and_all_are_told_the_same(Engine engine)
    {
        await using var here = await PasskeyPlace.On(servers, engine);
        await here.Add(await here.Member());
        using var browser = here.Browser();
        var answers = new Dictionary<string, string>();

        foreach (var (name, lie) in s_lies)
            answers[name] = Of(await browser.SignIn(here.Device, lie));
        answers["a credential that nobody has"] = Of(await browser.SignIn(here.Device, new DeviceLie(CredentialId: new byte[32])));
        answers["an account that nobody has"] = Of(await browser.SignIn(here.Device, new DeviceLie(Handle: "1-" + new string('0', 26))));
        answers["no account at all"] = Of(await browser.SignIn(here.Device, new DeviceLie(Handle: "nobody")));
        foreach (var text in s_noCredentials)
            answers[text] = Of(await browser.Send(Enter, new() { ["ticket"] = (await browser.Ask()).GetProperty("ticket").GetString()!, ["credential"] = text }));
        var asked = await browser.Ask();
        var nameless = JsonNode.Parse(here.Device.Sign(asked.GetProperty("options")).GetRawText())!;
        nameless["response"]!["userHandle"] = null;
        answers["no user handle"] = Of(await browser.Send(Enter, Answer(asked, JsonSerializer.SerializeToElement(nameless))));
        answers["no ticket"] = Of(await browser.Send(Enter, new() { ["credential"] = here.Device.Sign((await browser.Ask()).GetProperty("options")).GetRawText() }));

        answers.Where(a => !a.Value.StartsWith("401 ", StringComparison.Ordinal)).ShouldBeEmpty();
        answers.Values.Distinct().Count().ShouldBe(1, string.Join('\n', answers));
        (await browser.SignIn(here.Device)).Status.ShouldBe(HttpStatusCode.OK);

        static string Of((HttpStatusCode Status, JsonElement Told) answer) => $"{(int)answer.Status} {answer.Told}";
    }

    [Theory, BothEngines]
    public async Task Another_accounts_credential_and_a_counter_that_goes_back_are_refused_and_the_latter_is_told(Engine engine)
    {
        await using var here = await PasskeyPlace.On(servers, engine);
        var (aoi, ren) = (await here.Member(), await here.Member());
        await here.Add(aoi);
        var (credential, handle) = (here.Device.LastId, here.Device.LastHandle);
        await here.Add(ren);
        using var browser = here.Browser();

        (await browser.SignIn(here.Device, new DeviceLie(Handle: handle))).Status.ShouldBe(HttpStatusCode.Unauthorized, "Ren's key, Aoi's account");
        (await browser.SignIn(here.Device, new DeviceLie(CredentialId: credential))).Status.ShouldBe(HttpStatusCode.Unauthorized, "Aoi's id, Ren's key");
        (await browser.SignIn(here.Device, new DeviceLie(Counter: 9))).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var back in new uint[] { 9, 8, 0 })
            (await browser.SignIn(here.Device, new DeviceLie(Counter: back))).Status.ShouldBe(HttpStatusCode.Unauthorized, $"{back} after 9");

        await here.Mailed(ren, "パスキーでのサインインをお断りしました");
        (await here.Mailbox(aoi)).ShouldNotContain("お断りしました");
        (await browser.SignIn(here.Device, new DeviceLie(Counter: 10))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, BothEngines]
    public async Task A_challenge_is_for_one_browser_one_purpose_and_one_answer(Engine engine)
    {
        await using var here = await PasskeyPlace.On(servers, engine);
        var aoi = await here.Member();
        await here.Add(aoi);
        using var browser = here.Browser();
        using var other = here.Browser();
        await other.Ask();

        var asked = await browser.Ask();
        var signed = Answer(asked, here.Device.Sign(asked.GetProperty("options")));
        (await other.Send(Enter, signed)).Status.ShouldBe(HttpStatusCode.Unauthorized, "another browser");
        (await browser.Send(Enter, signed)).Status.ShouldBe(HttpStatusCode.OK);
        (await browser.Send(Enter, signed)).Status.ShouldBe(HttpStatusCode.Unauthorized, "used");

        // A ticket to add a passkey lets nobody in, and one to sign in adds none.
        var options = (await aoi.Post("/me/passkeys/options", key: Client.NoKey)).Ok().Json;
        var again = await browser.Ask();
        (await browser.Send(Enter, new() { ["ticket"] = options.GetProperty("ticket").GetString()!, ["credential"] = here.Device.Sign(again.GetProperty("options")).GetRawText() }))
            .Status.ShouldBe(HttpStatusCode.Unauthorized);
        var made = here.Device.Create(options.GetProperty("options"));
        (await Keep(aoi, again.GetProperty("ticket").GetString()!, made, await here.Proof(aoi))).Refused(400, "invalid_request");
        var stranger = await here.Member();
        (await Keep(stranger, options.GetProperty("ticket").GetString()!, made, await here.Proof(stranger))).Refused(400, "invalid_request");
        (await Keep(aoi, options.GetProperty("ticket").GetString()!, made)).Refused(403, "step_up_required");
        (await Keep(aoi, options.GetProperty("ticket").GetString()!, made, await here.Proof(aoi))).Created();
        var twin = here.Device.Create(options.GetProperty("options"));
        (await Keep(aoi, options.GetProperty("ticket").GetString()!, twin, await here.Proof(aoi))).Refused(400, "invalid_request", "used");
    }

    [Theory, BothEngines]
    public async Task A_challenge_that_nobody_answers_in_time_lapses(Engine engine)
    {
        var app = await servers.WithMovableClock(engine);
        await using var here = new PasskeyPlace(app);
        var aoi = await here.Member();
        await here.Add(aoi);
        using var browser = here.Browser();
        var (early, late) = (await browser.Ask(), await browser.Ask());
        var asked = (await aoi.Post("/me/passkeys/options", key: Client.NoKey)).Ok().Json;

        await Move("PT9M");
        (await browser.Send(Enter, Answer(early, here.Device.Sign(early.GetProperty("options"))))).Status.ShouldBe(HttpStatusCode.OK);
        await Move("PT2M");
        (await browser.Send(Enter, Answer(late, here.Device.Sign(late.GetProperty("options"))))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Keep(aoi, asked.GetProperty("ticket").GetString()!, here.Device.Create(asked.GetProperty("options")), await here.Proof(aoi)))
            .Refused(400, "invalid_request");

        async Task Move(string advance) => (await new Client(app.Http).Post("/sandbox/clock", new { advance }, Client.NoKey)).Ok();
    }

    [Theory, BothEngines]
    public async Task Who_has_confirmed_their_mail_is_offered_a_passkey_until_they_have_one(Engine engine)
    {
        await using var here = await PasskeyPlace.On(servers, engine);
        var aoi = await here.Member();
        using var browser = here.Browser(aoi.Token);
        using var stranger = here.Browser();

        (await browser.Text("/confirm-mail?told=Confirmed")).ShouldContain("href=\"/account/passkeys\"");
        (await browser.Text("/confirm-mail?told=Released")).ShouldNotContain("/account/passkeys");
        (await stranger.Text("/confirm-mail?told=Confirmed")).ShouldNotContain("/account/passkeys");
        await here.Add(aoi);
        (await browser.Text("/confirm-mail?told=Confirmed")).ShouldNotContain("/account/passkeys");
    }

    [Theory, BothEngines]
    public async Task A_passkey_that_is_not_as_it_was_asked_for_or_is_somebodys_is_not_kept(Engine engine)
    {
        await using var here = await PasskeyPlace.On(servers, engine);
        var aoi = await here.Member();
        await here.Add(aoi);
        var taken = here.Device.LastId;
        var ren = await here.Member();

        foreach (var (name, lie) in s_lies.Where(l => !l.Value.BadSignature))
        {
            var asked = (await ren.Post("/me/passkeys/options", key: Client.NoKey)).Ok().Json;
            (await Keep(ren, asked.GetProperty("ticket").GetString()!, here.Device.Create(asked.GetProperty("options"), lie), await here.Proof(ren)))
                .Refused(400, "invalid_request", name);
        }
        foreach (var who in new[] { ren, aoi })
        {
            var asked = (await who.Post("/me/passkeys/options", key: Client.NoKey)).Ok().Json;
            (await Keep(who, asked.GetProperty("ticket").GetString()!, here.Device.Create(asked.GetProperty("options"), new DeviceLie(CredentialId: taken)), await here.Proof(who)))
                .Refused(409, "already_registered");
        }
        (await ren.Get("/me/passkeys")).Ok().Json.GetProperty("items").GetArrayLength().ShouldBe(0);
        // Its owner's device is told of it beforehand, and makes no second one.
        (await aoi.Post("/me/passkeys/options", key: Client.NoKey)).Ok().Json.GetProperty("options").GetProperty("excludeCredentials")
            .EnumerateArray().Select(c => c.GetProperty("id").GetString()).ShouldBe([System.Buffers.Text.Base64Url.EncodeToString(taken)]);
    }

    [Theory, BothEngines]
    public async Task A_challenge_is_passed_by_one_of_the_members_own_passkeys_once(Engine engine)
    {
        await using var here = await PasskeyPlace.On(servers, engine);
        var (aoi, ren) = (await here.Member(), await here.Member());
        (await Begin(aoi)).Refused(422, "not_available");
        await here.Add(ren);
        var other = here.Device.LastId;
        await here.Add(aoi);

        var made = (await Begin(aoi)).Created().Json;
        made.GetProperty("options").GetProperty("allowCredentials").GetArrayLength().ShouldBe(1);
        var signed = here.Device.Sign(made.GetProperty("options"));
        (await Answer(ren, made, signed)).Refused(404, "not_found", "another session");
        (await Answer(aoi, made, signed)).Ok().Text("status").ShouldBe("passed");
        (await Answer(aoi, made, signed)).Ok().Text("status").ShouldBe("passed", "it is not looked at again");
        (await aoi.Put("/me/limits", new { perPayment = 1_000, perDay = (long?)null, perMonth = (long?)null })).Ok();
        (await aoi.Put("/me/limits", new { perPayment = 2_000, perDay = (long?)null, perMonth = (long?)null }, made.GetProperty("challengeId").GetString())).Ok(202);
        (await aoi.Put("/me/limits", new { perPayment = 3_000, perDay = (long?)null, perMonth = (long?)null }, made.GetProperty("challengeId").GetString()))
            .Refused(403, "step_up_required", "used once");

        foreach (var lie in s_lies.Values.Append(new DeviceLie(CredentialId: other)).Append(new DeviceLie(Counter: 1)).Append(new DeviceLie(Handle: here.Device.Handles[0])))
        {
            var asked = (await Begin(aoi)).Created().Json;
            (await Answer(aoi, asked, here.Device.Sign(asked.GetProperty("options"), lie))).Ok().Text("status").ShouldBe("failed", lie.ToString());
        }
        var (first, second) = ((await Begin(aoi)).Created().Json, (await Begin(aoi)).Created().Json);
        (await Answer(aoi, second, here.Device.Sign(first.GetProperty("options")))).Ok().Text("status").ShouldBe("failed", "the answer to another challenge");
        (await aoi.Post($"/me/challenges/{first.GetProperty("challengeId").GetString()}/answer", new { password = "x", assertion = new { } }))
            .Refused(400, "invalid_request");
        await here.Mailed(aoi, "パスキーでのサインインをお断りしました");

        static Task<Reply> Begin(Client who) => who.Post("/me/challenges", new { purpose = "limits", method = "passkey" });
        static Task<Reply> Answer(Client who, JsonElement made, JsonElement assertion) =>
            who.Post($"/me/challenges/{made.GetProperty("challengeId").GetString()}/answer", new { assertion });
    }

    /// <summary>Somebody else's relying party beside ours: the same answers to the same options, and both say the same.</summary>
    [Fact]
    public async Task What_we_take_and_refuse_an_outside_judge_takes_and_refuses()
    {
        await using var here = await PasskeyPlace.On(servers, Engine.Sqlite);
        var made = new List<MadePasskey>();
        foreach (var who in new[] { await here.Member(), await here.Member() })
        {
            var asked = (await who.Post("/me/passkeys/options", key: Client.NoKey)).Ok().Json;
            made.Add(new MadePasskey(asked.GetProperty("options"), here.Device.Create(asked.GetProperty("options"))));
            (await Keep(who, asked.GetProperty("ticket").GetString()!, made[^1].Credential, await here.Proof(who))).Created();
        }
        var (aoi, ren) = (0, 1);
        using var browser = here.Browser();
        var (judged, ours) = (new List<MadeSignature>(), new List<HttpStatusCode>());

        await Sign(null, 0, ren);
        // Signatures in frames of other sites the judge takes, and we do not.
        foreach (var lie in s_lies.Values.Where(l => !l.CrossOrigin))
            await Sign(lie, 1, ren);
        await Sign(new DeviceLie(Counter: 20), 1, ren);
        await Sign(new DeviceLie(Counter: 19), 20, ren);
        await Sign(new DeviceLie(Counter: 21, Handle: here.Device.Handles[aoi]), 0, aoi);

        var verdict = JudgedPasskeys.Of(here.Address, made, judged);
        verdict.Made.ShouldBe([null, null]);
        verdict.Signed.Select(why => why is null ? HttpStatusCode.OK : HttpStatusCode.Unauthorized).ShouldBe(
            ours, string.Join('\n', verdict.Signed.Select(why => why ?? "taken")));
        ours.Count(s => s == HttpStatusCode.OK).ShouldBe(2);
        JudgedPasskeys.Of(here.Address, made, judged, rpId: "ensen.example").Made.ShouldAllBe(why => why != null);

        async Task Sign(DeviceLie? lie, uint counter, int whose)
        {
            var asked = await browser.Ask();
            var signed = here.Device.Sign(asked.GetProperty("options"), lie);
            judged.Add(new MadeSignature(asked.GetProperty("options"), signed, counter, whose));
            ours.Add((await browser.Send(Enter, Answer(asked, signed))).Status);
        }
    }

    [Theory, BothEngines]
    public async Task A_member_is_told_by_mail_and_somebody_elses_passkey_is_not_there(Engine engine)
    {
        await using var here = await PasskeyPlace.On(servers, engine);
        var (aoi, ren) = (await here.Member(), await here.Member());
        var id = (await here.Add(aoi)).Text("passkeyId");

        (await ren.Send(HttpMethod.Delete, $"/me/passkeys/{id}", null, Client.NoKey, await here.Proof(ren))).Refused(404, "not_found");
        (await ren.Send(HttpMethod.Patch, $"/me/passkeys/{id}", Json("""{"name":"Mine"}"""), Client.NoKey)).Refused(404, "not_found");
        (await aoi.Send(HttpMethod.Delete, $"/me/passkeys/{id}", null, Client.NoKey)).Refused(403, "step_up_required");
        (await aoi.Send(HttpMethod.Delete, $"/me/passkeys/{id}", null, Client.NoKey, await here.Proof(aoi))).Status.ShouldBe(204);
        (await aoi.Send(HttpMethod.Delete, $"/me/passkeys/{id}", null, Client.NoKey, await here.Proof(aoi))).Refused(404, "not_found");

        foreach (var subject in new[] { "パスキーを追加しました", "パスキーを削除しました" })
            await here.Mailed(aoi, subject);
        (await here.Mailbox(ren)).ShouldNotContain("パスキー");
    }

    [Theory, BothEngines]
    public async Task Where_browsers_have_no_passkeys_none_is_offered(Engine engine)
    {
        var app = await servers.On(engine);
        var aoi = await new Scene(app).Member();

        (await aoi.Api.Post("/me/passkeys/options", key: Client.NoKey)).Refused(422, "not_available");
        (await app.Http.GetStringAsync("/sign-in")).ShouldNotContain("data-passkey");
    }
}
