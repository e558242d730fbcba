using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>
/// A page asks a reader of the business, which is told for whom; it opens no connection, so it cannot read what is somebody else's.
/// </summary>
public partial class PagesReadByReaders
{
    [Fact]
    public void No_page_opens_a_connection() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("@inject Database Db")]
    [InlineData("@inject Ensen.Storage.Database Db")]
    [InlineData("@code {\n    private static Task Look(DbConnection connection) => Task.CompletedTask;\n}")]
    [InlineData("@code {\n    protected override async Task Load(CancellationToken ct)\n    {\n        await using var connection = await Db.Connect(ct);\n    }\n}")]
    public void One_that_does_is_found(string page) =>
        Complaints(SourceTree.Planted("src/Ensen.Web/Till/Take.razor", page)).ShouldComplain("Take.razor");

    [Theory]
    [InlineData("@inject OwnPayments Payments")]
    [InlineData("<p>@T[\"DatabaseAway\"]</p>")]
    [InlineData("<a href=\"/connect\">@T[\"Connect\"]</a>")]
    public void A_reader_and_the_words_for_people_are_fine(string page) =>
        Complaints(SourceTree.Planted("src/Ensen.Web/Till/Take.razor", page)).ShouldHold();

    static IEnumerable<string> Complaints(SourceTree tree) =>
        tree.Under("src/", ".razor").SelectMany(file => Storage().Matches(file.Text)
            .Select(m => $"{file.Path}: names {m.Value}, which is a reader's"));

    [GeneratedRegex(@"\bDatabase\b|\bDbConnection\b|\bConnect\(")]
    private static partial Regex Storage();
}
