using System.Net;
using Ensen.Merchants;
using Ensen.Sandbox.Town;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// The sandbox's start page told one PIN under the list of all stores. Those opened at the command line have PINs of their own, those made
/// by programs have none: whoever typed what was told was refused.
/// </summary>
public class APinBesideAnotherStore
{
    [Theory, BothEngines]
    public async Task The_start_page_tells_a_PIN_for_the_stores_it_belongs_to(Engine engine)
    {
        await using var app = await WebApp.Start(engine);
        using var browser = new PlainBrowser(app, "ensen-member", "nobody");
        await Make("花と茶 桃谷");
        (await browser.Get("/welcome")).ShouldContain($"レジの暗証番号は {TownPeople.TillPin}、返金は {TownPeople.RefundPin} です");
        (await browser.Get("/welcome")).ShouldNotContain("<optgroup");

        await new Scene(app).Store("パン工房つるはし");
        await Command("store", "add", "喫茶 今宮");

        (await Group("暗証番号が別のお店")).ShouldBe(["パン工房つるはし", "喫茶 今宮"], ignoreOrder: true);
        (await Group($"暗証番号 {TownPeople.TillPin}、返金は {TownPeople.RefundPin}")).ShouldBe(["花と茶 桃谷"]);
        (await browser.Get("/welcome")).ShouldNotContain("レジの暗証番号は ");

        await Make("古本 天満");
        await Command("store", "pin", await NumberOf("古本 天満"));

        (await Group("暗証番号が別のお店")).ShouldContain("古本 天満");
        (await Group($"暗証番号 {TownPeople.TillPin}、返金は {TownPeople.RefundPin}")).ShouldBe(["花と茶 桃谷"]);

        Task<string> Make(string name) => Submit("/sandbox/make/store", ("name", name));

        async Task<string> Submit(string action, params (string Name, string Value)[] typed)
        {
            var form = PlainBrowser.Fields(await browser.Get("/welcome"), action);
            foreach (var (name, value) in typed)
                form[name] = value;
            return await browser.Post(action, form);
        }

        async Task<List<string>> Group(string label)
        {
            var page = WebUtility.HtmlDecode(await browser.Get("/welcome"));
            var at = page.IndexOf($"<optgroup label=\"{label}\">", StringComparison.Ordinal);
            at.ShouldBeGreaterThan(0, label);
            var group = page[at..page.IndexOf("</optgroup>", at, StringComparison.Ordinal)];
            return [.. group.Split("<option ").Skip(1).Select(o => o[(o.IndexOf('>', StringComparison.Ordinal) + 1)..].Split("</option>")[0].Trim())];
        }

        async Task<string> NumberOf(string name)
        {
            await using var db = Database.Open(app.DatabaseAddress, Ensen.Sandbox.SandboxModule.Catalogue);
            return (await new Stores(db, TimeProvider.System).List(100)).Single(s => s.Name == name).Number;
        }

        async Task Command(params string[] command) =>
            (await WebApp.Command([.. command, "--database", app.DatabaseAddress])).ExitCode.ShouldBe(0);
    }
}
