using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web.Members;

/// <summary>Whoever is frozen reads it before an amount is typed, on each page from which the wallet is used, and once.</summary>
public class FrozenPagesTests(Servers servers)
{
    const string Told = "ご利用を停止しています。";

    [Theory, BothEngines]
    public async Task Every_page_that_uses_the_wallet_tells_of_the_freeze(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        using var browser = new PlainBrowser(app, "ensen-member", member.Api.Token!);
        var byQr = await browser.Post("/pay/scan", new(PlainBrowser.Fields(await browser.Get("/pay"), "/pay/scan")) { ["text"] = shop.Qr });
        byQr.ShouldStartWith("/pay/to?ticket=");
        string[] pages = ["/", "/pay", $"/t/{shop.TagId}", byQr, "/charge", "/send"];
        foreach (var page in pages)
            (await browser.Get(page)).ShouldNotContain(Told, Case.Sensitive, page);

        await Freeze(app, member);

        foreach (var page in pages)
            (await browser.Get(page)).Split(Told).Length.ShouldBe(2, page);
    }

    [Theory, BothEngines]
    public async Task What_was_refused_for_it_is_told_once(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, other) = (await scene.Member(5_000), await scene.Member());
        using var browser = new PlainBrowser(app, "ensen-member", member.Api.Token!);
        var charge = PlainBrowser.Fields(await browser.Get("/charge?source=card"), "/charge");
        charge["amount"] = "3000";
        await Freeze(app, member);

        (await browser.Get(await browser.Post("/charge", charge))).Split(Told).Length.ShouldBe(2);

        var find = PlainBrowser.Fields(await browser.Get($"/send?to={other.Id}"), "/send/find");
        find["amount"] = "500";
        var confirm = await browser.Get(await browser.Post("/send/find", find));
        (await browser.Get(await browser.Post("/send", PlainBrowser.Fields(confirm, "/send")))).Split(Told).Length.ShouldBe(2);
    }

    [Theory, BothEngines]
    public async Task Low_caps_are_told_with_their_reason_and_their_end(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, other, shop) = (await scene.Member(50_000), await scene.Member(), await scene.Store());
        using var browser = new PlainBrowser(app, "ensen-member", member.Api.Token!);
        (await member.Api.Get("/me/limits")).Ok().Json.GetProperty("low").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        const string Why = "新しい端末でサインインしたため、";
        (await browser.Get("/account/limits")).ShouldNotContain(Why);
        (await browser.Get("/send")).ShouldContain("1日 100,000円まで");

        await using (var db = Database.Open(app.DatabaseAddress, SandboxModule.Catalogue))
        {
            Id.TryParse(member.Id, out MemberId id).ShouldBeTrue();
            await db.Transact(tx => new LowCaps(db, new Programme(), TimeProvider.System).Begin(tx, id, LowCapsCause.NewDevice));
        }

        var low = (await member.Api.Get("/me/limits")).Ok().Json.GetProperty("low");
        (low.GetProperty("perPayment").GetInt64(), low.GetProperty("because").GetString()).ShouldBe((10_000, "newDevice"));
        (low.GetProperty("until").GetDateTimeOffset() - DateTimeOffset.UtcNow).ShouldBeInRange(TimeSpan.FromHours(23), TimeSpan.FromHours(25));
        (await member.Pay(shop, 10_001)).Refused(422, "over_limit").Text("detail").ShouldContain(Why);
        (await member.Api.Post("/transfers", new { to = other.Id, amount = 10_001 })).Refused(422, "over_limit").Text("detail")
            .ShouldContain(Why);
        (await member.Wallet()).GetProperty("limits").GetProperty("perDay").GetInt64().ShouldBe(30_000);
        (await browser.Get("/account/limits")).ShouldContain(Why);
        (await browser.Get("/send")).ShouldContain("1日 30,000円まで");
        (await browser.Get("/pay/not-paid?why=over_limit")).ShouldContain(Why);
        (await browser.Get("/pay/not-paid?why=code_used")).ShouldNotContain(Why);
        var code = (await member.Api.Post("/codes")).Created().Text("code");
        (await shop.Till.Post("/till/payments", new { code, amount = 10_001, orderId = "low-1" })).Refused(422, "over_limit")
            .Text("detail").ShouldNotContain("端末", Case.Sensitive, "how the wallet stands is not the staff's to know");
    }

    static async Task Freeze(WebApp app, Person member)
    {
        await using var db = Database.Open(app.DatabaseAddress, SandboxModule.Catalogue);
        Id.TryParse(member.Id, out MemberId id).ShouldBeTrue();
        var now = DateTimeOffset.UtcNow.AddSeconds(-1);
        await db.Transact(async tx =>
        {
            await Restrictions.Hold(tx, db.Catalogue, id, now);
            await Restrictions.Add(tx, new Restriction(
                Id.New<RestrictionId>(now), id, RestrictionKind.Frozen, "telephone stolen", Decider.Operator("Suzuki"), now, null));
        });
    }
}
