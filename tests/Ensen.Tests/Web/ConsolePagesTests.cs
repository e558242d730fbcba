using System.Text.RegularExpressions;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Operations;
using Ensen.Sandbox;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>The console's pages: from the first operator's link to a member who is frozen and thawed, without script.</summary>
public partial class ConsolePagesTests(Servers servers)
{
    const string Password = "Loop-line-09";

    [Theory, BothEngines]
    public async Task The_first_operator_begins_by_a_link_and_signs_in_by_password_and_code(Engine engine)
    {
        var app = await servers.On(engine);
        var signIn = "first-" + Guid.NewGuid().ToString("N")[..8];
        var invited = await WebApp.Command(["operator", "invite", "鈴木 一郎", "--sign-in", signIn, "--database", app.DatabaseAddress]);
        invited.ExitCode.ShouldBe(0, invited.Error);
        var link = Link().Match(invited.Output).Value;
        using var browser = new PlainBrowser(app, "nothing", "x");

        var page = await browser.Get(link);
        page.ShouldContain("鈴木 一郎");
        var secret = Secret().Match(page).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        var form = PlainBrowser.Fields(page, "/console/join");
        (form["password"], form["code"]) = ("short", await Code(app, secret));
        var back = await browser.Post("/console/join", form);
        back.ShouldNotContain("short");
        page = await browser.Get(back);
        page.ShouldContain("パスワードを決まりに合わせてください。");
        Secret().Match(page).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal).ShouldBe(secret, "the authenticator that was registered stays");
        form = PlainBrowser.Fields(page, "/console/join");
        (form["password"], form["code"]) = (Password, await Code(app, secret, -30));
        (await browser.Post("/console/join", form)).ShouldBe("/console/sign-in?told=joined");
        (await browser.Redirect("/console")).ShouldStartWith("/console/sign-in");

        var entry = PlainBrowser.Fields(await browser.Get("/console/sign-in?then=%2Fconsole%2Flog"), "/console/sign-in");
        (entry["name"], entry["password"], entry["code"]) = (signIn, Password, "000000");
        var refused = await browser.Post("/console/sign-in", entry);
        refused.ShouldStartWith("/console/sign-in?again=");
        (await browser.Get(refused)).ShouldContain("サインインできませんでした。");
        entry["code"] = await Code(app, secret);
        (await browser.Post("/console/sign-in", entry)).ShouldBe("/console/log");
        (await browser.Get("/console")).ShouldContain(signIn);
        (await browser.Post("/console/sign-out", PlainBrowser.Fields(await browser.Get("/console"), "/console/sign-out"))).ShouldBe("/console/sign-in");
        (await browser.Redirect("/console")).ShouldStartWith("/console/sign-in");

