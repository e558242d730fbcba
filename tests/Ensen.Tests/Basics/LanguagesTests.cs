using System.Globalization;
using Ensen.Basics;

namespace Ensen.Tests.Basics;

/// <summary>Which language somebody gets, and what a language says of itself.</summary>
public class LanguagesTests
{
    static readonly JapanDay s_day = JapanDay.Parse("2026-11-21");

    /// <summary>One line as it would stand in the list, for a language that is not served.</summary>
    static readonly Language s_planted = new("de", "Deutsch", "de-DE")
    {
        YenBefore = "",
        YenAfter = " Yen",
        Day = "ddd d.M.",
        WholeDay = "ddd d.M.yyyy",
        ShortDay = "d.M.",
        NumericDay = "d.M.yy",
        Month = "MMMM yyyy",
        Seconds = new("{0} Sekunde", "{0} Sekunden"),
        Minutes = new("{0} Minute", "{0} Minuten"),
        Hours = new("{0} Stunde", "{0} Stunden"),
        Days = new("{0} Tag", "{0} Tage"),
    };

    [Theory]
    [InlineData("ja", "ja")]
    [InlineData("ja-JP", "ja")]
    [InlineData("en", "en")]
    [InlineData("en-GB", "en")]
    [InlineData("EN-us", "en")]
    [InlineData("eng", "en")]
    [InlineData("jam", "ja")]
    [InlineData("fr", "ja")]
    [InlineData("", "ja")]
    [InlineData(null, "ja")]
    [InlineData("no such language, at all", "ja")]
    public void The_nearest_language_is_found(string? wanted, string tag) => Languages.Nearest(wanted).Tag.ShouldBe(tag);

    [Fact]
    public void Only_a_tag_of_the_list_is_a_language()
    {
        foreach (var language in Languages.Served)
            Languages.Find(language.Tag).ShouldBe(language);
        foreach (var tag in (string?[])["EN", "en-GB", "de", "", null])
            Languages.Find(tag).ShouldBeNull(tag);
    }

    [Fact]
    public void A_poster_says_it_in_two_languages_of_which_one_is_the_first()
    {
        foreach (var language in Languages.Served)
            Languages.Beside(language).ShouldNotBe(language);
        Languages.Beside(Languages.Find("en")!).ShouldBe(Languages.Default);
        Languages.Beside(s_planted).ShouldBe(Languages.Default);
    }

    [Fact]
    public void Each_language_has_a_tag_a_name_and_a_voice_of_its_own_culture()
    {
        Languages.Served.Select(l => l.Tag).ShouldBeUnique();
        foreach (var language in Languages.Served)
        {
            language.OwnName.ShouldNotBeNullOrWhiteSpace();
            CultureInfo.GetCultureInfo(language.Voice).TwoLetterISOLanguageName.ShouldBe(language.Culture.TwoLetterISOLanguageName);
            (language.YenBefore.Length == 0).ShouldNotBe(language.YenAfter.Length == 0,
                $"{language.Tag}: the yen's mark stands before or behind");
        }
    }

    [Theory]
    [InlineData("ja", "1,200円", "11月21日(土)", "2026年11月21日(土)", "11月21日", "2026/11/21", "2026年11月", "1分 2時間 3日")]
    [InlineData("en", "¥1,200", "Sat 21 Nov", "Sat 21 Nov 2026", "21 Nov", "21 Nov 2026", "November 2026", "1 minute 2 hours 3 days")]
    [InlineData("de", "1,200 Yen", "Sa 21.11.", "Sa 21.11.2026", "21.11.", "21.11.26", "November 2026", "1 Minute 2 Stunden 3 Tage")]
    public void A_line_of_the_list_says_how_its_language_is_written(
        string tag, string yen, string day, string whole, string brief, string numeric, string month, string counted)
    {
        var language = Languages.Find(tag) ?? s_planted;
        var was = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture; // The page's own language has no say in it.

        language.Yen(Language.Number(1200)).ShouldBe(yen);
        ((string[])[language.Day, language.WholeDay, language.ShortDay, language.NumericDay, language.Month])
            .Select(format => language.Write(s_day, format)).ShouldBe([day, whole, brief, numeric, month]);
        $"{language.Minutes.Of(1)} {language.Hours.Of(2)} {language.Days.Of(3)}".ShouldBe(counted);

        CultureInfo.CurrentCulture = was;
    }
}
