using System.Text.Json;
using System.Text.RegularExpressions;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>Becoming a member by program, and that nobody learns by it who is one.</summary>
public partial class RegistrationsTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_free_and_a_taken_address_are_answered_alike_and_the_mailbox_hears_which(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, free) = (await scene.Member(), Address());

        var taken = await scene.Nobody.Post("/registrations", Body(member.Email));
        var answered = await scene.Nobody.Post("/registrations", Body(free));

        (taken.Status, taken.Body).ShouldBe((answered.Status, answered.Body));
        answered.Ok(202).Text("status").ShouldBe("mailed");
        HeadersOf(taken).ShouldBe(HeadersOf(answered));
        (await Mail(scene, free)).ShouldContain("/confirm-mail?token=");
        (await Mail(scene, member.Email)).ShouldContain("/sign-in");
    }

    [Theory, BothEngines]
    public async Task What_is_wrong_is_told_before_anything_is_looked_up(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var taken = (await scene.Member()).Email;
        foreach (var email in new[] { taken, Address() })
        {
            (await scene.Nobody.Post("/registrations", Body(email, password: "Loop-line-09 "))).Refused(400, "invalid_request");
            (await scene.Nobody.Post("/registrations", Body(email, password: "Password-1"))).Refused(400, "invalid_request", "a common one");
            (await scene.Nobody.Post("/registrations", Body(email, language: "xx"))).Refused(400, "invalid_request");
            (await scene.Nobody.Post("/registrations", new { email })).Refused(400, "invalid_request");
        }
        (await scene.Nobody.Post("/registrations", Body("nowhere"))).Refused(400, "invalid_request");
    }

    [Theory, BothEngines]
    public async Task An_account_opens_once_its_address_is_confirmed_and_a_released_one_never(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (mine, anothers) = (Address(), Address());
        (await scene.Nobody.Post("/registrations", Body(mine))).Ok(202);
        (await scene.Nobody.Post("/registrations", Body(anothers))).Ok(202);

        (await SignIn(mine)).ShouldBeFalse("nobody has shown the mailbox");
        (await scene.Nobody.Post("/registrations/confirmations", new { token = Token(await Mail(scene, mine)) })).Ok();
        (await SignIn(mine)).ShouldBeTrue();
        var release = new { token = Token(await Mail(scene, anothers)) };
        (await scene.Nobody.Post("/registrations/releases", release)).Ok();
        (await scene.Nobody.Post("/registrations/releases", release)).Refused(409, "code_used");
        (await scene.Nobody.Post("/registrations/confirmations", new { token = "AAAA" })).Refused(400, "invalid_code");
        (await SignIn(anothers)).ShouldBeFalse();
        (await scene.Nobody.Post("/registrations", Body(anothers))).Ok(202);
        (await scene.Nobody.Post("/registrations/confirmations", new { token = Token(await Mail(scene, anothers, besides: 1)) })).Ok();

        async Task<bool> SignIn(string email)
        {
            using var browser = new PlainBrowser(app);
            var form = new Dictionary<string, string>(PlainBrowser.Fields(await browser.Get("/sign-in"), "/sign-in"))
            {
                ["email"] = email,
                ["password"] = "Loop-line-09",
            };
            return !(await browser.Post("/sign-in", form)).StartsWith("/sign-in?", StringComparison.Ordinal);
        }
    }

    [Theory, BothEngines]
    public async Task A_member_reads_and_changes_what_is_theirs_to_choose(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var member = await scene.Member(name: "Aoi");

        var me = (await member.Api.Get("/me")).Ok();
        (me.Text("memberId"), me.Text("name"), me.Text("email")).ShouldBe((member.Id, "Aoi", member.Email));
        me.Text("telephone").ShouldMatch(@"^0\d0-\*{4}-\d{4}$");
        (Flag(me, "newsletter"), Flag(me, "postalMail"), Flag(me, "verified")).ShouldBe((false, false, true));
        me.Json.GetProperty("goal").ValueKind.ShouldBe(JsonValueKind.Null);

        var changed = (await Patch(member, """{"newsletter":true,"goal":500}""")).Ok();
        (Flag(changed, "newsletter"), Flag(changed, "postalMail"), changed.Number("goal")).ShouldBe((true, false, 500));
        (await Patch(member, """{"language":"en","postalMail":true}""")).Ok().Number("goal").ShouldBe(500, "what is left out stays");
        (await Patch(member, """{"goal":null}""")).Ok().Json.GetProperty("goal").ValueKind.ShouldBe(JsonValueKind.Null);
        foreach (var goal in new[] { "0", "-1", "1000001", "1.5", "\"500\"", "true", "9007199254740993" })
            (await Patch(member, $$"""{"goal":{{goal}}}""")).Refused(400, "invalid_amount", goal);
        foreach (var body in new[] { """{"language":"xx"}""", """{"name":"Other"}""", """{"email":"a@example.jp"}""", "[]" })
            (await Patch(member, body)).Refused(400, "invalid_request", body);
        var after = (await member.Api.Get("/me")).Ok();
        (after.Text("language"), Flag(after, "newsletter"), Flag(after, "postalMail")).ShouldBe(("en", true, true));
    }

    static Task<Reply> Patch(Person member, string body) => member.Api.Send(
        HttpMethod.Patch, "/me", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Client.NoKey);

    static bool Flag(Reply reply, string name) => reply.Json.GetProperty(name).GetBoolean();

    static object Body(string email, string password = "Loop-line-09", string language = "ja") =>
        new { name = "西川 葵", email, telephone = "090-1234-5678", password, language };

    static string Address() => $"new-{Guid.NewGuid():N}@example.jp";

    static string HeadersOf(Reply reply) => string.Join('\n', reply.Headers.Select(h => h.Key).Order(StringComparer.Ordinal));

    static string Token(string body) => TokenShown().Match(body).Groups[1].Value;

    /// <summary>The mail is sent beside the answer, and is in the box a moment later.</summary>
    static async Task<string> Mail(Scene scene, string to, int besides = 0)
    {
        for (var tries = 0; tries < 400; tries++)
        {
            if (await MailsOf(scene, to) is [var newest, ..] mails && mails.Count > besides)
                return newest;
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }
        throw new InvalidOperationException($"No mail came to {to}.");
    }

    static async Task<IReadOnlyList<string>> MailsOf(Scene scene, string to) =>
        [.. (await scene.Nobody.Get($"/sandbox/mail?to={Uri.EscapeDataString(to)}")).Ok().Json.GetProperty("items").EnumerateArray()
            .Select(m => m.GetProperty("body").GetString()!)];

    [GeneratedRegex("/confirm-mail\\?token=([\\w-]+)")]
    private static partial Regex TokenShown();
}