        var gone = await WebApp.Command(["operator", "dismiss", signIn, "--reason", "left", "--database", app.DatabaseAddress]);
        gone.ExitCode.ShouldBe(0, gone.Error);
        (await WebApp.Command(["operator", "--database", app.DatabaseAddress])).Output.ShouldMatch($@"{signIn}  dismissed");
    }

    [Theory, BothEngines]
    public async Task A_member_is_found_shown_frozen_by_one_and_thawed_by_another(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var member = await scene.Member(5_000, name: "青井 花");
        using var first = new PlainBrowser(app, "ensen-operator", (await scene.Operator("鈴木 一郎")).Api.Token!);
        using var second = new PlainBrowser(app, "ensen-operator", (await scene.Operator("伊藤 二郎")).Api.Token!);

        var search = PlainBrowser.Fields(await first.Get("/console/members"), "/console/members/search");
        (search["query"], search["reason"]) = (member.Email, "お電話での問い合わせ");
        var way = await first.Post("/console/members/search", search);
        way.ShouldNotContain(member.Email.Split('@')[0], Case.Insensitive, "an address holds nobody's name");
        var found = await first.Get(way);
        found.ShouldContain("青**");
        found.ShouldNotContain(member.Email + "<");
        var profile = await first.Get(System.Net.WebUtility.HtmlDecode(Found().Match(found).Groups[1].Value));
        profile.ShouldContain("青井 花");
        profile.ShouldContain(member.Email);
        profile.ShouldMatch(@"<dd class=""num"">0\d{2}-\d{4}-\d{4}</dd>", "as people in Japan read a number to each other");

        (await second.Get($"/console/members/{member.Id}")).ShouldNotContain("青井 花", Case.Sensitive, "no reason, no name");
        var freeze = PlainBrowser.Fields(profile, "/console/members/freeze");
        freeze["reason"] = "盗難の届け出";
        var frozen = await first.Get(await first.Post("/console/members/freeze", freeze));
        frozen.ShouldContain("利用を停止しました。");
        (await member.Wallet()).GetProperty("balance").GetInt64().ShouldBe(5_000);
        System.Net.WebUtility.HtmlDecode(frozen).ShouldContain("鈴木 一郎 さんが利用を停止しています。");
        frozen.ShouldNotContain("/console/members/freeze", Case.Sensitive, "it is frozen: the page offers to lift that, and not to do it twice");
        (await first.Get("/console")).ShouldContain("href=\"/console/frozen\"");
        var list = await first.Get("/console/frozen");
        list.ShouldContain($"href=\"/console/members/{member.Id}\"");
        list.ShouldContain("運営による利用停止");
        list.ShouldNotContain("青井", Case.Sensitive, "a name is shown with a reason");
        frozen.ShouldContain("/console/members/lift", Case.Sensitive, "a freeze by mistake is undone at once");
        var open = PlainBrowser.Fields(await second.Get($"/console/members/{member.Id}"), "/console/members/open");
        open["reason"] = "解除の確認";
        var lift = PlainBrowser.Fields(await second.Get(await second.Post("/console/members/open", open)), "/console/members/lift");
        lift["reason"] = "見つかった";
        (await second.Get(await second.Post("/console/members/lift", lift))).ShouldContain("停止を解除しました。");

        var log = await first.Get("/console/log");
        foreach (var words in (string[])["会員をさがした", "会員を表示した", "利用を停止した", "停止を解除した", "盗難の届け出", "見つかった", "鈴木 一郎", "伊藤 二郎"])
            log.ShouldContain(words);
    }

    // A member's own freeze is another thing: it is told as theirs, and an operator may freeze the member beside it.
    [Theory, BothEngines]
    public async Task A_member_s_own_freeze_is_told_as_theirs(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var member = await scene.Member(name: "青井 花");
        (await member.Api.Post("/me/freeze")).Ok();
        using var one = new PlainBrowser(app, "ensen-operator", (await scene.Operator("鈴木 一郎")).Api.Token!);

        var open = PlainBrowser.Fields(await one.Get($"/console/members/{member.Id}"), "/console/members/open");
        open["reason"] = "お電話での問い合わせ";
        var profile = System.Net.WebUtility.HtmlDecode(await one.Get(await one.Post("/console/members/open", open)));

        profile.ShouldContain("会員ご本人による利用停止");
        profile.ShouldNotContain("frozen by its member", Case.Sensitive, "the program's word for it");
        profile.ShouldContain("ご本人の停止とは別に残り");
        profile.ShouldContain("/console/members/freeze");
        var log = System.Net.WebUtility.HtmlDecode(await one.Get("/console/log"));
        log.ShouldNotContain("name: ");
    }

    [Theory, BothEngines]
    public async Task A_correction_is_approved_by_another_person_and_an_invitation_too(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, shop) = (await scene.Member(20_000), await scene.Store());
        var paid = (await member.Pay(shop, 12_000)).Created().Text("paymentId");
        var (one, two) = (await scene.Operator("鈴木 一郎"), await scene.Operator("伊藤 二郎"));
        using var first = new PlainBrowser(app, "ensen-operator", one.Api.Token!);
        using var second = new PlainBrowser(app, "ensen-operator", two.Api.Token!);
        var why = "一桁多く" + Guid.NewGuid().ToString("N")[..6];
        var proposed = await WebApp.Command(["correction", "propose", paid, "--reason", why, "--by", one.Id,
            "--move", $"{member.Id}:money:10800", "--move", $"{shop.StoreId}:payable:-10800", "--database", app.DatabaseAddress]);
        proposed.ExitCode.ShouldBe(0, proposed.Error);
        var proposal = proposed.Output.Split('\n')[0];

        (await first.Get("/console")).ShouldContain("承認を待つ訂正");
        var own = Section(await first.Get("/console/corrections"), proposal);
        own.ShouldContain("ご自身の提案です。");
        own.ShouldNotContain("/console/corrections/approve");
        var theirs = Section(await second.Get("/console/corrections"), proposal);
        theirs.ShouldContain("10,800");
        var approve = PlainBrowser.Fields(theirs, "/console/corrections/approve");
        (await first.Get(await first.Post("/console/corrections/approve", With(approve, await first.Get("/console/corrections")))))
            .ShouldContain("提案した本人は承認できません。");
        (await second.Get(await second.Post("/console/corrections/approve", approve))).ShouldContain("承認し、記帳しました。");
        (await member.Balance()).ShouldBe(18_800);

        var signIn = "mori-" + Guid.NewGuid().ToString("N")[..8];
        var invite = PlainBrowser.Fields(await first.Get("/console/staff"), "/console/staff/invite");
        (invite["name"], invite["signIn"], invite["role"], invite["person"]) = ("森 三郎", signIn, "support", "");
        var invited = await first.Get(await first.Post("/console/staff/invite", invite));
        invited.ShouldContain("招待しました。");
        var link = Link().Match(invited).Value;
        await Should.ThrowAsync<HttpRequestException>(() => second.Get(link));
        var waiting = await second.Get("/console/staff");
        var mine = waiting[waiting.IndexOf(signIn, StringComparison.Ordinal)..];
        (await second.Get(await second.Post("/console/staff/approve", PlainBrowser.Fields(mine, "/console/staff/approve"))))
            .ShouldContain("招待を承認しました。");
        (await second.Get(link)).ShouldContain("森 三郎");
    }

    [Theory, BothEngines]
    public async Task A_room_without_its_role_is_closed_and_not_led_to(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var roles = new Dictionary<string, string>
        {
            ["/console/members"] = "support",
            ["/console/verifications"] = "identity",
            ["/console/frozen"] = "support",
            ["/console/corrections"] = "corrections",
            ["/console/staff"] = "staff",
            ["/console/log"] = "audit",
        };
        foreach (var (page, role) in roles)
        {
            var token = (await scene.Operator("A", [.. roles.Values.Where(r => r != role)])).Api.Token!;
            using var browser = new PlainBrowser(app, "ensen-operator", token);
            (await browser.Get("/console")).ShouldNotContain($"href=\"{page}\"");
            using var request = new HttpRequestMessage(HttpMethod.Get, page);
            request.Headers.TryAddWithoutValidation("Cookie", $"ensen-operator={token}");
            request.Headers.TryAddWithoutValidation("Accept", "text/html");
            using var answer = await app.Http.SendAsync(request);
            ((int)answer.StatusCode).ShouldBe(403, page);
        }
    }

    /// <summary>What an authenticator shows at the app's time.</summary>
    static async Task<string> Code(WebApp app, string secret, int seconds = 0)
    {
        var now = (await new Client(app.Http).Get("/sandbox/clock")).Ok().Json.GetProperty("now").GetDateTimeOffset();
        return Totp.CodeAt(OtpNet.Base32Encoding.ToBytes(secret), now.AddSeconds(seconds));
    }

    static string Section(string page, string proposal)
    {
        var from = page.IndexOf($"aria-labelledby=\"{proposal}\"", StringComparison.Ordinal);
        from.ShouldBeGreaterThan(0, proposal);
        return page[from..page.IndexOf("</section>", from, StringComparison.Ordinal)];
    }

    /// <summary>The same form with the token that the other person's page has.</summary>
    static Dictionary<string, string> With(Dictionary<string, string> form, string page) => new(form)
    {
        ["__RequestVerificationToken"] = Token().Match(page).Groups[1].Value,
    };

    [GeneratedRegex(@"/console/join/[\w-]+")]
    private static partial Regex Link();

    [GeneratedRegex("<p class=\"small\">([A-Z2-7 ]+)</p>")]
    private static partial Regex Secret();

    [GeneratedRegex("href=\"(/console/members/mbr_[^\"]+)\"")]
    private static partial Regex Found();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
