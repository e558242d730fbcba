using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>
/// Styles that place things are read by the oldest browsers of shops too: the WebView of Android 9 knows no <c>inset</c>, and leaves the
/// bar where it fell. They are written an area a file, in lines that can be read beside each other, and each file is imported once
/// (src/Ensen.Ui/StyleSheets.cs).
/// </summary>
public partial class Styles
{
    const string Folder = "src/Ensen.Web/wwwroot/css/";
    const string Sheet = Folder + "ensen.css";
    const int Widest = 140;
    const int Longest = 150;

    [Fact]
    public void An_area_is_a_file_of_short_lines_that_the_sheet_imports() => Shapes(SourceTree.Repository).ShouldHold();

    [Fact]
    public void Another_shape_is_found()
    {
        Planted("@import \"a.css\";", new string('x', Widest + 1)).ShouldComplain("a.css: line 1 has 141 characters");
        Planted("@import \"a.css\";", new string('\n', Longest + 1)).ShouldComplain("a.css: 151 lines");
        Planted("", ".a { }").ShouldComplain("a.css: imported 0 times");
        Planted("@import \"a.css\";\n@import \"a.css\";", ".a { }").ShouldComplain("a.css: imported 2 times");
        Planted("@import \"a.css\";\n@import \"b.css\";", ".a { }").ShouldComplain("b.css is imported and not there");
        Planted("@import \"a.css\";\n.b { }", ".a { }").ShouldComplain("ensen.css: a rule of its own");
        Planted("/* All. */\n@import \"a.css\";\n", ".a { }").ShouldHold();

        static IEnumerable<string> Planted(string sheet, string a) => Shapes(SourceTree.Planted((Sheet, sheet), (Folder + "a.css", a)));
    }

    [Fact]
    public void Nothing_is_placed_by_what_old_browsers_do_not_read() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData(".bar { position: fixed; inset: auto 0 0 }", "inset")]
    [InlineData(".a { font-size: min(18vw, 5rem) }", "min(")]
    [InlineData(".a { min-height: 100dvh }", "dvh")]
    public void What_they_do_not_read_is_found(string style, string about) =>
        Complaints(SourceTree.Planted("src/Ensen.Web/wwwroot/css/a.css", style)).ShouldComplain(about);

    [Fact]
    public void A_rule_for_everything_makes_nothing_glide()
    {
        Glides(SourceTree.Repository).ShouldHold();
        foreach (var planted in new[] { "*, ::before { transition-duration: .01s !important }", "@media print { * { transition: all 1s } }" })
            Glides(SourceTree.Planted(Folder + "a.css", planted)).ShouldComplain("a.css");
        Glides(SourceTree.Planted(Folder + "a.css", "* { transition: none !important } .a { transition: height 1s }")).ShouldHold();
    }

    static IEnumerable<string> Shapes(SourceTree tree)
    {
        var sheet = tree.Files.Single(f => f.Path == Sheet).Text;
        var imports = Import().Matches(sheet).Select(m => m.Groups[1].Value).ToList();
        if (Comment().Replace(Import().Replace(sheet, ""), "").Trim().Length > 0)
            yield return $"{Sheet}: a rule of its own, which would be sent to nobody";
        foreach (var missing in imports.Where(name => tree.Files.All(f => f.Path != Folder + name)))
            yield return $"{missing} is imported and not there";
        foreach (var file in tree.Under(Folder, ".css").Where(f => f.Path != Sheet))
        {
            if (imports.Count(name => name == file.Name) is not 1 and var times)
                yield return $"{file.Path}: imported {times} times";
            if (file.Text.Count(c => c == '\n') is > Longest and var lines)
                yield return $"{file.Path}: {lines} lines";
            foreach (var (place, line) in file.Text.Split('\n').Index().Where(l => l.Item.Length > Widest))
                yield return $"{file.Path}: line {place + 1} has {line.Length} characters";
        }
    }

    static IEnumerable<string> Complaints(SourceTree tree)
    {
        foreach (var file in tree.Under(Folder, ".css"))
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

    // Whoever gives every element a duration, however short, makes all it has glide: that is what `transition-property` says at first.
    static IEnumerable<string> Glides(SourceTree tree) =>
        from file in tree.Under(Folder, ".css")
        from Match rule in Rule().Matches(file.Text)
        let parts = rule.Value.Split('{')
        where parts[0].Split(',').Any(selector => selector.Trim() == "*") && Moves().IsMatch(parts[1])
        select $"{file.Path}: {rule.Value.Trim()}";

    [GeneratedRegex(@"transition(?:-[a-z]+)?\s*:(?!\s*none)")]
    private static partial Regex Moves();

    [GeneratedRegex("""^@import "([\w.-]+)";\r?$""", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex(@"/\*[\s\S]*?\*/")]
    private static partial Regex Comment();

    [GeneratedRegex(@"[^{}]*\{[^{}]*\}")]
    private static partial Regex Rule();

    [GeneratedRegex(@"(?<![-\w(])inset\s*:")]
    private static partial Regex Inset();

    [GeneratedRegex(@"(?<![-\w])(font|font-size|min-height|height)\s*:[^;{}]*(?:min\(|max\(|clamp\(|[0-9]dvh)")]
    private static partial Regex Newer();
}
