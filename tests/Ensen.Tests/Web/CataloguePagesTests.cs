using System.Globalization;
using Ensen.Basics;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>The catalogue of rewards and what is owed in points, as the console keeps them; and a goal, without script.</summary>
public class CataloguePagesTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task An_operator_makes_a_reward_changes_its_stock_and_offers_it_no_more(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        using var desk = new PlainBrowser(app, "ensen-operator", (await scene.Operator("鈴木 一郎")).Api.Token!);
        using var member = new PlainBrowser(app, "ensen-member", (await scene.Member()).Api.Token!);
        var title = "工場の見学 " + Guid.NewGuid().ToString("N")[..8];

        var catalogue = await desk.Get("/console/rewards");
        catalogue.ShouldContain("特典を提案", customMessage: "another operator has to agree");
        catalogue.ShouldNotContain("加える</button>");
        var form = PlainBrowser.Fields(catalogue, "/console/rewards/make");
        (form["title"], form["englishTitle"], form["points"], form["worth"], form["stock"]) = (title, "Works visit", "many", "900", "7");
        (await desk.Get(await desk.Post("/console/rewards/make", form))).ShouldContain($"value=\"{title}\"");
        (form["points"], form["useOn"]) = ("５００", "31 May");
        (await desk.Get(await desk.Post("/console/rewards/make", form))).ShouldContain("名前と利用日を確かめてください。");
        form["useOn"] = "";
        (await desk.Post("/console/rewards/make", form)).ShouldBe("/console/rewards?told=Proposed");
        (await desk.Post("/console/rewards/make", form)).ShouldBe("/console/rewards?told=Proposed", "pressed twice it is one proposal");
        (await member.Get("/rewards")).ShouldNotContain(title);
        using var other = new PlainBrowser(app, "ensen-operator", (await scene.Operator("伊藤 二郎")).Api.Token!);
        await Approve("Approved");
        var page = await desk.Get("/console/rewards?told=Approved");
        page.ShouldContain("role=\"status\"");
        page.Split(title).Length.ShouldBe(2);
        var id = Id(page, title);
        (await member.Get("/rewards")).ShouldContain(title);
        (await desk.Get($"/console/rewards?like={id}")).ShouldContain($"value=\"{title}\"");

        var stock = PlainBrowser.Fields(page, "/console/rewards/stock");
        (stock["reward"], stock["by"]) = (id, "-8");
        (await desk.Post("/console/rewards/stock", stock)).ShouldBe("/console/rewards?told=InvalidAmount");
        stock["by"] = "3";
        (await desk.Post("/console/rewards/stock", stock)).ShouldBe("/console/rewards?told=Proposed");
        await Approve("Approved");
        stock["by"] = "-10";
        (await desk.Post("/console/rewards/stock", stock)).ShouldBe("/console/rewards?told=Kept");
        (await member.Get($"/rewards/{id}")).ShouldNotContain("name=\"quantity\"");

        var end = PlainBrowser.Fields(page, "/console/rewards/end");
        end["reward"] = id;
        (await desk.Post("/console/rewards/end", end)).ShouldBe("/console/rewards?told=Kept");
        (await member.Get("/rewards")).ShouldNotContain(title);
        var log = await desk.Get("/console/log");
        log.Split("特典の品ぞろえを変えた").Length.ShouldBeGreaterThan(2);
        log.Split("特典を承認した").Length.ShouldBeGreaterThan(2);
        log.ShouldContain(id);

        // The newest proposal, which is not for its own proposer.
        async Task Approve(string told)
        {
            var asked = PlainBrowser.Fields(await other.Get("/console/rewards"), "/console/rewards/approve");
            var own = PlainBrowser.Fields(await desk.Get("/console/rewards"), "/console/rewards/withdraw");
            (await desk.Post("/console/rewards/approve", own)).ShouldBe("/console/rewards?told=SamePerson");
            (await other.Post("/console/rewards/approve", asked)).ShouldBe($"/console/rewards?told={told}");
            (await other.Post("/console/rewards/approve", asked)).ShouldBe("/console/rewards?told=AlreadyDecided");
        }
    }

    [Theory, BothEngines]
    public async Task What_is_owed_is_told_for_a_day_that_is_not_to_come(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        await scene.MemberWithPoints(30, 1_000);
        var desk = (await scene.Operator("鈴木 一郎")).Api;
        var now = DateTimeOffset.Parse((await scene.Nobody.Get("/sandbox/clock")).Ok().Text("now"), CultureInfo.InvariantCulture);
        var today = JapanDay.Of(now);

        var report = (await desk.Get("/console/points-report")).Ok();
        report.Text("day").ShouldBe(today.ToString());
        report.Number("total").ShouldBeGreaterThanOrEqualTo(30);
        report.Json.GetProperty("liability").EnumerateArray().Sum(l => l.GetProperty("points").GetInt64()).ShouldBe(report.Number("total"));
        report.Json.GetProperty("breakage").GetArrayLength().ShouldBe(24);
        report.Json.GetProperty("breakageByFiscalYear").GetArrayLength().ShouldBe(5);
        (await desk.Get($"/console/points-report?day={new JapanDay(today.Date.AddDays(2))}")).Refused(400, "invalid_request");
        (await desk.Get("/console/points-report?day=yesterday")).Refused(400, "invalid_request");
    }

    [Theory, BothEngines]
    public async Task A_member_chooses_a_goal_on_the_page(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var aoi = await scene.MemberWithPoints(30, 1_000);
        var reward = (await scene.Nobody.Post("/sandbox/rewards", new { title = "環状線一日券", points = 60, stock = 3 }, Client.NoKey))
            .Ok().Text("rewardId");
        using var phone = new PlainBrowser(app, "ensen-member", aoi.Api.Token!);

        var page = await phone.Get($"/rewards/{reward}");
        page.ShouldContain("あと30");
        (await phone.Post("/points/goal", PlainBrowser.Fields(page, "/points/goal"))).ShouldBe("/points?told=goal");
        page = await phone.Get("/points");
        page.ShouldContain("環状線一日券");
        page.ShouldNotContain("まで来ました", Case.Sensitive, "nobody came there: it was chosen there");

        var form = PlainBrowser.Fields(page, "/points/goal");
        form["points"] = "no number";
        var back = await phone.Post("/points/goal", form);
        (await phone.Get(back)).ShouldContain("1〜1,000,000 の数で入れてください。");
        form["points"] = "２００";
        await phone.Post("/points/goal", form);
        (await aoi.Api.Get("/goal")).Ok().Number("points").ShouldBe(200);
        await phone.Post("/points/goal/away", PlainBrowser.Fields(await phone.Get("/points"), "/points/goal/away"));
        (await aoi.Api.Get("/goal")).Refused(404, "not_found");
    }

    /// <summary>The id of the section whose heading this is.</summary>
    static string Id(string page, string title)
    {
        var before = page[..page.IndexOf(title, StringComparison.Ordinal)];
        var start = before.LastIndexOf("rwd_", StringComparison.Ordinal);
        return before[start..before.IndexOf('"', start)];
    }
}
