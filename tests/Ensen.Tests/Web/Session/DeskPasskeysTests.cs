using System.Net;
using System.Text.RegularExpressions;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web.Session;

/// <summary>Passkeys of operators and of who works for a merchant, over HTTP: begun with one, signed in by it, changed after a proof.</summary>
public partial class DeskPasskeysTests(Servers servers)
{
    const string Password = "Loop-line-09";
    const string Console = "/console/sign-in", Shop = "/shop/sign-in";

    [Theory, BothEngines]
    public async Task An_operator_begins_with_a_passkey_signs_in_by_it_and_never_loses_the_last(Engine engine)
    {
        var app = await servers.On(engine);
        await using var place = new PasskeyPlace(app);
        using var browser = new DeskBrowser(place.Address);
        var link = await Invitation(app);

        var weak = (await browser.Ask(link, "/console/join", "/console/join/options", ("password", "short"))).Told;
        weak.GetProperty("url").GetString()!.ShouldStartWith(link + "?again=", Case.Sensitive, "told before a passkey is made in vain");
        var lied = await browser.Make(link, "/console/join", "/console/join/options", place.Device, new DeviceLie(Origin: "https://evil.example"), ("password", Password));
        (await browser.Page(lied)).ShouldContain("The passkey was not kept.");
        (await browser.Make(link, "/console/join", "/console/join/options", place.Device, typed: ("password", Password)))
            .ShouldBe("/console/sign-in?told=joined");
        (await browser.Status(link)).ShouldBe(HttpStatusCode.NotFound);

        foreach (var lie in (DeviceLie[])[new(Origin: "https://evil.example"), new(Domain: "evil.example"), new(Unverified: true), new(BadSignature: true),
            new(Challenge: "AAAAAAAAAAAAAAAAAAAAAA"), new(CrossOrigin: true), new(Handle: "4-00000000000000000000000000")])
            (await browser.SignIn(Console, place.Device, lie)).Status.ShouldBe(HttpStatusCode.Unauthorized, lie.ToString());
        (await browser.SignIn("/sign-in", place.Device)).Status.ShouldBe(HttpStatusCode.Unauthorized, "an operator is no member");
        (await browser.SignIn(Shop, place.Device)).Status.ShouldBe(HttpStatusCode.Unauthorized, "nor at a merchant's desk");
        var (status, told) = await browser.SignIn(Console, place.Device);
        (status, told.GetProperty("url").GetString()).ShouldBe((HttpStatusCode.OK, "/console"));
        (await browser.SignIn(Console, place.Device, new DeviceLie(Counter: 1))).Status.ShouldBe(HttpStatusCode.Unauthorized, "the counter went back");

        const string Account = "/console/account";
        (await browser.Page(Account)).ShouldNotContain("passkeys/remove", Case.Sensitive, "nothing is changed before a proof");
        (await browser.Ask(Account + "?for=passkeys", Account + "/prove", Account + "/passkeys/options"))
            .Told.GetProperty("options").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        await browser.Prove(Account + "?for=passkeys", Account + "/prove", place.Device);
        (await browser.Send(Account + "?for=passkeys", Account + "/passkeys/remove")).ShouldBe(Account + "?told=last");
        var second = new PasskeyDevice(place.Address);
        (await browser.Make(Account + "?for=passkeys", Account + "/passkeys/add", Account + "/passkeys/options", second)).ShouldBe(Account + "?told=added");
        (await browser.Send(Account, Account + "/passkeys/rename", ("name", "Key in the safe"))).ShouldBe(Account + "?told=renamed");
        (await browser.Page(Account)).ShouldContain("Key in the safe");
        (await browser.Page(Account + "?for=passkeys")).ShouldNotContain("passkeys/remove", Case.Sensitive, "one proof, one change");
        await browser.Prove(Account + "?for=passkeys", Account + "/prove", place.Device);
        (await browser.Send(Account + "?for=passkeys", Account + "/passkeys/remove")).ShouldBe(Account + "?told=removed");
        (await browser.SignIn(Console, second)).Status.ShouldBe(HttpStatusCode.Unauthorized, "the newest was removed");
    }

    [Theory, BothEngines]
    public async Task A_members_passkey_opens_no_desk(Engine engine)
    {
        await using var place = await PasskeyPlace.On(servers, engine);
        await place.Add(await place.Member());
        using var browser = new DeskBrowser(place.Address);

        foreach (var door in (string[])[Console, Shop])
        {
            (await browser.SignIn(door, place.Device)).Status.ShouldBe(HttpStatusCode.Unauthorized, door);
            (await browser.Status(door == Console ? "/console" : "/shop")).ShouldBe(HttpStatusCode.Redirect);
        }
    }

