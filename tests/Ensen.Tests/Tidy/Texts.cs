using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ensen.Basics;

namespace Ensen.Tests.Tidy;

/// <summary>
/// A language is served when it is whole: every text of the first language and every mail is there in it, with the same places for the
/// same values. A language with files that is not in the list of languages reaches nobody.
/// </summary>
public partial class Texts
{
    static readonly string[] s_served = [.. Languages.Served.Select(l => l.Tag)];

    [Fact]
    public void Every_language_that_is_served_is_whole() => Complaints(SourceTree.Repository, s_served).ShouldHold();

    [Fact]
    public void The_count_sees_the_texts_and_the_mails()
    {
        var counts = s_served.Select(tag => Count(SourceTree.Repository, tag, s_served)).ToList();

        counts.ShouldAllBe(count => count > 500);
        counts.Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("Pay=払う", "", "en has 0 of 1 texts (0 %)")]
    [InlineData("Pay=払う;Send=送る", "Pay=Pay", "en has 1 of 2 texts (50 %)")]
    [InlineData("Pay=払う;Send=送る", "Pay=Pay", "Send is missing")]
    [InlineData("Pay=払う", "Pay=Pay;Send=Send", "Send is only here")]
    [InlineData("Pay=払う", "Pay= ", "Pay is empty")]
    [InlineData("Pay=", "Pay=Pay", "Pay is empty")]
    [InlineData("Paid={0} 円 {1}", "Paid={0} yen", "Paid has other places for values")]
    public void A_difference_is_found(string japanese, string english, string about) =>
        Complaints(Tree(japanese, english), s_served).ShouldComplain(about);

    [Fact]
    public void The_same_texts_in_another_order_are_fine() =>
        Complaints(Tree("Paid={1}: {0} 円;Pay=払う", "Pay=Pay;Paid={0} yen at {1}"), s_served).ShouldHold();

    [Fact]
    public void A_mail_is_counted_as_a_text_and_has_the_same_values_in_each_language()
    {
        Complaints(Mails("{{ name }} 様", "Dear {{ name }}"), s_served).ShouldHold();
        Complaints(Mails("{{ name }} 様", null), s_served).ShouldComplain("en has 1 of 2 texts (50 %)");
        Complaints(Mails("{{ name }} 様", " "), s_served).ShouldComplain("is empty");
        Complaints(Mails("{{ name }} 様", "Dear customer"), s_served).ShouldComplain("other places for values");
    }

