using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>Styles that place things are read by the oldest browsers of shops too: the WebView of Android 9 knows no <c>inset</c>, and leaves the bar where it fell.</summary>
public partial class Styles
{
    [Fact]
    public void Nothing_is_placed_by_what_old_browsers_do_not_read() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData(".bar { position: fixed; inset: auto 0 0 }", "inset")]
    [InlineData(".a { font-size: min(18vw, 5rem) }", "min(")]
    [InlineData(".a { min-height: 100dvh }", "dvh")]
    public void What_they_do_not_read_is_found(string style, string about) =>
        Complaints(SourceTree.Planted("src/Ensen.Web/wwwroot/css/a.css", style)).ShouldComplain(about);

    static IEnumerable<string> Complaints(SourceTree tree)
    {
        foreach (var file in tree.Under("src/Ensen.Web/wwwroot/css/", ".css"))
        {
            foreach (Match rule in Rule().Matches(file.Text))
            {
                if (Inset().IsMatch(rule.Value))
                    yield return $"{file.Path}: inset (top, right, bottom, left are read everywhere) in {rule.Value}";
                foreach (Match size in Newer().Matches(rule.Value))
                    if (Regex.Count(rule.Value, $@"(?<![-\w]){size.Groups[1].Value}\s*:") < 2)
                        yield return $"{file.Path}: {size.Value.Trim()} has no size before it for who cannot read it, in {rule.Value}";
            }
        }
    }

    [GeneratedRegex(@"[^{}]*\{[^{}]*\}")]
    private static partial Regex Rule();

    [GeneratedRegex(@"(?<![-\w(])inset\s*:")]
    private static partial Regex Inset();

    [GeneratedRegex(@"(?<![-\w])(font|font-size|min-height|height)\s*:[^;{}]*(?:min\(|max\(|clamp\(|[0-9]dvh)")]
    private static partial Regex Newer();
}
