using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Ensen.Tests.Tidy;

/// <summary>Every text exists in Japanese and in English, with the same places for the same values.</summary>
public partial class Texts
{
    [Fact]
    public void Japanese_and_English_have_the_same_texts() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("Pay=払う", "", "has no English")]
    [InlineData("Pay=払う;Send=送る", "Pay=Pay", "Send is missing")]
    [InlineData("Pay=払う", "Pay=Pay;Send=Send", "Send is only here")]
    [InlineData("Pay=払う", "Pay= ", "Pay is empty")]
    [InlineData("Pay=", "Pay=Pay", "Pay is empty")]
    [InlineData("Paid={0} 円 {1}", "Paid={0} yen", "Paid has other places for values")]
    public void A_difference_is_found(string japanese, string english, string about) => Complaints(Tree(japanese, english)).ShouldComplain(about);

    [Fact]
    public void The_same_texts_in_another_order_are_fine() =>
        Complaints(Tree("Paid={1}: {0} 円;Pay=払う", "Pay=Pay;Paid={0} yen at {1}")).ShouldHold();

    static SourceTree Tree(string japanese, string english)
    {
        static string Resx(string texts) =>
            new XElement("root", texts.Split(';').Select(t => t.Split('=')).Select(t => new XElement("data", new XAttribute("name", t[0]), new XElement("value", t[1])))).ToString();
        return english == ""
            ? SourceTree.Planted("src/Ensen.Ui/Texts.resx", Resx(japanese))
            : SourceTree.Planted(("src/Ensen.Ui/Texts.resx", Resx(japanese)), ("src/Ensen.Ui/Texts.en.resx", Resx(english)));
    }

    static IEnumerable<string> Complaints(SourceTree tree)
    {
        var files = tree.Under("src/", ".resx").ToDictionary(f => f.Path, f => Read(f.Text));
        foreach (var (path, texts) in files)
        {
            foreach (var (key, _) in texts.Where(t => string.IsNullOrWhiteSpace(t.Value)))
                yield return $"{path}: {key} is empty";

            // Japanese is the language a file without a language in its name is in.
            var original = Translation().Replace(path, ".resx");
            if (path == original && !files.ContainsKey(path.Replace(".resx", ".en.resx", StringComparison.Ordinal)))
                yield return $"{path}: has no English";
            if (path == original)
                continue;
            if (!files.TryGetValue(original, out var japanese))
            {
                yield return $"{path}: has no Japanese";
                continue;
            }

            foreach (var key in japanese.Keys.Except(texts.Keys))
                yield return $"{path}: {key} is missing";
            foreach (var key in texts.Keys.Except(japanese.Keys))
                yield return $"{path}: {key} is only here";
            foreach (var key in texts.Keys.Intersect(japanese.Keys).Where(k => !Places(texts[k]).SetEquals(Places(japanese[k]))))
                yield return $"{path}: {key} has other places for values than in Japanese";
        }
    }

    static Dictionary<string, string> Read(string resx) =>
        XDocument.Parse(resx).Root!.Elements("data").ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")?.Value ?? "");

    static HashSet<string> Places(string text) => [.. Place().Matches(text).Select(m => m.Groups[1].Value)];

    [GeneratedRegex(@"\.[a-z]{2}(?:-[A-Za-z]+)?\.resx$")]
    private static partial Regex Translation();

    [GeneratedRegex(@"\{(\d+)[^}]*\}")]
    private static partial Regex Place();
}