    /// <summary>Dates have half-width brackets, as what is typed has; two forms on one page look like a mistake.</summary>
    [Fact]
    public void Japanese_texts_have_one_form_of_brackets() => SourceTree.Repository.Files
        .Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal) && f.Path.EndsWith(".resx", StringComparison.Ordinal))
        .SelectMany(f => f.Text.Split('\n').Where(line => line.Contains('（', StringComparison.Ordinal)).Select(line => $"{f.Path}: {line.Trim()}"))
        .ShouldHold();

    /// <summary>What adding a language takes: its files, and its line in the list. One without the other is found.</summary>
    [Fact]
    public void A_planted_language_is_served_by_its_files_and_its_line()
    {
        string[] withGerman = [.. s_served, "de"];
        var files = Mails("{{ name }} 様", "Dear {{ name }}");
        var whole = new SourceTree([
            .. files.Files,
            new("src/Ensen.Web/Texts/SomeWords.de.resx", Resx("Pay=Zahlen")),
            new("src/Ensen/Notices/Templates/hello.de.txt", "Guten Tag {{ name }}")]);
        var half = new SourceTree([.. whole.Files.SkipLast(1)]);

        Complaints(whole, withGerman).ShouldHold();
        Complaints(whole, s_served).ShouldComplain("de is no language that is served");
        Complaints(files, withGerman).ShouldComplain("de has 0 of 2 texts (0 %)");
        Complaints(half, withGerman).ShouldComplain("de has 1 of 2 texts (50 %)");
    }

    static SourceTree Tree(string japanese, string english) => english == ""
        ? SourceTree.Planted("src/Ensen.Web/Texts/SomeWords.resx", Resx(japanese))
        : SourceTree.Planted(("src/Ensen.Web/Texts/SomeWords.resx", Resx(japanese)),
            ("src/Ensen.Web/Texts/SomeWords.en.resx", Resx(english)));

    static SourceTree Mails(string japanese, string? english) => new([
        .. Tree("Pay=払う", "Pay=Pay").Files,
        new("src/Ensen/Notices/Templates/hello.ja.txt", japanese),
        .. english is null ? (SourceFile[])[] : [new("src/Ensen/Notices/Templates/hello.en.txt", english)]]);

    static string Resx(string texts) =>
        new XElement("root", texts.Split(';').Select(t => t.Split('='))
            .Select(t => new XElement("data", new XAttribute("name", t[0]), new XElement("value", t[1])))).ToString();

    /// <summary>How many texts there are in a language.</summary>
    static int Count(SourceTree tree, string tag, string[] served) =>
        Families(tree, served[0]).Sum(f => f.In.GetValueOrDefault(tag)?.Count ?? 0);

    static IEnumerable<string> Complaints(SourceTree tree, string[] served)
    {
        var families = Families(tree, served[0]);
        var all = Count(tree, served[0], served);
        foreach (var tag in families.SelectMany(f => f.In.Keys).Distinct().Except(served))
            yield return $"{tag} is no language that is served: its texts reach nobody";
        foreach (var tag in served.Where(tag => Count(tree, tag, served) is var count && count != all))
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{tag} has {Count(tree, tag, served)} of {all} texts ({100 * Count(tree, tag, served) / Math.Max(1, all)} %): only a whole language is served");

        foreach (var (family, texts) in families.SelectMany(f => f.In.Select(t => ($"{f.Name} in {t.Key}", t.Value))))
            foreach (var (key, _) in texts.Where(t => string.IsNullOrWhiteSpace(t.Value)))
                yield return $"{family}: {key} is empty";
        foreach (var (family, original, tag) in families.SelectMany(f => served.Skip(1)
            .Select(tag => (f, f.In.GetValueOrDefault(served[0]) ?? [], tag))))
        {
            var texts = family.In.GetValueOrDefault(tag) ?? [];
            foreach (var key in original.Keys.Except(texts.Keys))
                yield return $"{family.Name} in {tag}: {key} is missing";
            foreach (var key in texts.Keys.Except(original.Keys))
                yield return $"{family.Name} in {tag}: {key} is only here";
            foreach (var key in texts.Keys.Intersect(original.Keys).Where(k => !Places(texts[k]).SetEquals(Places(original[k]))))
                yield return $"{family.Name} in {tag}: {key} has other places for values than in {served[0]}";
        }
    }

    /// <summary>
    /// What belongs together in all its languages: the files of an area's texts, or those of one mail, which is a text by itself.
    /// </summary>
    static List<Family> Families(SourceTree tree, string first) =>
        [.. tree.Under("src/", ".resx").Concat(tree.Under("src/Ensen/Notices/Templates/", ".txt"))
        .Select(file => (Name: Language().Replace(file.Path, "."), Tag: Language().Match(file.Path) is { Success: true } named
            ? named.Groups[1].Value : first, file))
        .GroupBy(f => f.Name)
        .Select(f => new Family(f.Key, f.ToDictionary(t => t.Tag, t => Read(t.file))))];

    static Dictionary<string, string> Read(SourceFile file) => file.Ending == ".resx"
        ? XDocument.Parse(file.Text).Root!.Elements("data").ToDictionary(
            d => d.Attribute("name")!.Value, d => d.Element("value")?.Value ?? "")
        : new() { ["the mail"] = file.Text };

    static HashSet<string> Places(string text) => [.. Place().Matches(text).Select(m => m.Groups[1].Value)];

    sealed record Family(string Name, Dictionary<string, Dictionary<string, string>> In);

    // A file of texts without a language in its name is in the first one.
    [GeneratedRegex(@"\.([a-z]{2}(?:-[A-Za-z]+)?)\.(?=(?:resx|txt)$)")]
    private static partial Regex Language();

    [GeneratedRegex(@"\{\{?\s*(\w+)[^}]*\}")]
    private static partial Regex Place();
}
