using Ensen.Access;
using Ensen.Basics;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;
using Ensen.Web.Session;

namespace Ensen.Tests.Web.Session;

/// <summary>Where passkeys are for: the programme's own host, whatever a request says of itself.</summary>
public sealed class PasskeyDomainTests
{
    [Theory, BothEngines]
    public async Task Where_the_product_is_run_for_people_the_domain_is_the_programmes(Engine engine)
    {
        var home = Directory.CreateTempSubdirectory("ensen-").FullName;
        Directory.CreateSymbolicLink(Path.Combine(home, "wwwroot"), Path.Combine(Repository.WebFolder, "wwwroot"));
        await File.WriteAllTextAsync(
            Path.Combine(home, "programme.json"), """{ "origin": "https://pay.example.jp" }""", TestContext.Current.CancellationToken);
        try
        {
            await using var app = await WebApp.Start(engine, "--Ensen:Sandbox=false", $"--contentRoot={home}");
            var member = await Member(app);

            foreach (var (origin, kept) in new[] { (app.Address, false), ("https://evil.example", false), ("https://pay.example.jp:8443", false), ("https://pay.example.jp", true) })
            {
                var asked = (await member.Post("/me/passkeys/options", key: Client.NoKey)).Ok().Json;
                asked.GetProperty("options").GetProperty("rp").GetProperty("id").GetString().ShouldBe("pay.example.jp");
                var credential = new PasskeyDevice(origin).Create(asked.GetProperty("options"));
                var answer = await PasskeyPlace.Keep(member, asked.GetProperty("ticket").GetString()!, credential);
                if (kept)
                    answer.Created();
                else
                    answer.Refused(400, "invalid_request", origin);
            }
            (await app.Http.GetStringAsync("/sign-in", TestContext.Current.CancellationToken)).ShouldContain("action=\"/sign-in/passkey\"");
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    [Theory]
    [InlineData("https://pay.example.jp", true)]
    [InlineData("https://pay.example.jp:8443", true)]
    [InlineData("http://localhost:5080", true)]
    [InlineData("http://ensen.localhost", true)]
    [InlineData("http://pay.example.jp", false)]
    [InlineData("http://127.0.0.1:5080", false)]
    [InlineData("https://192.0.2.1", false)]
    [InlineData("https://[2001:db8::1]", false)]
    public void Browsers_have_passkeys_for_names_that_nobody_listens_to(string origin, bool has) => PasskeySite.IsFor(origin).ShouldBe(has);

    /// <summary>A member who has just proven who they are.</summary>
    static async Task<Client> Member(WebApp app)
    {
        await using var db = Database.Open(app.DatabaseAddress, SandboxModule.Catalogue);
        var (programme, clock) = (new Programme(), TimeProvider.System);
        var member = (await new CreateVerifiedMember(db, clock).Run(new CreateVerifiedMemberRequest("Aoi", Verified: true))).Value!;
        var session = await new Sessions(db, programme, clock).Open(Subject.Member(member.Id), "Test");
        await db.Transact(tx => new StepUp(db, [], programme, clock).Mark(tx, session.Caller, Passkeys.Purpose));
        return new Client(app.Http, session.Token);
    }
}
