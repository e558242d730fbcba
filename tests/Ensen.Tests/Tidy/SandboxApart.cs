using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>The sandbox can be left out of a build: one file of the product names it, and the sandbox names nothing of Ensen.Web.</summary>
public partial class SandboxApart
{
    const string Seam = "src/Ensen.Web/BuiltIn.Sandbox.cs";

    [Fact]
    public void One_file_of_the_product_names_the_sandbox() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("src/Ensen.Web/Composition.cs", "using Ensen.Sandbox.Town;")]
    [InlineData("src/Ensen.Web/Start/_Imports.razor", "@using Ensen.Sandbox.Pages")]
    [InlineData("src/Ensen.Web/Start/Welcome.razor", "<Ensen.Sandbox.Walk.WalkCard />")]
    [InlineData("src/Ensen.Ui/Shell.razor", "@inject Sandbox.Gateways.SandboxGateways World")]
    [InlineData("src/Ensen/Wallet/Charge.cs", "insert into sandbox_fault (gateway) values (1)")]
    [InlineData("src/Ensen/Storage/Migrations/0001-a.sql", "create table sandbox_mail (id uuid)")]
    [InlineData("src/Ensen.Sandbox/Pages/Forms.cs", "using Ensen.Web.Till;")]
    public void What_would_not_build_without_the_other_is_found(string path, string text) =>
        Complaints(SourceTree.Planted(path, text)).ShouldComplain(path);

    [Theory]
    [InlineData(Seam, "using Ensen.Sandbox;")]
    [InlineData("src/Ensen.Web/Settings.cs", "// The project Ensen.Sandbox may be left out.\nvar name = \"Ensen:Sandbox\";")]
    public void The_seam_and_what_is_only_said_are_fine(string path, string text) =>
        Complaints(SourceTree.Planted(path, text)).ShouldHold();

    static IEnumerable<string> Complaints(SourceTree tree)
    {
        foreach (var file in tree.Under("src/", ".cs", ".razor", ".sql").Where(f => f.Path != Seam))
        {
            var isSandbox = file.Path.StartsWith("src/Ensen.Sandbox/", StringComparison.Ordinal);
            if (isSandbox && OfWeb().IsMatch(file.Code))
                yield return $"{file.Path}: names Ensen.Web, which is built upon the sandbox";
            if (!isSandbox && (OfSandbox().IsMatch(file.Code) || Tables().IsMatch(file.Text)))
                yield return $"{file.Path}: names what a build without the sandbox has not";
        }
    }

    [GeneratedRegex(@"\bEnsen\.Web\b")]
    private static partial Regex OfWeb();

    [GeneratedRegex(@"\bEnsen\.Sandbox\b|\bSandbox\.(?:Gateways|Pages|Town|Walk|Api)\b")]
    private static partial Regex OfSandbox();

    [GeneratedRegex(@"\bsandbox_\w")]
    private static partial Regex Tables();
}
