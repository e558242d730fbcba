using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>A bill could be split by a program among twenty, and on the page among six.</summary>
public class ASplitHadSixRows(Servers servers)
{
    [Fact]
    public async Task Rows_are_added_without_script_and_what_was_typed_stays()
    {
        var scene = new Scene(await servers.On(Engine.Sqlite));
        var aoi = await scene.Member();
        using var phone = new PlainBrowser(scene.App, "ensen-member", aoi.Api.Token!);
        var page = await phone.Get("/requests/split");
        var form = PlainBrowser.Fields(page, "/requests/split");
        (form.ContainsKey("from5"), form.ContainsKey("from6")).ShouldBe((true, false));
        (form["total"], form["from0"], form["amount0"]) = ("8000", (await scene.Member()).Id, "1000");

        foreach (var rows in (int[])[12, 18, 20])
        {
            page = await phone.Get(await phone.Post("/requests/split/more", form, "/requests/split"));
            form = PlainBrowser.Fields(page, "/requests/split");
            (form.ContainsKey($"from{rows - 1}"), form.ContainsKey($"from{rows}")).ShouldBe((true, false));
            (form["total"], form["amount0"]).ShouldBe(("8000", "1000"));
        }
        page.ShouldNotContain("/requests/split/more");

        (form["from19"], form["amount19"]) = ((await scene.Member()).Id, "2000");
        (await phone.Post("/requests/split", form, "/requests/split")).ShouldStartWith("/requests/splits/spl_");
        (await aoi.Api.Get("/requests")).Ok().Json.GetProperty("asked").GetArrayLength().ShouldBe(2);
    }
}
