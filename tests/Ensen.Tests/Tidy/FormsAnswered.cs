using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>
/// Every form of a page is sent and answered in one way (src/Ensen.Ui/PageForms.cs): the page shows it with a token, an endpoint opened by
/// <c>MapForm</c> under the whole address answers it by a redirect. Programs' endpoints are the API's.
/// </summary>
public partial class FormsAnswered
{
    [Fact]
    public void Forms_are_answered_by_endpoints_and_by_redirects() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("src/Ensen.Web/Member/Here.razor", "<form method=\"post\" @formname=\"it\" @onsubmit=\"Send\"><AntiforgeryToken /></form>", "answers a form by itself")]
    [InlineData("src/Ensen.Web/Member/Here.razor", "<EditForm Model=\"_it\"></EditForm>", "answers a form by itself")]
    [InlineData("src/Ensen.Web/Member/Here.razor", "@code {\n    [SupplyParameterFromForm] private string? It { get; set; }\n}", "answers a form by itself")]
    [InlineData("src/Ensen.Web/Member/Here.razor", "@code {\n    private string It => Http.Request.Form[\"it\"];\n}", "answers a form by itself")]
    [InlineData("src/Ensen.Web/Member/Here.razor", "<form method=\"post\" action=\"/here\"><button>Go</button></form>", "/here is sent without a token")]
    [InlineData("src/Ensen.Web/Member/Here.razor", "<form class=\"row\" method=\"post\" action=\"/there\"><AntiforgeryToken /></form>", "/there is opened by no MapForm")]
    [InlineData("src/Ensen.Web/Member/HereForms.cs", "member.MapPost(\"/here\", It);", "MapPost")]
    [InlineData("src/Ensen.Sandbox/Pages/HereForms.cs", "sandbox.MapForm(\"/nowhere\", It);", "/nowhere is sent by no form")]
    [InlineData("src/Ensen.Web/Till/HereForms.cs", "static IResult It() => Results.Redirect(\"/till\");", "leads on by Results.Redirect")]
    public void Another_way_is_found(string path, string text, string about) =>
        Complaints(SourceTree.Planted(path, text)).ShouldComplain(about);

    [Fact]
    public void The_one_way_is_fine() => Complaints(SourceTree.Planted(
        ("src/Ensen.Web/Member/Here.razor",
            "<form method=\"get\" action=\"/history\"></form>\n<form class=\"stack\" method=\"post\" action=\"/here\">\n  <AntiforgeryToken />\n</form>"),
        ("src/Ensen.Web/Member/HereForms.cs", "member.MapForm(\"/here\", It);\nstatic IResult It() => Results.LocalRedirect(\"/here\");"),
        ("src/Ensen.Web/Api/HereApi.cs", "api.MapPost(\"/here\", It);"))).ShouldHold();

    static IEnumerable<string> Complaints(SourceTree tree)
    {
        var pages = tree.Under("src/", ".razor").ToList();
        var code = tree.Under("src/", ".cs").Where(f => f.Module != "Api" && f.Name != "PageForms.cs").ToList();
        var opened = code.SelectMany(f => Opened().Matches(f.Text).Select(m => (f.Path, Address: m.Groups[1].Value))).ToList();

        foreach (var page in pages.Where(p => OfItself().IsMatch(p.Text)))
            yield return $"{page.Path}: answers a form by itself";
        foreach (var (page, form) in pages.SelectMany(p => Forms().Matches(p.Text).Select(m => (p, m.Value)))
            .Where(f => f.Value.Contains("method=\"post\"", StringComparison.Ordinal)))
        {
            var action = Action().Match(form).Groups[1].Value;
            if (!form.Contains("<AntiforgeryToken />", StringComparison.Ordinal))
                yield return $"{page.Path}: the form of {action} is sent without a token";
            if (!action.StartsWith('@') && opened.All(o => o.Address != action))
                yield return $"{page.Path}: {action} is opened by no MapForm";
        }
        foreach (var file in code.Where(f => f.Code.Contains("MapPost", StringComparison.Ordinal)))
            yield return $"{file.Path}: MapPost, where a form is opened by MapForm";
        foreach (var file in code.Where(f => f.Code.Contains("Results.Redirect(", StringComparison.Ordinal)))
            yield return $"{file.Path}: leads on by Results.Redirect, which also leads to other sites";
        foreach (var (path, address) in opened.Where(o => !pages.Any(p => p.Text.Contains($"\"{o.Address}\"", StringComparison.Ordinal))))
            yield return $"{path}: {address} is sent by no form";
    }

    [GeneratedRegex(@"@formname|@onsubmit|<EditForm\b|SupplyParameterFromForm|\bRequest\.Form\b|\bHasFormContentType\b")]
    private static partial Regex OfItself();

    [GeneratedRegex(@"<form\b[\s\S]*?</form>")]
    private static partial Regex Forms();

    [GeneratedRegex(@"\baction=""([^""]*)""")]
    private static partial Regex Action();

    [GeneratedRegex(@"\.MapForm\(""([^""]+)""")]
    private static partial Regex Opened();
}
