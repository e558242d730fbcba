using System.Globalization;
using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>Migrations are numbered 0001, 0002, … without a gap or a twin, the sandbox's among them; what is only for one engine stands beside the text for both or alone under its number.</summary>
public partial class MigrationNumbers
{
    const string Folder = "src/Ensen/Storage/Migrations/";
    const string OfSandbox = "src/Ensen.Sandbox/Migrations/";

    [Fact]
    public void Migrations_are_numbered_without_gaps() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("0001-a.sql 0003-b.sql", "0002 is missing")]
    [InlineData("0002-a.sql", "0001 is missing")]
    [InlineData("0001-a.sql 0001-b.sql", "0001 has two names")]
    [InlineData("0001-a.sql 0001-b.postgres.sql", "0001 has two names")]
    [InlineData("0001-a.sql 2-b.sql", "2-b.sql is not named")]
    [InlineData("0001-a.sql 0002-b.oracle.sql", "0002-b.oracle.sql is not named")]
    public void A_gap_a_twin_and_a_wrong_name_are_found(string names, string about) => Complaints(Tree(names)).ShouldComplain(about);

    [Fact]
    public void A_text_for_one_engine_beside_the_text_for_both_is_fine() =>
        Complaints(Tree("0001-storage.sql 0001-storage.postgres.sql 0002-ledger.sql 0002-ledger.sqlite.sql")).ShouldHold();

    [Fact]
    public void The_sandbox_has_numbers_of_the_same_sequence()
    {
        Complaints(SourceTree.Planted((Folder + "0001-a.sql", ""), (OfSandbox + "0002-b.sql", ""), (Folder + "0003-c.sql", ""))).ShouldHold();
        Complaints(SourceTree.Planted((Folder + "0001-a.sql", ""), (OfSandbox + "0001-b.sql", ""))).ShouldComplain("0001 has two names");
    }

    static SourceTree Tree(string names) => SourceTree.Planted([.. names.Split(' ').Select(n => (Folder + n, ""))]);

    static IEnumerable<string> Complaints(SourceTree tree)
    {
        var named = tree.Under(Folder).Concat(tree.Under(OfSandbox)).Select(f => (f.Name, Parts: Form().Match(f.Name))).ToList();
        foreach (var (name, _) in named.Where(n => !n.Parts.Success))
            yield return $"{name} is not named NNNN-name.sql, .postgres.sql or .sqlite.sql";

        var numbers = named.Where(n => n.Parts.Success).ToLookup(n => int.Parse(n.Parts.Groups[1].Value, CultureInfo.InvariantCulture), n => n.Parts.Groups[2].Value);
        foreach (var twin in numbers.Where(n => n.Distinct().Count() > 1))
            yield return $"{twin.Key:0000} has two names";
        foreach (var gap in Enumerable.Range(1, numbers.Select(n => n.Key).DefaultIfEmpty().Max()).Where(n => !numbers.Contains(n)))
            yield return $"{gap:0000} is missing";
    }

    [GeneratedRegex(@"^(\d{4})-([a-z0-9-]+)(?:\.postgres|\.sqlite)?\.sql$")]
    private static partial Regex Form();
}
