using System.Net;
using System.Text.RegularExpressions;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Chaos;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>The pages of a recovery, without script: operators propose, approve and take back, the member reads it everywhere and stops it.</summary>
public partial class RecoveryPagesTests(Servers servers)
{
    const string BornOn = "1990-04-01";

    [Theory, BothEngines]
    public async Task One_proposes_another_approves_and_the_member_stops_it(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var member = await scene.Member(name: "青井 花");
        using var first = new PlainBrowser(scene.App, "ensen-operator", (await scene.Operator("鈴木 一郎")).Api.Token!);
        using var second = new PlainBrowser(scene.App, "ensen-operator", (await scene.Operator("伊藤 二郎")).Api.Token!);
        var profile = await Open(first, member);

        var propose = PlainBrowser.Fields(profile, "/console/recoveries/propose");
        (propose["reason"], propose["bornOn"]) = ("窓口で運転免許証を確認", "1990-04-02");
        var refused = await first.Get(await first.Post("/console/recoveries/propose", propose));
        refused.ShouldContain("生年月日が、本人確認のときと違います。");
        propose = PlainBrowser.Fields(refused, "/console/recoveries/propose");
        (propose["reason"], propose["bornOn"]) = ("窓口で運転免許証を確認", BornOn);
        var proposed = await first.Get(await first.Post("/console/recoveries/propose", propose));
        proposed.ShouldContain("復旧を提案しました。");
        proposed.ShouldContain("ご自身の提案です。");
        proposed.ShouldNotContain("/console/recoveries/approve");
        (await second.Get("/console")).ShouldContain("承認を待つ復旧");
        (await second.Get("/console/recoveries")).ShouldContain(member.Id);

        var approve = PlainBrowser.Fields(await Open(second, member), "/console/recoveries/approve");
        approve["bornOn"] = BornOn;
        (await second.Get(await second.Post("/console/recoveries/approve", approve))).ShouldContain("復旧を承認しました。");
        using var phone = new PlainBrowser(scene.App, "ensen-member", member.Api.Token!);
        foreach (var page in (string[])["/", "/account"])
            (await phone.Get(page)).ShouldContain("アカウントの復旧を止める");
        using var anywhere = new PlainBrowser(scene.App);
        var link = "";
        await Until.Seen(() => (link = StopLink().Match(Mailbox(scene, member).GetAwaiter().GetResult()).Value) != "", () => "the mail");
        var stop = PlainBrowser.Fields(await anywhere.Get("/" + link), "/recovery/stop");
        (await anywhere.Get(await anywhere.Post("/recovery/stop", stop))).ShouldContain("復旧を止めました。");
        (await anywhere.Get(await anywhere.Post("/recovery/stop", stop))).ShouldContain("復旧は、すでに終わっています。");
        (await phone.Get("/")).ShouldNotContain("アカウントの復旧を止める");
        (await Open(first, member)).ShouldContain("なりすましのおそれがあります。");

        propose = PlainBrowser.Fields(await Open(second, member), "/console/recoveries/propose");
        (propose["reason"], propose["bornOn"]) = ("もう一度窓口で確認", BornOn);
        await second.Post("/console/recoveries/propose", propose);
        approve = PlainBrowser.Fields(await Open(first, member), "/console/recoveries/approve");
        approve["bornOn"] = BornOn;
        await first.Post("/console/recoveries/approve", approve);
        (await phone.Post("/account/recovery/stop", PlainBrowser.Fields(await phone.Get("/"), "/account/recovery/stop")))
            .ShouldBe("/account?told=recovery-stopped");
        (await phone.Get("/account?told=recovery-stopped")).ShouldContain("アカウントの復旧を止めました。");
        propose = PlainBrowser.Fields(await Open(second, member), "/console/recoveries/propose");
        (propose["reason"], propose["bornOn"]) = ("三度目", BornOn);
        await second.Post("/console/recoveries/propose", propose);
        var withdraw = PlainBrowser.Fields(await Open(first, member), "/console/recoveries/withdraw");
        withdraw["reason"] = "本人と連絡がついた";
        (await first.Get(await first.Post("/console/recoveries/withdraw", withdraw))).ShouldContain("復旧を取り下げました。");
        var log = await first.Get("/console/log");
        foreach (var words in (string[])["復旧を提案した", "復旧を承認した", "復旧を取り下げた", "窓口で運転免許証を確認", "本人と連絡がついた"])
            log.ShouldContain(words);
    }

    static async Task<string> Open(PlainBrowser browser, Person member)
    {
        var open = PlainBrowser.Fields(await browser.Get($"/console/members/{member.Id}"), "/console/members/open");
        open["reason"] = "復旧の申し出";
        return await browser.Get(await browser.Post("/console/members/open", open));
    }

    static async Task<string> Mailbox(Scene scene, Person who) =>
        WebUtility.HtmlDecode(await scene.App.Http.GetStringAsync($"/sandbox?to={Uri.EscapeDataString(who.Email)}"));

    [GeneratedRegex(@"recovery/stop\?token=[\w-]+")]
    private static partial Regex StopLink();
}
