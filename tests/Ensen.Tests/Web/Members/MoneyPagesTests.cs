using System.Net;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web.Members;

/// <summary>What a member is told where money comes by itself, and where it leaves for a bank account.</summary>
public class MoneyPagesTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task Each_amount_of_auto_charge_that_cannot_be_is_told_at_its_field(Engine engine)
    {
        var app = await servers.On(engine);
        var member = await new Scene(app).Member(5_000);
        using var phone = await SignedIn(app, member);

        var wrong = await Text(phone, await Send(phone, "99999999", "100", "50"));
        wrong.ShouldContain("id=\"below-error\">1円から1,000,000円までの金額を入れてください。");
        wrong.ShouldContain("id=\"amount-error\">500円から200,000円までの金額を入れてください。");
        wrong.ShouldContain("id=\"perMonth-error\">1か月の上限は、1回にチャージする金額以上にしてください。");
        var one = await Text(phone, await Send(phone, "1,000", "5000", "4999"));
        one.ShouldContain("id=\"below-error\"></span>");
        one.ShouldContain("id=\"perMonth-error\">1か月の上限は");

        var proof = await Send(phone, "1000", "5000", "10000");
        proof.ShouldStartWith("/step-up?again=");
        (await Proven(phone, member, proof)).ShouldBe("/charge/auto?told=on");
        proof = await Send(phone, "1000", "5000", "20000");
        var changed = await Proven(phone, member, proof);
        changed.ShouldBe("/charge/auto?told=changed");
        (await Text(phone, changed)).ShouldContain("オートチャージの設定を変更しました。");
    }

    [Theory, BothEngines]
    public async Task A_withdrawal_of_more_than_there_is_says_what_there_is_and_one_that_is_paid_says_so(Engine engine)
    {
        var app = await servers.On(engine);
        var member = await new Scene(app).Member(5_000);
        using var phone = await SignedIn(app, member);

        var form = PlainBrowser.Fields(await phone.Get("/withdraw"), "/withdraw");
        var lacking = await Text(phone, await Proven(phone, member, await phone.Post("/withdraw", new(form) { ["amount"] = "6000" })));
        lacking.ShouldContain("残高(マネー)が足りません。<");
        lacking.ShouldContain("いま出金できるのは5,000円までです。");

        form = PlainBrowser.Fields(await phone.Get("/withdraw"), "/withdraw");
        var done = await Proven(phone, member, await phone.Post("/withdraw", new(form) { ["amount"] = "3000" }));
        done.ShouldStartWith("/withdraw/wdr_");
        var receipt = await Text(phone, "/history/" + done.Split('/')[^1]);
        receipt.ShouldContain($"href=\"{done}\"");
        receipt.ShouldContain("このあとの残高");
    }

    static async Task<string> Send(PlainBrowser phone, string below, string amount, string perMonth) => await phone.Post("/charge/auto",
        new(PlainBrowser.Fields(await phone.Get("/charge/auto"), "/charge/auto"))
        { ["below"] = below, ["amount"] = amount, ["perMonth"] = perMonth });

    static async Task<PlainBrowser> SignedIn(WebApp app, Person member)
    {
        var browser = new PlainBrowser(app);
        var form = PlainBrowser.Fields(await browser.Get("/sign-in"), "/sign-in");
        (form["email"], form["password"]) = (member.Email, member.Password);
        (await browser.Post("/sign-in", form)).ShouldBe("/");
        return browser;
    }

    /// <summary>Where it leads, after the proof by password where one is asked for.</summary>
    static async Task<string> Proven(PlainBrowser browser, Person member, string way) => !way.StartsWith("/step-up", StringComparison.Ordinal)
        ? way
        : await browser.Post("/step-up", new(PlainBrowser.Fields(await browser.Get(way), "/step-up")) { ["password"] = member.Password });

    static async Task<string> Text(PlainBrowser browser, string path) => WebUtility.HtmlDecode(await browser.Get(path));
}
