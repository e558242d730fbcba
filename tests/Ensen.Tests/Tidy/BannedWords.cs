using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>What docs/words.md says we do not say is no name of a type, a page, a table or a column.</summary>
public partial class BannedWords
{
    [Fact]
    public void No_name_is_a_word_that_we_do_not_use() => Complaints(SourceTree.Repository, Banned(SourceTree.Repository)).ShouldHold();

    [Fact]
    public void The_table_is_read() => Banned(SourceTree.Repository).Count.ShouldBeGreaterThan(50);

    [Theory]
    [InlineData("src/Ensen/Wallet/Meet.cs", "public sealed class MeetStore;", "MeetStore")]
    [InlineData("src/Ensen/Ledger/Line.cs", "readonly record struct Fact(int Kind);", "Fact")]
    [InlineData("src/Ensen.Web/Till/Ear.razor", "<p></p>", "Ear")]
    [InlineData("src/Ensen/Storage/Migrations/0001-storage.sql", "create table once (\n  id uuid\n)", "once")]
    [InlineData("src/Ensen/Storage/Migrations/0001-storage.sql", "create table posting (\n  book smallint\n)", "book")]
    public void A_word_that_we_do_not_use_is_found(string path, string text, string word) =>
        Complaints(SourceTree.Planted(path, text), Banned(SourceTree.Repository)).ShouldComplain($"{path}: {word}");

    static HashSet<string> Banned(SourceTree tree)
    {
        var text = tree.Files.Single(f => f.Path == "docs/words.md").Text;
        var table = text[text.IndexOf("## Words we do not use", StringComparison.Ordinal)..];
        return [.. Row().Matches(table).Skip(2).SelectMany(m => m.Groups[1].Value.Split(", "))];
    }

    static IEnumerable<string> Complaints(SourceTree tree, HashSet<string> banned)
    {
        var words = banned.Select(b => b.ToLowerInvariant()).ToHashSet();
        foreach (var file in tree.Under("src/", ".cs"))
            foreach (Match type in Type().Matches(file.Code))
                if (banned.Contains(type.Groups[1].Value))
                    yield return $"{file.Path}: {type.Groups[1].Value} is a word that docs/words.md has another for";
        foreach (var file in tree.Under("src/", ".razor"))
            if (banned.Contains(file.Stem))
                yield return $"{file.Path}: {file.Stem} is a word that docs/words.md has another for";
        foreach (var file in tree.Under("src/", ".sql"))
            foreach (Match name in Name().Matches(file.Text))
                if (words.Contains((name.Groups[1].Value + name.Groups[2].Value).Replace("_", "", StringComparison.Ordinal)))
                    yield return $"{file.Path}: {name.Groups[1].Value}{name.Groups[2].Value} is a word that docs/words.md has another for";
    }

    [GeneratedRegex(@"^\| ([^|]+) \| ", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record)\s+(?:class\s+|struct\s+)?([A-Z]\w*)")]
    private static partial Regex Type();

    // A table, or a column that begins a line of its definition.
    [GeneratedRegex(@"create table (\w+)|^\s+(\w+) (?:uuid|text|bigint|integer|smallint|boolean|bytea)\b", RegexOptions.Multiline)]
    private static partial Regex Name();
}
