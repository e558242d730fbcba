using System.Net;
using System.Text.RegularExpressions;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;
using static Ensen.Tests.Support.PlainBrowser;

namespace Ensen.Tests.Bugs;

/// <summary>
/// "Correct", before a transfer is sent, led to an empty form: who saw one digit too many typed the receiver, the amount and the note again.
/// </summary>
public partial class CorrectingATransferForgotIt(Servers servers)
{
    [Theory, BothEngines]
    public async Task The_first_step_comes_back_as_it_was_filled_in(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, ren) = (await scene.Member(50_000), await scene.Member(name: "Ren"));
        using var browser = new PlainBrowser(scene.App, "ensen-member", aoi.Api.Token!);
        var step = Fields(await browser.Get("/send"), "/send/find");
        (step["to"], step["amount"], step["note"]) = (ren.Id, "7000", "お昼 & お茶");

        var confirm = await browser.Get(await browser.Post("/send/find", step));
        var typed = await Corrected(confirm);
        (typed["to"], Digits(typed["amount"]), typed["note"]).ShouldBe((ren.Id, "7000", "お昼 & お茶"));

        // What was refused at the last step comes without the address, and with the person all the same.
        (await aoi.Pay(await scene.Store(), 49_000)).Created();
        var refused = await browser.Get(await browser.Post("/send", Fields(confirm, "/send")));
        var chosen = await Corrected(refused);
        chosen.Keys.ShouldNotContain("to");
        (Digits(chosen["amount"]), chosen["note"]).ShouldBe(("7000", "お昼 & お茶"));
        chosen["amount"] = "700";
        var form = Fields(await browser.Get(await browser.Post("/send/find", chosen)), "/send");
        (await browser.Post("/send", form)).ShouldStartWith("/send/done/trf_");
        (await aoi.Balance(), await ren.Balance()).ShouldBe((300, 700));

        async Task<Dictionary<string, string>> Corrected(string page) =>
            Fields(await browser.Get(WebUtility.HtmlDecode(CorrectShown().Match(page).Groups[1].Value)), "/send/find");
    }

    static string Digits(string amount) => string.Concat(amount.Where(char.IsAsciiDigit));

    [GeneratedRegex("<a class=\"quiet\" href=\"([^\"]+)\">直す</a>")]
    private static partial Regex CorrectShown();
}
