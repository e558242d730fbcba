using System.Net;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>The point till's pages without script: each form once, whatever a finger does.</summary>
public class PointTillPagesTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_receipt_is_given_and_taken_back_once_however_often_it_is_pressed(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var member = await scene.Member();
        var number = (await member.Api.Get("/member-code")).Ok().Text("code");
        using var till = await Till(app, scene);

        var award = PlainBrowser.Fields(await till.Get("/point-till"), "/point-till/award");
        (award["amount"], award["code"], award["receipt"]) = ("１１，０００", number, "A-1");
        (await Together(20, () => till.Post("/point-till/award", award))).ShouldAllBe(to => to == "/point-till?receipt=A-1");
        (await till.Get("/point-till?receipt=A-1")).ShouldContain("id=\"answer\"");
        (await Points(member)).ShouldBe(100);
        award["amount"] = "11001";
        Said(await till.Get(await till.Post("/point-till/award", award))).ShouldContain("別の内容で記録されています");
        (award["amount"], award["receipt"]) = ("109", "A-2");
        (await till.Post("/point-till/award", award)).ShouldBe("/point-till?told=none");

        var spend = PlainBrowser.Fields(await till.Get("/point-till?do=spend"), "/point-till/spend");
        (spend["amount"], spend["code"], spend["receipt"]) = ("30", number, "S-1");
        var again = Said(await till.Get(await till.Post("/point-till/spend", spend)));
        again.ShouldContain("ポイントをためるだけ");
        again.ShouldContain("value=\"S-1\"", Case.Sensitive, "what was typed is there, but for the code");
        again.ShouldNotContain(number);
        spend["code"] = (await member.Api.Post("/codes", new { }, Client.NoKey)).Created().Text("code");
        (await Together(20, () => till.Post("/point-till/spend", spend))).ShouldAllBe(to => to == "/point-till?receipt=S-1");
        (await Points(member)).ShouldBe(70);

        foreach (var receipt in new[] { "S-1", "A-1" })
        {
            var cancel = PlainBrowser.Fields(await till.Get($"/point-till/receipt?number={receipt}"), "/point-till/cancel");
            (await Together(20, () => till.Post("/point-till/cancel", cancel))).ShouldAllBe(to => to == $"/point-till/receipt?number={receipt}");
            var cancelled = Said(await till.Get($"/point-till/receipt?number={receipt}"));
            cancelled.ShouldContain("取り消しました");
            cancelled.ShouldContain(receipt == "S-1" ? "お客さまに戻しました" : "お客さまから取り消しました");
        }
        (await Points(member)).ShouldBe(0);
        (award["amount"], award["receipt"]) = ("11000", "A-1");
        var before = Said(await till.Get(await till.Post("/point-till/award", award)));
        before.ShouldContain("前に取り消したレシートです");
        before.ShouldNotContain("<b>取り消しました</b>");
        award["amount"] = "1000001";
        Said(await till.Get(await till.Post("/point-till/award", award))).ShouldContain("1,000,000円のお買い物までです");
        award["amount"] = "1000000000";
        Said(await till.Get(await till.Post("/point-till/award", award))).ShouldContain("1,000,000円のお買い物までです");
        spend["amount"] = "1000000000";
        Said(await till.Get(await till.Post("/point-till/spend", spend))).ShouldContain("数が大きすぎます");
        (award["amount"], award["receipt"], award["code"]) = ("11000", "A-9" + number, "4901234567894");
        Said(await till.Get(await till.Post("/point-till/award", award))).ShouldContain("お客さまの番号が入っています");
        Said(await till.Get("/point-till/receipt?number=A-2")).ShouldContain("記録はありません");
        Said(await till.Get("/point-till/day")).ShouldContain("取り消しで返したポイント");
    }

    [Theory, BothEngines]
    public async Task What_is_no_token_of_a_point_till_opens_none(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, shop) = (await scene.Member(), await scene.Store());
        foreach (var token in new[] { "", "x", member.Api.Token!, shop.Till.Token! })
        {
            using var browser = new PlainBrowser(app);
            (await browser.Redirect("/point-till")).ShouldBe("/point-till/sign-in?then=%2Fpoint-till");
            var form = PlainBrowser.Fields(await browser.Get("/point-till/sign-in"), "/point-till/sign-in/token");
            form["password"] = token;
            (await browser.Post("/point-till/sign-in/token", form)).ShouldStartWith("/point-till/sign-in?refused=Token");
            (await browser.Redirect("/point-till")).ShouldStartWith("/point-till/sign-in");
        }
    }

    static async Task<PlainBrowser> Till(WebApp app, Scene scene)
    {
        var token = (await scene.Nobody.Post("/sandbox/centres", new { name = "なんばモール" }, Client.NoKey)).Created().Text("pointTillToken");
        var browser = new PlainBrowser(app);
        var form = PlainBrowser.Fields(await browser.Get("/point-till/sign-in?then=/point-till/day"), "/point-till/sign-in/token");
        form["password"] = $" {token} ";
        (await browser.Post("/point-till/sign-in/token", form)).ShouldBe("/point-till/day");
        return browser;
    }

    static Task<string[]> Together(int times, Func<Task<string>> press) =>
        Task.WhenAll(Enumerable.Range(0, times).Select(_ => Task.Run(press)));

    static async Task<long> Points(Person member) => (await member.Wallet()).GetProperty("points").GetInt64();

    static string Said(string page) => WebUtility.HtmlDecode(page);
}
