using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>
/// Programs come in by the API, people by pages; neither door leans on the other. What both need stands in <c>Edge</c>, which names
/// neither. Only the files beside the project file, which put the web together, name the API.
/// </summary>
public partial class TwoDoors
{
    [Fact]
    public void No_page_folder_names_the_API() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("src/Ensen.Web/Member/PayForms.cs", "using Ensen.Web.Api;")]
    [InlineData("src/Ensen.Web/Till/_Imports.razor", "@using Ensen.Web.Api")]
    [InlineData("src/Ensen.Web/Shop/Today.razor", "@code { private string Of(Guid id) => Ensen.Web.Api.Paging.Of(id); }")]
    [InlineData("src/Ensen.Web/Parcels/Parcel.razor", "<p>@Api.Paging.Most</p>")]
    [InlineData("src/Ensen.Web/Session/SessionScheme.cs", "var problem = new Web.Api.Made();")]
    [InlineData("src/Ensen.Web/Edge/Problem.cs", "using Ensen.Web.Api;")]
    [InlineData("src/Ensen.Ui/Pad.razor", "@using Ensen.Web.Api")]
    public void One_that_does_is_found(string path, string line) =>
        Complaints(SourceTree.Planted(path, line)).ShouldComplain($"{path}: names the API");

    [Theory]
    [InlineData("src/Ensen.Web/Edge/Problem.cs", "using Ensen.Web.Member;")]
    [InlineData("src/Ensen.Web/Edge/Problem.cs", "using Ensen.Web.Till;")]
    public void An_edge_that_names_pages_is_found(string path, string line) =>
        Complaints(SourceTree.Planted(path, line)).ShouldComplain("names pages");

    [Theory]
    [InlineData("src/Ensen.Web/Api/Body.cs", "using Ensen.Web.Api;")]
    [InlineData("src/Ensen.Web/Program.cs", "using Ensen.Web.Api;")]
    [InlineData("src/Ensen.Web/Start/StartSetup.cs", "var isProgram = context.Request.Path.StartsWithSegments(\"/api\");")]
    [InlineData("src/Ensen.Web/Till/_Imports.razor", "@using Ensen.Web.Edge")]
    public void What_puts_them_together_and_addresses_are_fine(string path, string line) =>
        Complaints(SourceTree.Planted(path, line)).ShouldHold();

    static IEnumerable<string> Complaints(SourceTree tree)
    {
        foreach (var file in tree.Under("src/Ensen.Web/", ".cs", ".razor").Concat(tree.Under("src/Ensen.Ui/", ".cs", ".razor")))
        {
            var text = file.Ending == ".cs" ? file.Code : file.Text;
            if (file.Module is not ("" or "Api") || file.Path.StartsWith("src/Ensen.Ui/", StringComparison.Ordinal))
                if (Api().IsMatch(text))
                    yield return $"{file.Path}: names the API; what both doors need belongs into Edge";
            if (file.Module == "Edge" && Pages().IsMatch(text))
                yield return $"{file.Path}: names pages";
        }
    }

    [GeneratedRegex(@"(?<![\w.""/])(?:Ensen\.)?(?:Web\.)?Api\s*(?:\.\s*\w|;)|\bEnsen\.Web\.Api\b")]
    private static partial Regex Api();

    [GeneratedRegex(@"\bEnsen\.Web\.(?:Members?|Shop|Till|Roots|Start|Welcome)\b")]
    private static partial Regex Pages();
}
