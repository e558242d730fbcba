using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Ensen.Tests.Tidy;

/// <summary>
/// Every text is said somewhere, what is said has its text, and nothing is written twice: an area's texts are asked for by its pages, the
/// shared words by two areas or by the pieces that all pages have. Refusals have a rule of their own, RefusalTextsTests.
/// </summary>
public partial class TextsUsed
{
    const string Shared = "Words";

    /// <summary>Texts that are alike by chance: they say different things, and another language may tell them apart.</summary>
    static readonly string[] s_alike = ["MemberWords.Source_Atm"];

    /// <summary>
    /// The sandbox is a project that a bank's build leaves out: it has its words to itself, also those that the product has too.
    /// </summary>
    const string Apart = "SandboxWords";

    [Fact]
    public void Texts_and_pages_fit_together() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("Pay=払う;Send=送る", "@T[\"Pay\"]", "AreaWords.Send is said nowhere")]
    [InlineData("Pay=払う;State_Done=済み", "@T[\"Pay\"] @T[state]", "AreaWords.State_Done is said nowhere")]
    [InlineData("Pay=払う", "@T[\"Pay\"] @T[\"Send\"]", "asks for Send, which has no text")]
    [InlineData("Pay=払う", "@T[paid ? \"Pay\" : \"Send\", 1]", "asks for Send, which has no text")]
    [InlineData("Pay=払う", "@T[\"Pay\"] @T[\"State_\" + state]", "asks for State_…, which no text begins with")]
    [InlineData("Pay=払う;Payment=払う", "@T[\"Pay\"] @T[\"Payment\"]", "AreaWords.Pay and AreaWords.Payment say the same")]
    [InlineData("Pay=払う;Print=刷る", "@T[\"Pay\"] @T[\"Print\"]", "Print stands among the shared words too")]
    public void A_text_that_does_not_fit_is_found(string texts, string page, string about) =>
        Complaints(Tree(texts, page)).ShouldComplain(about);

    [Fact]
    public void Shared_words_that_one_area_alone_uses_are_found() =>
        Complaints(Tree("Pay=払う", "@T[\"Pay\"] @T[\"Print\"]", other: "@T[\"Other\"]"))
            .ShouldComplain("Words.Print is said by AreaWords alone");

    [Fact]
    public void Texts_that_fit_are_fine()
    {
        Complaints(Tree("Pay=払う;State_Done=済み;State_Open=まだ", "@T[\"Pay\"] @T[\"State_\" + state] @T[\"Print\"]")).ShouldHold();
        Complaints(Tree("Pay=払う;Paid=済み", "@T[kind == \"send\" ? \"Pay\" : \"Paid\"] @T[\"Print\"]")).ShouldHold();
    }

    static SourceTree Tree(string texts, string page, string other = "@T[\"Other\"] @T[\"Print\"]") => SourceTree.Planted(
        ("src/Ensen.Web/Texts/AreaWords.resx", Resx(texts)),
        ("src/Ensen.Web/Texts/OtherWords.resx", Resx("Other=他")),
        ("src/Ensen.Ui/Words.resx", Resx("Print=印刷")),
        ("src/Ensen.Web/Area/Page.razor", "@inject IStringLocalizer<AreaWords> T\n" + page),
        ("src/Ensen.Web/Other/Page.razor", "@inject IStringLocalizer<OtherWords> T\n" + other));

    static string Resx(string texts) =>
        new XElement("root", texts.Split(';').Select(t => t.Split('='))
            .Select(t => new XElement("data", new XAttribute("name", t[0]), new XElement("value", t[1])))).ToString();

    static List<string> Complaints(SourceTree tree)
    {
        var families = tree.Under("src/", ".resx").Where(f => f.Stem.EndsWith(Shared, StringComparison.Ordinal) && f.Stem != Apart)
            .ToDictionary(f => f.Stem, f => Read(f.Text));
        var pages = tree.Under("src/", ".cs", ".razor")
            .SelectMany(file => families.Keys.Where(family => Named(family).IsMatch(file.Text))
                .Select(family => new Page(file.Path, family, file.Text)))
            .ToList();
        return [.. Unsaid(families, pages), .. Missing(families, pages), .. Twice(tree, families)];
    }

    static IEnumerable<string> Unsaid(Dictionary<string, Dictionary<string, string>> families, List<Page> pages)
    {
        foreach (var (family, key) in families.SelectMany(f => f.Value.Keys.Select(key => (f.Key, key))))
        {
            var sayers = pages.Where(page => (family == Shared || page.Family == family) && page.Says(key)).Select(page => page.Family)
                .Distinct().ToList();
            if (sayers.Count == 0)
                yield return $"{family}.{key} is said nowhere";
            if (family == Shared && sayers is [var alone] && alone != Shared)
                yield return $"{family}.{key} is said by {alone} alone: it belongs there";
        }
    }

    static IEnumerable<string> Missing(Dictionary<string, Dictionary<string, string>> families, List<Page> pages)
    {
        foreach (var page in pages.GroupBy(p => p.Path))
        {
            var known = page.Select(p => p.Family).Append(Shared).SelectMany(
                family => families.GetValueOrDefault(family)?.Keys.ToArray() ?? []).ToHashSet();
            foreach (var asked in Asked().Matches(page.First().Text).SelectMany(m => Literal().Matches(m.Groups[1].Value)))
            {
                var (word, isBeginning) = (asked.Groups[1].Value, asked.Groups[2].Success);
                if (isBeginning && !known.Any(key => key.StartsWith(word, StringComparison.Ordinal)))
                    yield return $"{page.Key} asks for {word}…, which no text begins with";
                if (!isBeginning && !known.Contains(word))
                    yield return $"{page.Key} asks for {word}, which has no text";
            }
        }
    }

    static IEnumerable<string> Twice(SourceTree tree, Dictionary<string, Dictionary<string, string>> families)
    {
        foreach (var (family, key) in families.Where(f => f.Key != Shared && families.ContainsKey(Shared))
            .SelectMany(f => f.Value.Keys.Intersect(families[Shared].Keys).Select(k => (f.Key, k))))
            yield return $"{family}: {key} stands among the shared words too";

        var translated = tree.Under("src/", ".resx").ToDictionary(f => f.Name, f => Read(f.Text));
        var all = families.SelectMany(f => f.Value.Keys.Select(key => (Name: $"{f.Key}.{key}", Said: string.Join('\n',
            translated.Where(t => t.Key.StartsWith(f.Key + ".", StringComparison.Ordinal)).OrderBy(t => t.Key, StringComparer.Ordinal)
                .Select(t => t.Value.GetValueOrDefault(key))))));
        foreach (var same in all.Where(t => !s_alike.Contains(t.Name)).GroupBy(t => t.Said).Where(g => g.Count() > 1))
            yield return $"{string.Join(" and ", same.Select(t => t.Name))} say the same";
    }

    static Dictionary<string, string> Read(string resx) =>
        XDocument.Parse(resx).Root!.Elements("data").ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")?.Value ?? "");

    static Regex Named(string family) => new($@"<{family}>");

    /// <summary>
    /// A file that asks for texts of a family. A key is said as it is, or by its beginning up to an underscore, to which a name is added.
    /// </summary>
    sealed record Page(string Path, string Family, string Text)
    {
        public bool Says(string key) => Text.Contains($"\"{key}\"", StringComparison.Ordinal)
            || Enumerable.Range(1, key.Length - 1).Where(i => key[i - 1] == '_').Select(i => key[..i])
                .Any(start => Text.Contains($"\"{start}\" +", StringComparison.Ordinal)
                    || Text.Contains($"\"{start}{{", StringComparison.Ordinal));
    }

    // What stands in the brackets up to the values, and in it the strings that are no other side of a comparison.
    [GeneratedRegex(@"\b(?:T|words)\[((?:[^\[\],""]|""[^""]*"")*)")]
    private static partial Regex Asked();

    [GeneratedRegex(@"(?<!(?:==|!=|\bis|\bor) )(?<!\$)""([A-Za-z][\w-]*)""(\s*\+)?")]
    private static partial Regex Literal();
}
