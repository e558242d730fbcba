using System.Net;
using System.Text.RegularExpressions;
using Ensen.Storage;
using Ensen.Tests.Chaos;
using Ensen.Tests.Support;
using static Ensen.Tests.Support.PlainBrowser;

namespace Ensen.Tests.Api;

/// <summary>Another password: whoever knew the old one is out, by every door and at once.</summary>
public class PasswordTests(Servers servers)
{
    const string Next = "Yamanote-29";

    [Theory, BothEngines]
    public async Task A_password_is_changed_with_a_proof_and_every_other_device_is_signed_out(Engine engine)
    {
        var (scene, aoi) = await Open(engine);
        using var tablet = Visitor(scene);
        (await SignIn(tablet, aoi, aoi.Password)).ShouldBe("/");
        (await tablet.Get("/account")).ShouldContain("/account/password");

        (await Change(aoi, Next)).Refused(403, "step_up_required");
        (await Change(aoi, "short", await Proven(aoi))).Refused(400, "invalid_request");
        var proof = await Proven(aoi);
        (await Change(aoi, Next, proof)).Ok().Number("signedOut").ShouldBe(1);

        (await aoi.Api.Get("/me/limits")).Ok();
        (await tablet.Redirect("/account")).ShouldStartWith("/sign-in");
        (await Change(aoi, "Another-pass-3", proof)).Refused(403, "step_up_required", "used once");
        (await SignIn(tablet, aoi, aoi.Password)).ShouldStartWith("/sign-in?again=");
        (await SignIn(tablet, aoi, Next)).ShouldBe("/");
        await Until.Seen(() => Mailbox(scene, aoi).GetAwaiter().GetResult().Contains("パスワードを変更しました", StringComparison.Ordinal),
            () => "the mail");
    }

    [Theory, BothEngines]
    public async Task A_sign_in_is_told_by_mail_where_the_device_is_new(Engine engine)
    {
        var (scene, aoi) = await Open(engine);
        using var tablet = Visitor(scene);
        using var other = Visitor(scene);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            (await SignIn(tablet, aoi, aoi.Password)).ShouldBe("/");
            await tablet.Post("/sign-out", Fields(await tablet.Get("/account"), "/sign-out"));
        }
        (await SignIn(other, aoi, aoi.Password)).ShouldBe("/");

        int Told() => Regex.Count(Mailbox(scene, aoi).GetAwaiter().GetResult(), "新しい端末でサインインしました<span");
        await Until.Seen(() => Told() == 2, () => $"{Told()} mails");
    }

    [Theory, BothEngines]
    public async Task Asked_forty_times_at_once_with_one_proof_it_is_changed_once(Engine engine)
    {
        var (_, aoi) = await Open(engine);
        var proof = await Proven(aoi);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => Change(aoi, $"Yamanote-{i:00}", proof))));

        answers.Count(a => a.Status == 200).ShouldBe(1);
        answers.ShouldAllBe(a => a.Status == 200 || a.Status == 403 || a.Status == 429);
    }

    // A thief who signs in at the moment in which the member changes the password.
    [Theory, BothEngines]
    public async Task No_sign_in_with_the_old_password_outlives_the_change(Engine engine)
    {
        var (scene, aoi) = await Open(engine);
        for (var round = 0; round < 4; round++)
        {
            var (old, next) = (round == 0 ? aoi.Password : $"Yamanote-0{round}", $"Yamanote-0{round + 1}");
            var proof = await Proven(aoi, old);
            var thieves = Enumerable.Range(0, 6).Select(_ => Visitor(scene)).ToList();
            var signing = thieves.Select(thief => Task.Run(() => SignIn(thief, aoi, old))).ToList();
            (await Change(aoi, next, proof)).Ok();
            await Task.WhenAll(signing);

            foreach (var thief in thieves)
            {
                (await thief.Redirect("/account")).ShouldStartWith("/sign-in");
                thief.Dispose();
            }
        }
    }

    [Theory, BothEngines]
    public async Task On_the_pages_the_proof_comes_first_and_what_is_wrong_with_a_password_is_said(Engine engine)
    {
        var (scene, aoi) = await Open(engine);
        using var browser = new PlainBrowser(scene.App, "ensen-member", aoi.Api.Token!);
        (await browser.Get("/account/password")).ShouldNotContain("name=\"password\"");
        var proof = Fields(await browser.Get("/step-up?purpose=password"), "/step-up");
        (await browser.Post("/step-up", new(proof) { ["password"] = aoi.Password })).ShouldBe("/account/password");

        var form = Fields(await browser.Get("/account/password"), "/account/password");
        var refused = await browser.Post("/account/password", new(form) { ["password"] = " kurz" });
        var page = WebUtility.HtmlDecode(await browser.Get(refused));
        page.ShouldContain("先頭に空白が入っています。");
        page.ShouldNotContain("kurz");
        (await browser.Post("/account/password", new(form) { ["password"] = Next })).ShouldBe("/account?told=password-changed");
        WebUtility.HtmlDecode(await browser.Get("/account?told=password-changed")).ShouldContain("パスワードを変更しました。");
        (await browser.Post("/account/password", new(form) { ["password"] = "Another-pass-3" })).ShouldBe("/account/password?told=lapsed", "it takes another proof");
        WebUtility.HtmlDecode(await browser.Get("/account/password?told=lapsed")).ShouldContain("パスワードは変わっていません。");
    }

    async Task<(Scene Scene, Person Aoi)> Open(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        return (scene, await scene.Member());
    }

    static PlainBrowser Visitor(Scene scene) => new(scene.App, "nobody", "nothing");

    static async Task<string> SignIn(PlainBrowser browser, Person who, string password) =>
        await browser.Post("/sign-in", new(Fields(await browser.Get("/sign-in"), "/sign-in"))
        {
            ["email"] = who.Email,
            ["password"] = password,
        });

    static Task<Reply> Change(Person who, string password, string? stepUp = null) =>
        who.Api.Put("/me/password", new { password }, stepUp);

    static async Task<string> Proven(Person who, string? password = null)
    {
        var id = (await who.Api.Post("/me/challenges", new { purpose = "password", method = "password" })).Created().Text("challengeId");
        (await who.Api.Post($"/me/challenges/{id}/answer", new { password = password ?? who.Password })).Ok().Text("status").ShouldBe("passed");
        return id;
    }

    static async Task<string> Mailbox(Scene scene, Person who) => WebUtility.HtmlDecode(
        await scene.App.Http.GetStringAsync($"{scene.App.Address}/sandbox?to={Uri.EscapeDataString(who.Email)}"));
}
