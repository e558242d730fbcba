namespace Ensen.Tests.Tidy;

/// <summary>
/// Done, not done, being checked: whatever a member sent, one component tells the three results (src/Ensen.Web/Member/Outcome.razor), and
/// one looks again until something is settled (src/Ensen.Ui/Watched.razor).
/// </summary>
public class OneOutcome
{
    static readonly (string Sign, string[] Only)[] s_signs =
    [
        ("<Done ", ["src/Ensen.Web/Member/Outcome.razor"]),
        ("\"done not", ["src/Ensen.Web/Member/Outcome.razor"]),
        ("CheckingWhy_", ["src/Ensen.Web/Member/Outcome.razor"]),
        ("data-watch", ["src/Ensen.Ui/Watched.razor"]),
        ("data-lost", ["src/Ensen.Web/Till/Take.razor", "src/Ensen.Web/PointTill/Counter.razor"]), // The tills' own words; members' stand in OutcomeWords.
    ];

    [Fact]
    public void The_three_results_are_told_by_one_component() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("<section class=\"done not\"><h1>@T[\"NotSent\"]</h1></section>")]
    [InlineData("<Done Title=\"@T[\"Paid\"]\" Yen=\"1\" />")]
    [InlineData("<section data-watch=\"2000\"></section>")]
    [InlineData("<p data-pay-said data-lost=\"@T[\"Lost\"]\"></p>")]
    public void A_page_that_tells_one_by_itself_is_found(string page) =>
        Complaints(SourceTree.Planted("src/Ensen.Web/Member/SentPage.razor", page)).ShouldComplain(
            "SentPage.razor: tells an outcome by itself");

    static IEnumerable<string> Complaints(SourceTree tree) =>
        from file in tree.Under("src/", ".razor")
        from sign in s_signs
        where file.Text.Contains(sign.Sign, StringComparison.Ordinal) && !sign.Only.Contains(file.Path)
        select $"{file.Path}: tells an outcome by itself ({sign.Sign.Trim()})";
}