    [Theory, BothEngines]
    public async Task A_merchants_people_begin_sign_in_and_are_dismissed(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        await using var place = new PasskeyPlace(app);
        var made = (await scene.Nobody.Post("/sandbox/stores", new { name = "パン工房つるはし" }, Client.NoKey)).Created();
        using var owner = new DeskBrowser(place.Address);
        using var clerk = new DeskBrowser(place.Address);
        var first = (await scene.Nobody.Post("/sandbox/shop-accounts",
            new { merchantId = made.Text("merchantId"), name = "Hana", role = "owner", invited = true }, Client.NoKey)).Created();
        var (link, name) = (new Uri(first.Text("link")).AbsolutePath, "hana-" + Guid.NewGuid().ToString("N")[..8]);

        (await owner.Page(link)).ShouldNotContain("by=none", Case.Sensitive, "an owner needs more than a password");
        (await owner.Page(link)).ShouldContain("data-rule=\"length\"", Case.Sensitive, "the rule is read before a password is refused by it");
        (await owner.Make(link, "/shop/join", "/shop/join/options", place.Device, typed: [("name", name), ("password", Password)]))
            .ShouldBe("/shop");
        (await owner.Page("/shop")).ShouldContain("/shop/csv", Case.Sensitive, "who has joined is signed in");
        (await owner.SignIn(Shop, place.Device)).Status.ShouldBe(HttpStatusCode.OK);
        (await owner.Page("/shop")).ShouldContain("/shop/csv");
        (await owner.SignIn(Console, place.Device)).Status.ShouldBe(HttpStatusCode.Unauthorized);

        var invited = await owner.Page(await owner.Send(
            "/shop/staff", "/shop/staff/invite", ("name", "Kai"), ("role", "clerk"), ("store", made.Text("storeId"))));
        invited.ShouldMatch(@"<p[^>]*>http[^<]*/shop/join/", "a link that only a script copies is nobody's without one");
        var clerks = JoinLink().Match(invited).Value;
        var kai = "kai-" + Guid.NewGuid().ToString("N")[..8];
        (await clerk.Send(clerks + "?by=none", "/shop/join", ("name", kai), ("password", "short"))).ShouldStartWith(clerks + "?again=");
        (await clerk.Send(clerks + "?by=none", "/shop/join", ("name", kai), ("password", Password))).ShouldBe("/shop");
        (await clerk.Send(Shop, Shop, ("name", kai), ("password", "Wrong-pass-1"))).ShouldStartWith("/shop/sign-in?again=");
        (await clerk.Send(Shop, Shop, ("name", kai), ("password", Password))).ShouldBe("/shop");
        (await clerk.Page("/shop")).ShouldNotContain("/shop/csv");
        (await clerk.Page("/shop/account")).ShouldContain("Kai");
        (await clerk.Status("/shop/staff")).ShouldBe(HttpStatusCode.Forbidden);

        (await owner.Page(await owner.Send("/shop/staff", "/shop/staff/dismiss"))).ShouldContain("This is the last owner.");
        var staff = await owner.Page("/shop/staff");
        var account = Account().Matches(staff[staff.IndexOf(kai, StringComparison.Ordinal)..])[0].Groups[1].Value;
        (await owner.Page(await owner.Send("/shop/staff", "/shop/staff/dismiss", ("account", account)))).ShouldContain("The account has ended");
        (await clerk.Status("/shop")).ShouldBe(HttpStatusCode.Redirect, "signed out in the same moment");
        (await clerk.Send(Shop, Shop, ("name", kai), ("password", Password))).ShouldStartWith("/shop/sign-in?again=");
        var log = await owner.Page("/shop/staff");
        foreach (var act in (string[])["Invited</b> Kai", "Began</b>", "Ended</b> Kai", "Signed in</b>"])
            log.ShouldContain(act);
    }

    static async Task<string> Invitation(WebApp app)
    {
        var invited = await WebApp.Command(
            ["operator", "invite", "鈴木 一郎", "--sign-in", "key-" + Guid.NewGuid().ToString("N")[..8], "--database", app.DatabaseAddress]);
        invited.ExitCode.ShouldBe(0, invited.Error);
        return ConsoleLink().Match(invited.Output).Value;
    }

    [GeneratedRegex(@"/console/join/[\w-]+")]
    private static partial Regex ConsoleLink();

    [GeneratedRegex(@"/shop/join/[\w-]+")]
    private static partial Regex JoinLink();

    [GeneratedRegex("name=\"account\" value=\"([^\"]+)\"")]
    private static partial Regex Account();
}
