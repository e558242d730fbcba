using System.Net;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web.Members;

/// <summary>Requests, bills that are split and links, in the words that whoever opens the page needs.</summary>
public class RequestPagesTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task Who_is_asked_for_money_reads_it_on_the_first_page_until_it_is_answered(Engine engine)
    {
        const string told = "送金の依頼が届いています";
        var scene = new Scene(await servers.On(engine));
        var (aoi, ren) = (await scene.Member(), await scene.Member(1_000, name: "Ren"));
        using var phone = Phone(scene, ren);
        (await phone.Get("/")).ShouldNotContain(told);
        var asked = (await aoi.Api.Post("/requests", new { from = ren.Id, amount = 400 })).Created().Text("requestId");
        WebUtility.HtmlDecode(await phone.Get("/")).ShouldContain(told);
        (await ren.Api.Post($"/requests/{asked}/payment")).Created();
        WebUtility.HtmlDecode(await phone.Get("/")).ShouldNotContain(told);
    }

    [Theory, BothEngines]
    public async Task Whoever_cannot_be_asked_is_pointed_at_among_the_shares(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, ren) = (await scene.Member(), await scene.Member(name: "Ren"));
        using var phone = Phone(scene, aoi);
        var form = PlainBrowser.Fields(await phone.Get("/requests/split"), "/requests/split");
        (form["total"], form["from0"], form["amount0"]) = ("900", ren.Id, "300");
        (form["from1"], form["amount1"]) = ("nobody@nowhere.example", "300");
        var page = WebUtility.HtmlDecode(await phone.Get(await phone.Post("/requests/split", form)));
        page.ShouldContain("この相手には依頼できません");
        page.Split("aria-invalid").Length.ShouldBe(2, "one field is wrong");
        page[..page.IndexOf("aria-invalid", StringComparison.Ordinal)].ShouldContain("id=\"from1\"");
    }

    [Theory, BothEngines]
    public async Task Money_has_arrived_only_for_whom_can_take_it(Engine engine)
    {
        const string arrived = "お金が届いています";
        var scene = new Scene(await servers.On(engine));
        var (aoi, ren) = (await scene.Member(1_000), await scene.Member(name: "Ren"));
        using var sender = Phone(scene, aoi);
        using var other = Phone(scene, ren);
        var token = (await aoi.Api.Post("/links", new { amount = 400 })).Created().Text("token");
        WebUtility.HtmlDecode(await other.Get($"/l/{token}")).ShouldContain(arrived);
        WebUtility.HtmlDecode(await sender.Get($"/l/{token}")).ShouldNotContain(arrived);
        (await aoi.Api.Post($"/links/{token}/cancellation")).Created();
        WebUtility.HtmlDecode(await other.Get($"/l/{token}")).ShouldNotContain(arrived);
    }

    static PlainBrowser Phone(Scene scene, Person who) => new(scene.App, "ensen-member", who.Api.Token!);
}
