using System.Net;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>What a form of the console says when something in it is wrong, and what a second person is shown before approving.</summary>
public class ConsoleFormsTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task Each_form_names_what_is_wrong_and_keeps_what_was_typed(Engine engine)
    {
        var app = await servers.On(engine);
        using var desk = await Desk(app);

        var centre = PlainBrowser.Fields(await desk.Get("/console/cards/centres"), "/console/cards/open-centre");
        (centre["name"], centre["pin"]) = ("きたモール", "1");
        var said = await Said(desk, "/console/cards/open-centre", centre);
        said.ShouldContain("6〜12桁の数字");
        said.ShouldContain("value=\"きたモール\"");

        var use = PlainBrowser.Fields(await desk.Get("/console/campaigns/uses"), "/console/campaigns/uses/make");
        (use["nameJa"], use["nameEn"]) = (new string('あ', 41), "Bakeries");
        foreach (var ticked in new[] { "whole", "store", "reward" })
            use.Remove(ticked);
        said = await Said(desk, "/console/campaigns/uses/make", use);
        said.ShouldContain("1〜40文字で入れてください");
        said.ShouldContain("使える先を1つ以上選んでください");
        said.ShouldNotContain("1〜60文字で入れてください");
    }

    [Theory, BothEngines]
    public async Task A_campaign_lists_its_mistakes_with_links_and_is_shown_whole_to_who_approves(Engine engine)
    {
        var app = await servers.On(engine);
        using var desk = await Desk(app);
        var form = PlainBrowser.Fields(await desk.Get("/console/campaigns/new"), "/console/campaigns/propose");
        foreach (var (name, value) in new[]
        {
            ("nameJa", "パンの週"), ("nameEn", "Bakery week"), ("textJa", "焼きたての一週間です。"), ("textEn", "Fresh for a week."),
            ("gift", "percent"), ("amount", "3"), ("perYen", "200"), ("budget", "1000"), ("capPerDay", "20"), ("capInAll", "10"),
            ("pending", "7"), ("lasts", "30"),
        })
            form[name] = value;
        var said = await Said(desk, "/console/campaigns/propose", form);
        said.ShouldContain("2か所を直してください");
        said.ShouldContain("href=\"#perYen\"");
        said.ShouldContain("href=\"#capPerDay\"");
        said.ShouldContain("合計の上限は超えられません");

        (form["perYen"], form["capPerDay"]) = ("", "10");
        var proposed = await desk.Post("/console/campaigns/propose", form);
        proposed.ShouldContain("told=Proposed");
        var shown = WebUtility.HtmlDecode(await desk.Get(proposed));
        foreach (var part in new[] { "焼きたての一週間です。", "Fresh for a week.", "7日(お支払いの7日後から使えます)" })
            shown.ShouldContain(part);
    }

    static async Task<PlainBrowser> Desk(WebApp app) =>
        new(app, "ensen-operator", (await new Scene(app).Operator("鈴木 一郎")).Api.Token!);

    static async Task<string> Said(PlainBrowser desk, string action, Dictionary<string, string> form) =>
        WebUtility.HtmlDecode(await desk.Get(await desk.Post(action, form)));
}
