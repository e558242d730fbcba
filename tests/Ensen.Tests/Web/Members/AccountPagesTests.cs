using System.Net;
using System.Text.Json;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web.Members;

/// <summary>What the account's pages tell a member of themselves, and what they ask before they do.</summary>
public class AccountPagesTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task All_that_is_kept_is_given_after_a_proof_once_and_to_a_program(Engine engine)
    {
        var app = await servers.On(engine);
        var member = await new Scene(app).Member(5_000);
        using var phone = await SignedIn(app, member);

        var proof = await phone.Redirect("/account/export");
        proof.ShouldStartWith("/step-up?again=");
        var page = await phone.Get(proof);
        page.ShouldContain("記録をお渡しする前に");
        var back = await phone.Post("/step-up", new(PlainBrowser.Fields(page, "/step-up")) { ["password"] = member.Password });
        back.ShouldBe("/account?told=export-ready#mine");
        (await Text(phone, "/account?told=export-ready")).ShouldContain("10分以内にダウンロードしてください。");
        (await phone.Get("/account/export")).ShouldContain(member.Email);
        (await phone.Redirect("/account/export")).ShouldStartWith("/step-up?again=", customMessage: "a proof is used once");
        (await Text(phone, "/account?told=export-ready")).ShouldNotContain("ダウンロードしてください");

        var cookie = new Client(app.Http, phone.Cookies.First(c => c.Name == "ensen-member").Value);
        (await cookie.Get("/me/export")).Refused(401, "step_up_required", "the cookie of a page");
        (await member.Api.Get("/me/export")).Ok().Text("memberId").ShouldBe(member.Id);
    }

    [Theory, BothEngines]
    public async Task A_change_under_way_stands_on_the_account_page_until_it_is_withdrawn(Engine engine)
    {
        var app = await servers.On(engine);
        var member = await new Scene(app).Member();
        using var phone = await SignedIn(app, member);
        (await phone.Get("/account")).ShouldNotContain("under-way");
        var ask = PlainBrowser.Fields(await phone.Get("/account/email"), "/account/email");
        ask["email"] = $"new-{Guid.NewGuid():N}＠example.jp";
        await Proven(phone, member, await phone.Post("/account/email", ask));

        var page = await Text(phone, "/account");
        page.ShouldContain("n**@example.jp への変更は");
        var told = (await member.Api.Get("/me/changes")).Ok().Json;
        told.GetProperty("email").GetProperty("to").GetString().ShouldBe("n**@example.jp");
        told.GetProperty("telephone").ValueKind.ShouldBe(JsonValueKind.Null);
        (await phone.Post("/account/email/withdraw", PlainBrowser.Fields(page, "/account/email/withdraw"))).ShouldBe("/account?told=change-withdrawn");
        var after = await Text(phone, "/account?told=change-withdrawn");
        after.ShouldContain("変更をやめました。");
        after.ShouldNotContain("under-way");

        var telephone = PlainBrowser.Fields(await phone.Get("/account/telephone"), "/account/telephone");
        telephone["telephone"] = "０９０－００００－０００９";
        (await Proven(phone, member, await phone.Post("/account/telephone", telephone))).ShouldStartWith("/step-up?");
        page = await Text(phone, "/account");
        page.ShouldContain("090-****-0009 への変更は");
        (await Text(phone, "/step-up?purpose=new_telephone")).ShouldContain("番号を表示する", customMessage: "the way goes on from the account page");
        (await phone.Post("/account/telephone/withdraw", PlainBrowser.Fields(page, "/account/telephone/withdraw")))
            .ShouldBe("/account?told=change-withdrawn");
        (await phone.Get("/account")).ShouldNotContain("under-way");

        await Proven(phone, member, await phone.Post("/account/telephone", telephone));
        (await member.Api.Send(HttpMethod.Delete, "/me/changes", null, Client.NoKey)).Status.ShouldBe(204);
        (await member.Api.Get("/me/changes")).Ok().Body.ShouldBe("""{"email":null,"telephone":null}""");
    }

    [Theory, BothEngines]
    public async Task A_device_that_was_thrown_out_is_told_so_where_it_signs_in(Engine engine)
    {
        var app = await servers.On(engine);
        var member = await new Scene(app).Member();
        using var phone = await SignedIn(app, member);
        using var other = await SignedIn(app, member);
        (await Text(phone, "/account")).ShouldContain("いま使っています");
        var devices = (await member.Api.Get("/me/devices")).Ok().Json.GetProperty("items").EnumerateArray().ToList();
        var form = PlainBrowser.Fields(await other.Get("/account"), "/sign-out/others");
        (await other.Post("/sign-out/others", form)).ShouldBe("/account?told=signed-out");

        var way = await phone.Redirect("/points");
        way.ShouldBe("/sign-in?then=%2Fpoints");
        var told = await Text(phone, way);
        told.ShouldContain("この端末はほかの端末からサインアウトされました");
        var again = PlainBrowser.Fields(told, "/sign-in");
        (again["email"], again["password"]) = (member.Email, member.Password);
        (await phone.Post("/sign-in", again)).ShouldBe("/points");
        (await phone.Post("/sign-out", PlainBrowser.Fields(await phone.Get("/account"), "/sign-out"))).ShouldBe("/");
        (await Text(phone, "/sign-in")).ShouldNotContain("サインアウトされました", Case.Sensitive, "by its own hand");
        devices.Count.ShouldBeGreaterThan(2);
    }

    [Theory, BothEngines]
    public async Task The_goal_and_a_cap_that_holds_another_down_are_told(Engine engine)
    {
        var app = await servers.On(engine);
        var member = await new Scene(app).Member(50_000);
        using var phone = new PlainBrowser(app, "ensen-member", member.Api.Token!);
        foreach (var page in (string[])["/", "/points"])
            (await phone.Get(page)).ShouldNotContain("goal-line");
        (await member.Api.Send(HttpMethod.Patch, "/me", new StringContent("""{"goal":500}""", null, "application/json"), Client.NoKey)).Ok();
        foreach (var page in (string[])["/", "/points"])
            (await Text(phone, page)).ShouldContain("目標 500 ptまで、あと500 pt");

        (await phone.Get("/account/limits")).ShouldNotContain("id=\"least\"");
        (await member.Api.Put("/me/limits", new { perPayment = 20_000, perDay = 5_000, perMonth = 100_000 })).Ok();
        (await Text(phone, "/account/limits")).ShouldContain("1回のお支払いも5,000円までです。");
    }

    [Theory, BothEngines]
    public async Task No_suggested_amount_is_below_what_a_source_takes(Engine engine)
    {
        var app = await servers.On(engine);
        var member = await new Scene(app).Member(1_000);
        using var phone = new PlainBrowser(app, "ensen-member", member.Api.Token!);

        var page = await phone.Get("/charge?source=card");

        page.ShouldContain("data-value=\"2000\"");
        page.ShouldNotContain("data-value=\"1000\"");
    }

    static async Task<PlainBrowser> SignedIn(WebApp app, Person member)
    {
        var browser = new PlainBrowser(app);
        var form = PlainBrowser.Fields(await browser.Get("/sign-in"), "/sign-in");
        (form["email"], form["password"]) = (member.Email, member.Password);
        (await browser.Post("/sign-in", form)).ShouldBe("/");
        return browser;
    }

    /// <summary>What was asked for, after the proof by password that it leads to.</summary>
    static async Task<string> Proven(PlainBrowser browser, Person member, string proof)
    {
        proof.ShouldStartWith("/step-up?again=");
        return await browser.Post("/step-up", new(PlainBrowser.Fields(await browser.Get(proof), "/step-up")) { ["password"] = member.Password });
    }

    static async Task<string> Text(PlainBrowser browser, string path) => WebUtility.HtmlDecode(await browser.Get(path));
}
