using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>Documents that name files name files that exist; above all docs/tour.md, which follows a payment through them.</summary>
public partial class Documents
{
    [Fact]
    public void Every_file_a_document_names_exists() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("docs/tour.md", "then `src/Ensen/Wallet/Gone.cs` decides", "src/Ensen/Wallet/Gone.cs")]
    [InlineData("docs/tour.md", "then `Gone.cs` decides", "Gone.cs")]
    [InlineData("docs/tour.md", "then [the ledger](../src/Ensen/Ledger/Gone.cs) posts", "../src/Ensen/Ledger/Gone.cs")]
    [InlineData("README.md", "see [the tour](docs/gone.md#pay)", "docs/gone.md")]
    [InlineData("docs/tour.md", "`Wallet/Gone.cs:12`", "Wallet/Gone.cs")]
    [InlineData("docs/decisions/0007-other.md", "# 7. Other", "0007 is the number of two decisions")]
    public void A_file_that_is_not_there_is_found(string document, string text, string about) =>
        Complaints(SourceTree.Planted((document, text), ("src/Ensen/Wallet/Pay.cs", ""), ("docs/decisions/0007-one.md", "")))
            .ShouldComplain(about);

    [Fact]
    public void Files_that_are_there_are_fine() =>
        Complaints(SourceTree.Planted(
            ("docs/tour.md",
                "`src/Ensen/Wallet/Pay.cs`, `Wallet/Pay.cs`, `Pay.cs`, [it](../src/Ensen/Wallet/Pay.cs#L10), [web](https://example.com/a.md), `NNNN-name.sql`"),
            ("src/Ensen/Wallet/Pay.cs", ""))).ShouldHold();

    static IEnumerable<string> Complaints(SourceTree tree)
    {
        var paths = tree.Files.Select(f => f.Path).ToList();
        bool Exists(string name) => paths.Any(p => p == name || p.EndsWith("/" + name, StringComparison.Ordinal));

        foreach (var twice in paths.Where(p => p.StartsWith("docs/decisions/", StringComparison.Ordinal))
            .GroupBy(p => Path.GetFileName(p)[..4]).Where(g => g.Count() > 1))
            yield return $"{twice.Key} is the number of two decisions: {string.Join(", ", twice)}";
        foreach (var document in tree.Files.Where(f => f.Ending == ".md"
            && (f.Path.StartsWith("docs/", StringComparison.Ordinal) || !f.Path.Contains('/'))))
        {
            foreach (Match named in InBackticks().Matches(document.Text))
            {
                if (!Exists(named.Groups[1].Value))
                    yield return $"{document.Path}: there is no {named.Groups[1].Value}";
            }

            foreach (Match link in Links().Matches(document.Text))
            {
                var target = Path.GetRelativePath(
                    "/", Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(document.Path)!, link.Groups[1].Value)));
                if (!paths.Contains(target))
                    yield return $"{document.Path}: there is no {link.Groups[1].Value}";
            }
        }
    }

    // A word with a source ending; "NNNN-name.sql", "*.cs" and "{name}.cs" are patterns, not files.
    [GeneratedRegex(@"`((?!NNNN)[\w./-]+\.(?:cs|razor|sql|js|css|resx|csproj|md))(?::\d+)?`")]
    private static partial Regex InBackticks();

    [GeneratedRegex(@"\]\((?!\w+:)([\w./-]+\.(?:cs|razor|sql|js|css|resx|csproj|md))(?:#[^)]*)?\)")]
    private static partial Regex Links();
}
