using System.Text.RegularExpressions;
using Ensen.Basics;

namespace Ensen.Tests.Tidy;

/// <summary>
/// The list of languages is the only place that names one: whoever adds a language writes its line there and looks for no other place.
/// People of the demo town have a language each, as they have a name.
/// </summary>
public partial class LanguagesInOnePlace
{
    const string TheList = "src/Ensen/Basics/Languages.cs";

    [Fact]
    public void A_language_is_named_in_the_list_alone() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("src/Ensen/Members/Preferences.cs", "Languages = [\"ja\", \"en\"];")]
    [InlineData("src/Ensen/Notices/MailWords.cs", "telling.Language == \"en\" ? English : Japanese")]
    [InlineData("src/Ensen.Web/Member/InWords.cs", "culture.TwoLetterISOLanguageName is \"fr\"")]
    [InlineData("src/Ensen.Web/Member/Page.razor", "<option value=\"en\">")]
    [InlineData("src/Ensen.Web/Member/Page.razor", "<span lang=\"zh-Hans\">")]
    [InlineData("src/Ensen.Web/wwwroot/js/chime.js", "words.lang = 'ja-JP';")]
    [InlineData("src/Ensen.Web/Till/Qr.razor", "IsJapanese ? 1 : 2")]
    public void Another_place_is_found(string path, string text) => Complaints(SourceTree.Planted(path, text)).ShouldComplain(path);

    [Fact]
    public void The_list_itself_and_words_that_look_like_a_tag_are_fine()
    {
        Complaints(SourceTree.Planted(TheList, "new(\"ja\", \"日本語\", \"ja-JP\")")).ShouldHold();
        Complaints(SourceTree.Planted("src/Ensen.Web/wwwroot/js/pad.js", "value.toLocaleString('en-US')")).ShouldHold();
        Complaints(SourceTree.Planted("src/Ensen.Ui/Icon.razor", "Icon(\"id\"), \"no\", \"as\"")).ShouldHold();
    }

    static IEnumerable<string> Complaints(SourceTree tree) =>
        from file in tree.Under("src/", ".cs", ".razor", ".js")
        where file.Path != TheList && !file.Path.Contains("Sandbox/", StringComparison.Ordinal)
        from named in Named().Matches(file.Text)
        select $"{file.Path} names a language, {named.Value}: it belongs into {nameof(Languages)}";

    // Tags as strings, and questions that end in an answer for two languages. A figure is grouped by commas in every language
    // (Language.Number), which scripts say as the number of en-US.
    [GeneratedRegex(@"(?<!(?:toLocaleString|NumberFormat)\()(?:[""'](?:ja|en|ko|zh|de|fr|vi|th|es)(?:-[A-Za-z]+)?[""']|TwoLetterISOLanguageName|\bIs(?:Japanese|English)\b|\benglish\s*\?)")]
    private static partial Regex Named();
}
