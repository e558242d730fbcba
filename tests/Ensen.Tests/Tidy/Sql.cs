using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>A query names the columns it wants, so that a new column never changes what is read.</summary>
public partial class Sql
{
    [Fact]
    public void No_query_takes_whatever_columns_there_are() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("select *")]
    [InlineData("select\n    *")]
    [InlineData("SELECT DISTINCT *")]
    [InlineData("select p.*, s.name")]
    [InlineData("returning *")]
    public void Taking_them_all_is_found(string sql) =>
        Complaints(SourceTree.Planted("src/Ensen/Wallet/History.cs", $"const string Sql = \"\"\"\n{sql}\nfrom payment\n\"\"\";"))
            .ShouldComplain("History.cs");

    [Theory]
    [InlineData("select count(*) from payment")]
    [InlineData("select a * b from payment")]
    public void Counting_and_multiplying_are_fine(string sql) =>
        Complaints(SourceTree.Planted("src/Ensen/Wallet/History.cs", sql)).ShouldHold();

    /// <summary>
    /// A list is one parameter to PostgreSQL and many to SQLite: "in @list" is a mistake of syntax on the first, and was one in a
    /// place that tries again later, so nobody heard of it.
    /// </summary>
    [Fact]
    public void No_list_is_a_parameter() => Lists(SourceTree.Repository).ShouldHold();

    [Fact]
    public void A_list_that_is_a_parameter_is_found() =>
        Lists(SourceTree.Planted("src/Ensen/Wallet/History.cs", "where token_hash in @hashes and ended_ms is null")).ShouldComplain("History.cs");

    static IEnumerable<string> Lists(SourceTree tree) =>
        tree.Under("src/", ".cs").Where(f => ListParameter().IsMatch(f.Text)).Select(
            f => $"{f.Path}: a list that is a parameter, which PostgreSQL does not take");

    static IEnumerable<string> Complaints(SourceTree tree) =>
        tree.Under("src/", ".cs", ".sql").Concat(tree.Under("bench/", ".cs")).Where(f => Everything().IsMatch(f.Text)).Select(
            f => $"{f.Path}: a query that takes every column");

    [GeneratedRegex(@"\b(?:select|returning)\s+(?:(?:distinct|all)\s+)?(?:\w+\.)?\*", RegexOptions.IgnoreCase)]
    private static partial Regex Everything();

    [GeneratedRegex(@"\bin\s+@\w+", RegexOptions.IgnoreCase)]
    private static partial Regex ListParameter();
}
