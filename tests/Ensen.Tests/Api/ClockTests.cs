using System.Globalization;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>
/// The sandbox's clock: forward only, and what fell due has run when it answers. These tests share an app in which years pass.
/// </summary>
public class ClockTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task The_clock_is_read_and_moved_forward(Engine engine)
    {
        var scene = new Scene(await servers.WithMovableClock(engine));
        var before = await Now(scene);

        var moved = (await scene.Nobody.Post("/sandbox/clock", new { advance = "P1DT2H" }, Client.NoKey)).Ok()
            .Json.ShouldHave("now instant");

        (moved.GetProperty("now").GetDateTimeOffset() - before).TotalHours.ShouldBeInRange(26, 26.05);
        var target = (await Now(scene)).AddHours(3).ToOffset(TimeSpan.Zero);
        var set = (await scene.Nobody.Post("/sandbox/clock", new { now = target.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) }, Client.NoKey)).Ok();
        (set.Json.GetProperty("now").GetDateTimeOffset() - target).TotalSeconds.ShouldBeInRange(-1, 30);
    }

    [Theory, BothEngines]
    public async Task What_is_no_way_forward_is_refused(Engine engine)
    {
        var scene = new Scene(await servers.WithMovableClock(engine));
        var before = await Now(scene);

        foreach (var body in (string[])[
            """{"advance":"-P1D"}""", """{"now":"2020-01-01T00:00:00Z"}""", """{"advance":"P1D","now":"2090-01-01T00:00:00Z"}""", "{}",
            """{"advance":"tomorrow"}""", """{"advance":""}""", """{"advance":"P99999999999Y"}""", """{"advance":"P11Y"}""",
            """{"advance":86400}""",
            """{"now":"soon"}""", """{"now":"2099-02-30T00:00:00Z"}""", """{"now":"2031-01-01T00:00:00"}""", """{"now":"2031-01-01"}""",
            """{"now":"2031"}""",
            """{"now":null,"advance":null}""", """{"advance":"P1D","advance":"P2D"}""", """{"back":"P1D"}""", "null", "[]", "",
        ])
            (await scene.Nobody.PostText("/sandbox/clock", body, Client.NoKey)).Refused(400, "invalid_request", body);

        (await Now(scene) - before).TotalMinutes.ShouldBeLessThan(10);
    }

    [Theory, BothEngines]
    public async Task When_years_have_passed_tokens_live_and_points_have_lapsed(Engine engine)
    {
        var scene = new Scene(await servers.WithMovableClock(engine));
        var (member, shop) = (await scene.MemberWithPoints(100, balance: 5_000), await scene.Store());
        var payment = (await member.Pay(shop, 1_000, points: 40)).Created().Text("paymentId");

        (await scene.Nobody.Post("/sandbox/clock", new { advance = "P750D" }, Client.NoKey)).Ok();

        var wallet = await member.Wallet();
        (wallet.GetProperty("points").GetInt64(), wallet.GetProperty("balance").GetInt64()).ShouldBe((0, 4_040));
        wallet.GetProperty("lots").GetArrayLength().ShouldBe(0);
        (await member.Api.Get("/history?limit=1")).Json.GetProperty("items")[0].ShouldHave(
            "id ent_", "kind 'expiry'", "at instant", "title text", "yen int", "points int", "balance int?");
        (await member.Pay(shop, 100)).Created();
        (await shop.Take(await member.Code(), 100, Scene.Order())).Created();
        (await shop.Merchant.Get($"/payments/{payment}")).Ok();

        // A year is over.
        (await shop.Till.Post($"/payments/{payment}/refunds", new { amount = 100 })).Refused(422, "not_refundable");
    }

    [Theory, BothEngines]
    public async Task A_shown_code_lapses_after_five_minutes(Engine engine)
    {
        var scene = new Scene(await servers.WithMovableClock(engine));
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        var (early, order) = (await member.Code(), Scene.Order());
        var shown = (await member.Api.Post("/codes")).Created();
        (shown.Json.GetProperty("expiresAt").GetDateTimeOffset() - await Now(scene)).TotalSeconds.ShouldBeInRange(280, 301);
        (await scene.Nobody.Post("/sandbox/clock", new { advance = "PT4M" }, Client.NoKey)).Ok();
        (await shop.Take(early, 100, order, "k")).Created();
        var before = await member.AccountState();

        (await scene.Nobody.Post("/sandbox/clock", new { advance = "PT1M1S" }, Client.NoKey)).Ok();

        (await shop.Take(shown.Text("code"), 100, Scene.Order())).Refused(410, "code_expired");
        (await shop.Take(shown.Text("qr"), 100, Scene.Order())).Refused(410, "code_expired");
        (await shop.Take(early, 100, order, "k")).Created().Replayed.ShouldBeTrue();
        (await member.AccountState()).ShouldBe(before);
    }

    [Theory, BothEngines]
    public async Task The_day_s_cap_is_free_again_on_the_next_day(Engine engine)
    {
        var scene = new Scene(await servers.WithMovableClock(engine));
        var member = await scene.Member();
        (await member.Api.Post("/charges", new { source = "bank", amount = 200_000 })).Created();
        (await member.Api.Post("/charges", new { source = "bank", amount = 500 })).Refused(422, "over_limit");

        (await scene.Nobody.Post("/sandbox/clock", new { advance = "P1D" }, Client.NoKey)).Ok();

        (await member.Api.Post("/charges", new { source = "bank", amount = 200_000 })).Created();
    }

    [Fact]
    public async Task Without_the_sandbox_its_endpoints_are_not_there()
    {
        await using var app = await WebApp.Start(Engine.Sqlite, "--Ensen:Sandbox=false");
        var nobody = new Client(app.Http);

        (await nobody.Post("/sandbox/members", new { name = "Aoi" })).Refused(404, "not_found");
        (await nobody.Post("/sandbox/stores", new { name = "Shop" })).Refused(404, "not_found");
        (await nobody.Get("/sandbox/clock")).Refused(404, "not_found");
        (await nobody.Post("/sandbox/clock", new { advance = "P1D" })).Refused(404, "not_found");
        (await nobody.Get("/wallet")).Refused(401, "unauthenticated");
        (await app.Http.GetStringAsync("/openapi/v1.json")).ShouldNotContain("/sandbox/");
    }

    static async Task<DateTimeOffset> Now(Scene scene) =>
        (await scene.Nobody.Get("/sandbox/clock")).Ok().Json.GetProperty("now").GetDateTimeOffset();
}
