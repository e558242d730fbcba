using Ensen.Tests.Formats;
using Ensen.Tests.Tidy;

namespace Ensen.Tests.Bugs;

/// <summary>
/// An iPad with iOS 15 sent no payment, because one call came a year after it. Every script we send is parsed as the oldest browsers of
/// shops read it (Safari 15, the WebView of Android 9), and names nothing that came later but in the one place that asks whether it is
/// there.
/// </summary>
public class TheScriptsOfShopsBrowsers
{
    [Fact]
    public void Every_script_that_is_sent_is_read_by_the_oldest_browsers_of_shops()
    {
        var scripts = SourceTree.Repository.Under("src/Ensen.Web/wwwroot/", ".js").ToDictionary(f => f.Path, f => f.Text);
        scripts.Count.ShouldBeGreaterThan(20);
        Complaints(scripts).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a ??= 2;", "Unexpected token")]
    [InlineData("const b = a ?? 2;", "?? came")]
    [InlineData("const b = a?.b;", "?.")]
    [InlineData("class A { b = 1 }", "Unexpected token")]
    [InlineData("const a = 1_000;", "after number")]
    [InlineData("await 1;", "await")]
    [InlineData("fetch('/', { signal: AbortSignal.timeout(1) });", "AbortSignal")]
    [InlineData("localStorage.getItem('a');", "localStorage")]
    [InlineData("form.requestSubmit();", "requestSubmit")]
    [InlineData("[1].at(-1);", "at()")]
    public void What_they_cannot_read_is_found(string script, string about) =>
        Complaints(new() { ["js/planted.js"] = script }).ShouldHaveSingleItem().ShouldContain(about);

    static string[] Complaints(Dictionary<string, string> scripts) => Judges.Ask<string[]>("old-browsers.mjs", scripts);
}
