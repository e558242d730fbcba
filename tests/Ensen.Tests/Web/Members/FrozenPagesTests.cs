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
