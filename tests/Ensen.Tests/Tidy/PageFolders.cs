using System.Reflection;
using System.Text.RegularExpressions;
using Ensen.Ui;
using Ensen.Web.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;

namespace Ensen.Tests.Tidy;

/// <summary>
/// Who may see a page is said once for its folder: a policy, or that it is for everybody. Where nothing is said there is a complaint,
/// in whatever folder the page stands, so that a new one cannot be left open by forgetting it.
/// </summary>
public partial class PageFolders
{
    static readonly Assembly[] s_pages = [typeof(ApiSetup).Assembly, typeof(Ensen.Sandbox.Playground).Assembly, typeof(Loaded).Assembly];

    [Fact]
    public void Every_folder_of_pages_has_a_layout_and_a_policy() => Complaints(SourceTree.Repository).ShouldHold();

    [Fact]
    public void Every_page_that_is_built_says_who_may_see_it() => s_pages.SelectMany(a => a.GetTypes()).SelectMany(Complaints).ShouldHold();

    [Fact]
    public void The_pages_are_looked_at() =>
        s_pages.SelectMany(a => a.GetTypes()).Count(t => t.IsDefined(typeof(RouteAttribute)))
            .ShouldBe(SourceTree.Repository.Under("src/", ".razor").Count(f => Page().IsMatch(f.Text)));

    [Theory]
    [InlineData(typeof(Forgotten), true)]
    [InlineData(typeof(ForAnybodySignedIn), true)]
    [InlineData(typeof(ForTills), false)]
    [InlineData(typeof(ForEverybody), false)]
    [InlineData(typeof(NoPage), false)]
    public void A_page_without_is_found(Type page, bool isFound) => Complaints(page).Any().ShouldBe(isFound);

    [Theory]
    [InlineData("src/Ensen.Web/Till", "", "has no _Imports.razor")]
    [InlineData("src/Ensen.Web/Parcels", "", "has no _Imports.razor")]
    [InlineData("src/Ensen.Ui", "", "has no _Imports.razor")]
    [InlineData("src/Ensen.Web/Till", "@attribute [Authorize(Policy = Policies.Till)]", "no layout")]
    [InlineData("src/Ensen.Web/Till", "@layout TillLayout", "no authorization policy")]
    [InlineData("src/Ensen.Web/Parcels", "@layout TillLayout\n@attribute [Authorize]", "no authorization policy")]
    public void A_folder_without_them_is_found(string folder, string imports, string about) =>
        Complaints(Folder(folder, imports)).ShouldComplain(about);

    [Theory]
    [InlineData("src/Ensen.Web/Till", "@layout TillLayout\n@attribute [Authorize(Policy = Policies.Till)]")]
    [InlineData("src/Ensen.Web/Till", "@layout TillLayout\n@attribute [Authorize(\"till\")]")]
    [InlineData("src/Ensen.Web/Parcels", "@layout PlainLayout\n@attribute [AllowAnonymous]")]
    public void A_folder_with_both_is_fine(string folder, string imports) => Complaints(Folder(folder, imports)).ShouldHold();

    [Fact]
    public void A_folder_in_a_folder_goes_by_what_is_said_above_it() => Complaints(SourceTree.Planted(
        ("src/Ensen.Sandbox/Pages/Here.razor", "@page \"/here\""),
        ("src/Ensen.Sandbox/_Imports.razor", "@layout DeskLayout\n@attribute [AllowAnonymous]"))).ShouldHold();

    [Fact]
    public void A_policy_in_a_folder_for_everybody_is_found_since_it_would_say_nothing() => Complaints(SourceTree.Planted(
        ("src/Ensen.Web/Roots/Here.razor", "@page \"/here\"\n@attribute [Authorize(Policy = Policies.Till)]"),
        ("src/Ensen.Web/Roots/_Imports.razor", "@layout PlainLayout\n@attribute [AllowAnonymous]"))).ShouldComplain("says nothing");

    static SourceTree Folder(string folder, string imports) => imports == ""
        ? SourceTree.Planted($"{folder}/Here.razor", "@page \"/here\"")
        : SourceTree.Planted(($"{folder}/Here.razor", "@page \"/here\""), ($"{folder}/_Imports.razor", imports));

    static IEnumerable<string> Complaints(Type type)
    {
        if (type.IsDefined(typeof(RouteAttribute)) && !type.IsDefined(typeof(AllowAnonymousAttribute))
            && type.GetCustomAttributes<AuthorizeAttribute>().All(a => string.IsNullOrEmpty(a.Policy)))
            yield return $"{type.FullName}: neither a policy nor [AllowAnonymous]";
    }

    static IEnumerable<string> Complaints(SourceTree tree)
    {
        var said = tree.Files.Where(f => f.Name == "_Imports.razor").ToDictionary(f => FolderOf(f.Path));
        foreach (var pages in tree.Under("src/", ".razor").Where(f => Page().IsMatch(f.Text)).GroupBy(f => FolderOf(f.Path)))
        {
            // Razor reads the _Imports of every folder above a page too; the nearest that says who may see its pages is meant.
            var above = Above(pages.Key).Where(said.ContainsKey).Select(folder => said[folder]).ToList();
            if (above.Count == 0)
            {
                yield return $"{pages.Key}: has no _Imports.razor";
                continue;
            }

            if (!above.Any(f => Layout().IsMatch(f.Text)))
                yield return $"{above[0].Path}: no layout";
            var isOpen = above.Any(f => Everybody().IsMatch(f.Text));
            if (!isOpen && !above.Any(f => Policy().IsMatch(f.Text)))
                yield return $"{above[0].Path}: no authorization policy";
            foreach (var page in pages.Where(p => isOpen && p.Text.Contains("[Authorize", StringComparison.Ordinal)))
                yield return $"{page.Path}: its policy says nothing where everybody may see the folder";
        }
    }

    static string FolderOf(string path) => path[..path.LastIndexOf('/')];

    static IEnumerable<string> Above(string folder)
    {
        for (; folder.Contains('/', StringComparison.Ordinal); folder = FolderOf(folder))
            yield return folder;
    }

    [GeneratedRegex(@"^@page\s", RegexOptions.Multiline)]
    private static partial Regex Page();

    [GeneratedRegex(@"^@layout\s+\w", RegexOptions.Multiline)]
    private static partial Regex Layout();

    [GeneratedRegex(@"^@attribute\s+\[AllowAnonymous\]", RegexOptions.Multiline)]
    private static partial Regex Everybody();

    [GeneratedRegex(@"^@attribute\s+\[Authorize\(\s*(?:Policy\s*=\s*)?(?:""\w|[A-Z]\w*\.\w)", RegexOptions.Multiline)]
    private static partial Regex Policy();

    [Route("/forgotten")]
    sealed class Forgotten : ComponentBase;

    [Route("/signed-in"), Authorize]
    sealed class ForAnybodySignedIn : ComponentBase;

    [Route("/tills"), Authorize(Policy = "till")]
    sealed class ForTills : ComponentBase;

    [Route("/all"), AllowAnonymous]
    sealed class ForEverybody : ComponentBase;

    sealed class NoPage : ComponentBase;
}
