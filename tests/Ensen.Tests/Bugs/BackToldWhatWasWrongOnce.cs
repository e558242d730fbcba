using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// After a refusal and then the thing itself, Back showed the refusal as if nothing had been done. Who goes back is led to what was done.
/// (The till's refund: <see cref="BackAfterARefundRefundedAgain"/>.)
/// </summary>
public class BackToldWhatWasWrongOnce(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_charge_that_was_refused_and_then_made(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var member = await scene.Member(5_000);
        using var browser = new PlainBrowser(scene.App, "ensen-member", member.Api.Token!);
        var form = PlainBrowser.Fields(await browser.Get("/charge?source=card"), "/charge");
        form["amount"] = "1";
        var refused = await browser.Post("/charge", form);
        refused.ShouldStartWith("/charge?again=");

        var next = PlainBrowser.Fields(await browser.Get(refused), "/charge");
        next["amount"] = "3000";
        var done = await browser.Post("/charge", next);

        done.ShouldStartWith("/charge/chg_");
        (await browser.Redirect(refused)).ShouldBe(done);
    }

    [Theory, BothEngines]
    public async Task A_transfer_whose_confirmation_is_opened_again(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, other) = (await scene.Member(5_000), await scene.Member());
        using var browser = new PlainBrowser(scene.App, "ensen-member", member.Api.Token!);
        var find = PlainBrowser.Fields(await browser.Get($"/send?to={other.Id}"), "/send/find");
        find["amount"] = "500";
        var confirm = await browser.Post("/send/find", find);
        var form = PlainBrowser.Fields(await browser.Get(confirm), "/send");
        var refused = await browser.Post("/send", new(form) { ["amount"] = "9999" });
        var next = PlainBrowser.Fields(await browser.Get(refused), "/send");
        next["amount"] = "500";

        var done = await browser.Post("/send", next);

        done.ShouldStartWith("/send/done/trf_");
        (await browser.Redirect(refused)).ShouldBe(done);
        (await other.Balance()).ShouldBe(500);
    }

    [Theory, BothEngines]
    public async Task A_code_that_was_refused_at_the_till_and_then_taken(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        using var till = new PlainBrowser(scene.App, "ensen-till", shop.Till.Token!);
        var form = PlainBrowser.Fields(await till.Get("/till/take"), "/till/take");
        (form["amount"], form["code"]) = ("500", "1234");
        var refused = await till.Post("/till/take", form);
        refused.ShouldStartWith("/till/take?refused=");
        var next = PlainBrowser.Fields(await till.Get(refused), "/till/take");
        next["code"] = await member.Code();

        (await till.Post("/till/take", next)).ShouldBe("/till");

        (await till.Redirect(refused)).ShouldBe("/till");
        (await member.Balance()).ShouldBe(4_500);
    }
}
