using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>The repository works on any machine: no file knows the folders of one, or where its packages came from.</summary>
public partial class Machines
{
    // Written in two parts, so that this file does not name what it forbids.
    const string Slash = "/";

    [Fact]
    public void No_file_knows_the_machine_it_was_written_on() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("README.md", "see " + Slash + "work/main/README")]
    [InlineData("docs/tour.md", "in " + Slash + "home/aoi/ensen")]
    [InlineData("tests/run.sh", "cd " + Slash + "tmp/ensen")]
    [InlineData("tests/Ensen.Tests/A.cs", "\"" + Slash + "root/x\"")]
    [InlineData("README.md", "registry=https:" + Slash + "/registry.example.com/")]
    [InlineData("tests/judges/package-lock.json", "\"resolved\": \"https:" + Slash + "/packages.example.com/axe-core.tgz\"")]
    [InlineData("src/Ensen/packages.lock.json", "\"resolved\": \"https:" + Slash + "/packages.example.com/dapper.nupkg\"")]
    [InlineData("NuGet.config", "<add key=\"here\" value=\"http:" + Slash + "/10.0.0.7:5000/v3/index.json\" />")]
    public void What_only_one_machine_has_is_found(string path, string text) =>
        Complaints(SourceTree.Planted(path, text)).ShouldComplain(path);

    [Theory]
    [InlineData("README.md", "see [it](docs/home/page.md), http://localhost:5080" + Slash + "work, https://example.com" + Slash + "home/x")]
    [InlineData("test", "mktemp -d \"${TMPDIR:-/tmp}/ensen-test\"")]
    [InlineData("src/Ensen/packages.lock.json", "\"resolved\": \"2.1.86\"")]
    public void What_every_machine_has_is_fine(string path, string text) => Complaints(SourceTree.Planted(path, text)).ShouldHold();

    static IEnumerable<string> Complaints(SourceTree tree) =>
        from file in tree.Files
        where !file.Path.Contains("/vendor/", StringComparison.Ordinal)
        from found in Folder().Matches(file.Text).Concat(Host().Matches(file.Text)).Concat(
            file.Name.Contains("lock", StringComparison.Ordinal) ? Resolved().Matches(file.Text) : [])
        select $"{file.Path}: {found.Value}";

    [GeneratedRegex(@"(?<![\w.\-}\])])/(?:work|farm|root|home|tmp|Users)/\w[\w./-]*")]
    private static partial Regex Folder();

    [GeneratedRegex(@"https?://(?:registry|nexus|artifactory|npm|nuget|proxy|mirror)\.[\w.-]+|https?://(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d[\d.]+")]
    private static partial Regex Host();

    [GeneratedRegex(@"""resolved"":\s*""[^""]*//[^""]*""")]
    private static partial Regex Resolved();
}
