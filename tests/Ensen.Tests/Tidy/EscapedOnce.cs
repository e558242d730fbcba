using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>
/// An attribute that is put together while the page is drawn is escaped then: an <c>&amp;amp;</c> that is written into it is escaped twice,
/// and a link's second parameter never arrives. Such an address is made in code, with a bare ampersand.
/// </summary>
public partial class EscapedOnce
{
    [Fact]
    public void No_address_is_escaped_twice() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("<a href=\"/history?kind=@_kind&amp;before=@_next\">Older</a>")]
    [InlineData("<a href=\"/history?kind=payments&amp;before=@_next\">Older</a>")]
    public void One_that_is_is_found(string page) =>
        Complaints(SourceTree.Planted("src/Ensen.Web/Member/Here.razor", page)).ShouldComplain("Here.razor:1");

    [Fact]
    public void What_stands_as_it_is_written_may_be_escaped() => Complaints(SourceTree.Planted(
        "src/Ensen.Web/Member/Here.razor", "<a href=\"/history?kind=payments&amp;month=2026-11\">Older</a><a href=\"@Older(_next)\">Older</a>"))
        .ShouldHold();

    static IEnumerable<string> Complaints(SourceTree tree) =>
        from page in tree.Under("src/", ".razor")
        from line in page.Text.Split('\n').Index()
        where Mixed().IsMatch(line.Item)
        select $"{page.Path}:{line.Index + 1} escapes an address twice";

    [GeneratedRegex("""="[^"]*@[^"]*&amp;|="[^"]*&amp;[^"]*@""")]
    private static partial Regex Mixed();
}
