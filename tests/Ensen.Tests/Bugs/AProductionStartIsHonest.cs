using System.Net;
using System.Text.RegularExpressions;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// With the sandbox off the pretended card company gave real-looking money to a new member, and confirmation mails were "sent" into the
/// sandbox's mailbox. What has no gateway is refused and said, and nobody pretends.
/// </summary>
public partial class AProductionStartIsHonest
{
    [Theory, BothEngines]
    public async Task Nobody_pretends_to_be_a_bank_a_card_company_an_ATM_or_a_mailbox(Engine engine)
    {
        await using var app = await WebApp.Start(engine, "--Ensen:Sandbox=false");
        await using var db = Database.Open(app.DatabaseAddress, SandboxModule.Catalogue);
        var (member, token) = await Member(db, verified: true);

        // Said to whoever runs it.
        app.Output.ShouldContain("Not set up here: bank, card, atm, mail, telephone");
        var ready = JsonElement(await app.Http.GetStringAsync("/health/ready"));
        ready.GetProperty("ready").GetBoolean().ShouldBeTrue();
        ready.GetProperty("notSetUp").EnumerateArray().Select(g => g.GetString()).ShouldBe(["bank", "card", "atm", "mail", "telephone", "identity", "rewards", "transit", "creditcard", "payouts", "deposits"]);

        // Refused with a stable code, also when asked again with the same key.
        var api = new Client(app.Http, token, "en");
        foreach (var source in (string[])["card", "bank", "atm"])
            foreach (var key in (string[])["one", "one", "two"])
                (await api.Post("/charges", new { source, amount = 50_000 }, $"{source}-{key}")).Refused(422, "not_available");
        (await api.Get("/wallet")).Ok().Number("balance").ShouldBe(0);

        // Said to the member and to the shop.
        var charge = await Page(app, "/charge", "ensen-member", token);
        charge.ShouldContain("id=\"nowhere\"");
        Regex.Count(charge, "name=\"source\"[^>]*disabled").ShouldBe(3);
        (await Page(app, "/shop", "ensen-merchant", await Merchant(db))).ShouldContain("id=\"not-connected\"");

        // Somebody registers: the address waits, nothing is "sent".
        var home = await Register(app);
        home.ShouldContain("aoi@example.jp");
        home.ShouldContain("メールを送るしくみがつながっていない");

        await using var connection = await db.Connect(TestContext.Current.CancellationToken);
        foreach (var table in (string[])["sandbox_request", "sandbox_mail", "sandbox_exchange", "sandbox_atm_ticket", "outbox", "charge", "entry", "mail_token"])
            (await connection.ExecuteScalarAsync<long>($"select count(*) from {table}")).ShouldBe(0, table);
        member.ShouldNotBe(Guid.Empty);
    }

    [Fact]
    public async Task A_demo_town_is_refused_without_the_sandbox()
    {
        await using var empty = await TestDatabase.CreateEmpty(Engine.Sqlite);

        var (exitCode, _, error) = await WebApp.Command("--urls", "http://127.0.0.1:0", "--database", empty.Address,
            "--Ensen:Sandbox=false", "--Ensen:DemoTown=true");

        exitCode.ShouldBe(2);
        error.ShouldContain("Ensen:DemoTown is true; allowed is false where Ensen:Sandbox is");
    }

    static async Task<(Guid Id, string Token)> Member(Database db, bool verified)
    {
        var member = (await new CreateVerifiedMember(db, TimeProvider.System).Run(new CreateVerifiedMemberRequest("Ren", verified))).Value!;
        return (member.Id, (await new Sessions(db, new Programme(), TimeProvider.System).Open(Subject.Member(member.Id), "Test")).Token);
    }

    static async Task<string> Merchant(Database db)
    {
        var opened = (await new OpenStore(db, TimeProvider.System).Run(new OpenStoreRequest("大正商店", "麺や 大正"))).Value!;
        return (await new Sessions(db, new Programme(), TimeProvider.System).Open(Subject.Merchant(opened.Store.Merchant), "Test")).Token;
    }

    static async Task<string> Page(WebApp app, string path, string cookie, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", $"{cookie}={token}");
        using var answer = await app.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>As a browser does it; answers the home page.</summary>
    static async Task<string> Register(WebApp app)
    {
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() })
        { BaseAddress = app.Http.BaseAddress };
        var form = await browser.GetStringAsync("/register");
        var hidden = Hidden().Matches(form).ToDictionary(m => m.Groups[1].Value, m => WebUtility.HtmlDecode(m.Groups[2].Value));
        using var filled = new FormUrlEncodedContent(hidden.Concat(new Dictionary<string, string>
        {
            ["name"] = "علی\u200cرضا",
            ["email"] = "aoi@example.jp",
            ["telephone"] = "\u202d090-1234-5678\u202c",
            ["password"] = "Loop-line-09",
        }).DistinctBy(f => f.Key));
        using var answer = await browser.PostAsync("/register", filled);
        var page = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, page);
        return WebUtility.HtmlDecode(page);
    }

    static System.Text.Json.JsonElement JsonElement(string json) => System.Text.Json.JsonElement.Parse(json);

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)"[^>]*>""")]
    private static partial Regex Hidden();
}
