using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>Every setting that the program reads is in the table of docs/operating/README.md.</summary>
public partial class SettingsTold
{
    const string Document = "docs/operating/README.md";

    [Fact]
    public void Every_setting_in_code_is_in_the_table() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("configuration.GetValue(\"Ensen:Speed\", 1)", "Ensen:Speed")]
    [InlineData("configuration[\"ENSEN_SPEED\"]", "ENSEN_SPEED")]
    [InlineData("configuration[\"speed\"]", "--speed")]
    [InlineData("const string Endpoint = \"OTEL_SPEED\";", "OTEL_SPEED")]
    [InlineData("Environment.GetEnvironmentVariable(\"SPEED\")", "SPEED")]
    public void One_that_is_not_is_found(string code, string about)
    {
        Complaints(SourceTree.Planted((Document, $"| `Ensen:Writers` | 2 | as `{about}` |"), ("src/Ensen.Web/Settings.cs", code)))
            .ShouldComplain(about);
        Complaints(SourceTree.Planted((Document, $"| `{about}` | 2 | |"), ("src/Ensen.Web/Settings.cs", code))).ShouldHold();
    }

    [Fact]
    public void The_settings_that_there_are_are_seen() => Named(SourceTree.Repository).ShouldContain("Ensen:DemoTown");

    static IEnumerable<string> Complaints(SourceTree tree)
    {
        var table = tree.Files.Where(f => f.Path == Document).SelectMany(f => f.Text.Split('\n')).Where(line => line.StartsWith('|'))
            .Select(line => line.Split('|')[1]).ToList();
        return Named(tree).Where(name => !table.Exists(cell => cell.Contains($"`{name}`", StringComparison.Ordinal))).Select(
            name => $"{Document}: the table lacks {name}");
    }

    static IEnumerable<string> Named(SourceTree tree) =>
        from file in tree.Under("src/", ".cs")
        from Match read in Reads().Matches(file.Text)
        let name = read.Groups[1].Success ? "--" + read.Groups[1].Value : read.Groups[2].Value
        select name;

    // A lower-case key of the configuration is an option; names with our prefix, or a platform's, are settings wherever they stand.
    [GeneratedRegex("""configuration\["([a-z]\w*)"\]|"(Ensen:\w+|(?:ENSEN|OTEL|ASPNETCORE|DOTNET)_\w+)"|GetEnvironmentVariable\("(?<2>\w+)"\)""")]
    private static partial Regex Reads();
}
