using System.Net;
using System.Text.Json;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Sandbox;
using Ensen.Sandbox.Town;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>
/// One press in the sandbox, and whoever tries the product is somebody who works at a shop, or an operator before a former member. The
/// town is a small one, so that it need not be made for this.
/// </summary>
public class OnePressTests
{
    [Theory, BothEngines]
    public async Task Who_works_at_a_shop_is_at_its_desk_with_the_stores_that_they_see(Engine engine)
    {
        await using var town = await Town.On(engine);
        var people = await SmallTown(town);
        await using var app = await WebApp.Start(town.Address);

        foreach (var who in people.ShopStaff)
        {
            using var browser = new PlainBrowser(app);
            (await Press(browser, "/sandbox", "/sandbox/sign-in/shop", who.Id)).ShouldBe("/shop");
            var desk = WebUtility.HtmlDecode(await browser.Get("/shop"));
            foreach (var shop in people.Shops)
                desk.Contains(shop.Name, StringComparison.Ordinal).ShouldBe(
                    who.Role == ShopRole.Owner || shop == people.SuggestedShop, $"{who.Role} and {shop.Name}");
            (await browser.Get("/shop/staff", follow: false)).Contains(people.ShopStaff[^1].Name, StringComparison.Ordinal)
                .ShouldBe(who.Role == ShopRole.Owner);
        }
        using var atStart = new PlainBrowser(app);
        (await Press(atStart, "/welcome", "/sandbox/sign-in/shop", people.ShopStaff[0].Id)).ShouldBe("/shop");
        (await Press(atStart, "/welcome", "/sandbox/sign-in/shop", people.ShopStaff[0].Id, instead: people.Operators[0].Id))
            .ShouldBe("/welcome?said=Nobody", "an operator is nobody at a shop");
        (await Press(atStart, "/welcome", "/sandbox/sign-in/shop", people.ShopStaff[0].Id, instead: await Invited(town, people)))
            .ShouldBe("/welcome?said=Nobody", "nobody becomes somebody who was invited");
    }

    [Theory, BothEngines]
    public async Task An_operator_is_led_to_what_is_left_of_a_former_member(Engine engine)
    {
        await using var town = await Town.On(engine);
        var people = await SmallTown(town);
        await using var app = await WebApp.Start(town.Address);
        using var browser = new PlainBrowser(app);

        (await Press(browser, "/sandbox", "/sandbox/sign-in/operator", people.Operators[0].Id)).ShouldBe("/console");
        var page = await browser.Get("/sandbox");
        page.ShouldContain($"name=\"member\" value=\"{people.Former[0]}\"");
        var form = PlainBrowser.Fields(page, "/sandbox/sign-in/operator");
        (form["id"], form["member"]) = (people.Operators[0].Id.ToString(), people.Former[0].ToString());
        var at = await browser.Post("/sandbox/sign-in/operator", form);
        at.ShouldBe($"/console/members/{people.Former[0]}");
        var asked = PlainBrowser.Fields(await browser.Get(at), "/console/members/open");
        asked["reason"] = "asked by the town";
        var seen = WebUtility.HtmlDecode(await browser.Get(await browser.Post("/console/members/open", asked)));
        seen.ShouldContain(people.Former[0].ToString());
        seen.ShouldContain("退会");
        seen.ShouldNotContain("本田");
        form["member"] = "//evil.example";
        (await browser.Post("/sandbox/sign-in/operator", form)).ShouldBe("/console");
    }

    static async Task<string> Press(PlainBrowser browser, string page, string action, object button, object? instead = null)
    {
        var html = await browser.Get(page);
        html.ShouldContain($"value=\"{button}\"", Case.Sensitive, page);
        var form = PlainBrowser.Fields(html, action);
        form["id"] = (instead ?? button).ToString()!;
        return await browser.Post(action, form);
    }

    static async Task<ShopAccountId> Invited(Town town, TownPeople people) => (await town.Get<InviteToShop>().Run(
        new InviteToShopRequest(new ActingShop(people.SuggestedShop.Merchant, null), "Hana", ShopRole.Owner, []), Ct)).Value!.Account;

    static async Task<TownPeople> SmallTown(Town town)
    {
        var suggested = await Open(town, ShopPlans.Suggested, null);
        TownShop[] shops = [suggested, await Open(town, "むぎの輪 玉造店", suggested.Merchant)];
        var staff = new List<TownShopAccount>();
        foreach (var (name, role) in new[] { ("山口 恵子", ShopRole.Owner), ("井上 翼", ShopRole.Manager), ("清水 楓", ShopRole.Clerk) })
        {
            var account = (await town.Get<CreateShopAccount>().Run(
                suggested.Merchant, name, role, role == ShopRole.Owner ? [] : [suggested.Store], Ct)).Value!.Account;
            staff.Add(new TownShopAccount(account, suggested.Merchant, name, role, suggested.Name));
        }
        var (aoi, honda) = (await town.Member("青井 美咲"), await town.Member("本田 悟"));
        var session = (await town.Get<Sessions>().Open(Subject.Member(honda.Id), "iPhone", ct: Ct)).Caller;
        await town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, session, LeaveProgramme.Purpose), Ct);
        (await town.Get<LeaveProgramme>().Run(
            new LeaveRequest(honda.Id, Confirmed: true, new StepUpProof(session), Town.Key(honda.Id, null)), Ct)).Accepted.ShouldBeTrue();
        var people = new TownPeople([new TownMember(aoi.Id, aoi.Name, "aoi@ensen.example", "ja", TownRole.Suggested)], shops)
        {
            Operators = [new TownOperator(await town.Operator("Nakagawa"), "中川 美咲", ["support"])],
            ShopStaff = staff,
            Former = [honda.Id],
        };
        await town.Db.Transact(tx => Setting.Write(
            tx, "demo-town", JsonSerializer.Serialize(new TownMark(0, 1, people), TownJson.Default.TownMark)), Ct);
        return people;
    }

    static async Task<TownShop> Open(Town town, string name, MerchantId? merchant)
    {
        var opened = (await town.Get<OpenStore>().Run(new OpenStoreRequest("むぎの輪製パン", name, Merchant: merchant), Ct)).Value!;
        return new TownShop(
            opened.Store.Id, opened.Store.Merchant, opened.TillId, opened.Store.Number, name, "bakery", "天満", opened.TagId, null, null);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
