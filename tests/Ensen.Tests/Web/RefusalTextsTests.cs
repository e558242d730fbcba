using System.Collections;
using System.Globalization;
using System.Resources;
using Ensen.Basics;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Tests.Web;

/// <summary>The one catalogue of refusals: each code of the contract has its text in each language, and nothing else is in it.</summary>
public class RefusalTextsTests
{
    const string ForTheTill = ".till";

    public static TheoryData<string> Tags => [.. Languages.Served.Select(l => l.Tag)];

    [Theory, MemberData(nameof(Tags))]
    public void Each_code_has_words_and_each_text_has_a_code(string tag)
    {
        var texts = TextsIn(tag);

        foreach (var code in Problem.Codes)
            texts.GetValueOrDefault(code).ShouldNotBeNullOrWhiteSpace($"{code} in {tag}");
        texts.Keys.Where(key => !Problem.Codes.Contains(CodeOf(key))).ShouldBeEmpty("no code of the contract");
    }

    [Theory, MemberData(nameof(Tags))]
    public void The_till_has_a_text_of_its_own_only_where_it_is_told_something_else(string tag)
    {
        var texts = TextsIn(tag);

        texts.Keys.Where(key => key != CodeOf(key) && texts[key] == texts[CodeOf(key)]).ShouldBeEmpty();
    }

    [Fact]
    public void No_text_stands_for_two_codes_and_how_the_wallet_stands_is_not_told_at_the_till()
    {
        foreach (var language in Languages.Served)
        {
            TextsIn(language.Tag).Values.ShouldBeUnique();
            TextsIn(language.Tag)["frozen.till"].ShouldNotContain(TextsIn(language.Tag)["frozen"].TrimEnd('.', '。'));
        }
    }

    [Fact]
    public void One_reader_finds_the_text_for_whoever_reads_it()
    {
        var refusals = new Refusals(new Japanese());

        refusals.Of("over_limit").ShouldBe("利用できる上限を超えています。");
        refusals.Of(PayRefusal.OverLimit).ShouldBe(refusals.Of("over_limit"));
        refusals.AtTill(PayRefusal.OverLimit).ShouldBe("お客さまの利用上限を超えています。");
        refusals.AtTill(PayRefusal.InsufficientPoints).ShouldBe(refusals.Of("insufficient_points"), "there is no other text for the till");
        refusals.Of("<script>").ShouldBe(refusals.Of("invalid_request"), "an address says it, not the contract");
        refusals.AtTill("WrongPin").ShouldBe(refusals.Of("invalid_request"));
    }

    static string CodeOf(string key) => key.EndsWith(ForTheTill, StringComparison.Ordinal) ? key[..^ForTheTill.Length] : key;

    static Dictionary<string, string> TextsIn(string tag) =>
        new ResourceManager(typeof(Refusals)).GetResourceSet(CultureOf(tag), createIfNotExists: true, tryParents: false)
            .ShouldNotBeNull(tag).Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);

    /// <summary>The first language's texts are the program's own; the others lie beside it.</summary>
    static CultureInfo CultureOf(string tag) =>
        tag == Languages.Default.Tag ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(tag);

    sealed class Japanese : IStringLocalizer<Refusals>
    {
        static readonly Dictionary<string, string> s_texts = TextsIn("ja");

        public LocalizedString this[string name] => new(name, s_texts.GetValueOrDefault(name, name), !s_texts.ContainsKey(name));
        public LocalizedString this[string name, params object[] arguments] => this[name];
        public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) => [];
    }
}
