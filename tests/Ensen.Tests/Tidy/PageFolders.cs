using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>Who may see a page is said once for its folder, so that a new page cannot be left open by forgetting it.</summary>
public partial class PageFolders
{
    const string Sandbox = "src/Ensen.Sandbox";
    static readonly string[] s_folders = ["src/Ensen.Web/Member", "src/Ensen.Web/Till", "src/Ensen.Web/Shop", "src/Ensen.Web/Console", Sandbox];

    [Fact]
    public void Every_folder_of_pages_has_a_layout_and_a_policy() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("", "has no _Imports.razor")]
    [InlineData("@attribute [Authorize(Policy = Policies.Till)]", "no layout")]
    [InlineData("@layout TillLayout\n@attribute [Authorize]", "no authorization policy")]
    [InlineData("@layout TillLayout\n@attribute [AllowAnonymous]", "no authorization policy")]
    public void A_folder_without_them_is_found(string imports, string about) =>
        Complaints(Folder("src/Ensen.Web/Till", imports)).ShouldComplain(about);

    [Theory]
    [InlineData("src/Ensen.Web/Till", "@layout TillLayout\n@attribute [Authorize(Policy = Policies.Till)]")]
    [InlineData("src/Ensen.Web/Till", "@layout TillLayout\n@attribute [Authorize(\"till\")]")]
    [InlineData(Sandbox, "@layout SandboxLayout\n@attribute [AllowAnonymous]")]
    public void A_folder_with_both_is_fine(string folder, string imports) => Complaints(Folder(folder, imports)).ShouldHold();

    static SourceTree Folder(string folder, string imports) => imports == ""
        ? SourceTree.Planted($"{folder}/Today.razor", "")
        : SourceTree.Planted(($"{folder}/Today.razor", ""), ($"{folder}/_Imports.razor", imports));

    static IEnumerable<string> Complaints(SourceTree tree)
    {
        foreach (var folder in s_folders.Where(f => tree.Under($"{f}/", ".razor").Any()))
        {
            var path = $"{folder}/_Imports.razor";
            if (tree.Files.FirstOrDefault(f => f.Path == path) is not { } imports)
            {
                yield return $"{folder}: has no _Imports.razor";
                continue;
            }

            if (!Layout().IsMatch(imports.Text))
                yield return $"{path}: no layout";
            // The sandbox is open to anyone; that it exists at all is decided at start.
            if (!Policy().IsMatch(imports.Text) && !(folder == Sandbox && imports.Text.Contains("[AllowAnonymous]", StringComparison.Ordinal)))
                yield return $"{path}: no authorization policy";
        }
    }

    [GeneratedRegex(@"^@layout\s+\w", RegexOptions.Multiline)]
    private static partial Regex Layout();

    [GeneratedRegex(@"^@attribute\s+\[Authorize\(\s*(?:Policy\s*=\s*)?(?:""\w|[A-Z]\w*\.\w)", RegexOptions.Multiline)]
    private static partial Regex Policy();
}
