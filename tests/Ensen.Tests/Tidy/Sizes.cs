namespace Ensen.Tests.Tidy;

/// <summary>A file is read in one sitting; over 400 lines it holds more than one idea.</summary>
public class Sizes
{
    const int Most = 400;

    [Fact]
    public void No_file_is_longer_than_400_lines() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("src/Ensen/Ledger/Ledger.cs")]
    [InlineData("src/Ensen.Web/wwwroot/css/ensen.css")]
    [InlineData("tests/Ensen.Tests/Wallet/PayTests.cs")]
    public void A_longer_one_is_found(string path) =>
        Complaints(SourceTree.Planted(path, string.Concat(Enumerable.Repeat("\n", Most + 1)))).ShouldComplain($"{path}: 401 lines");

    [Theory]
    [InlineData("src/Ensen/Ledger/Ledger.cs", Most)]
    [InlineData("src/Ensen.Web/wwwroot/vendor/reader.js", 2 * Most)]
    public void Shorter_and_other_peoples_files_are_fine(string path, int lines) =>
        Complaints(SourceTree.Planted(path, string.Concat(Enumerable.Repeat("\n", lines)))).ShouldHold();

    static IEnumerable<string> Complaints(SourceTree tree) =>
        from file in tree.Files
        where file.Ending is ".cs" or ".razor" or ".js" or ".mjs" or ".css" or ".sql"
        where file.Path.Split('/') is ["src" or "tests" or "bench", .. var parts] && !parts.Contains("vendor")
        let lines = file.Text.Count(c => c == '\n')
        where lines > Most
        select $"{file.Path}: {lines} lines";
}
