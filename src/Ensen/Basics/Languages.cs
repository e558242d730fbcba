using System.Globalization;

namespace Ensen.Basics;

/// <summary>
/// The languages that are served, the only list of them: pages, mails, the choice on the account page and the voice at the till read it.
/// A language is in it when every text and every mail exists in it, which a test counts; how to add one: CONTRIBUTING.md.
/// </summary>
public static class Languages
{
    /// <summary>The first is what is spoken where nobody asked for another.</summary>
    public static IReadOnlyList<Language> Served { get; } =
    [
        new("ja", "日本語", "ja-JP")
        {
            YenBefore = "",
            YenAfter = "円",
            Day = "M月d日(ddd)",
            WholeDay = "yyyy年M月d日(ddd)",
            ShortDay = "M月d日",
            NumericDay = "yyyy/M/d",
            Month = "yyyy年M月",
            Seconds = new("{0}秒"),
            Minutes = new("{0}分"),
            Hours = new("{0}時間"),
            Days = new("{0}日"),
            ReadsJapanese = true,
        },
        new("en", "English", "en-US")
        {
            Day = "ddd d MMM",
            WholeDay = "ddd d MMM yyyy",
            ShortDay = "d MMM",
            NumericDay = "d MMM yyyy",
            Month = "MMMM yyyy",
            Seconds = new("{0} second", "{0} seconds"),
            Minutes = new("{0} minute", "{0} minutes"),
            Hours = new("{0} hour", "{0} hours"),
            Days = new("{0} day", "{0} days"),
        },
    ];

    public static Language Default => Served[0];

    /// <summary>The language of the page that is being drawn.</summary>
    public static Language Here => Nearest(CultureInfo.CurrentUICulture);

    /// <summary>The one with this tag, and no other; null when it is not served.</summary>
    public static Language? Find(string? tag) => Served.FirstOrDefault(l => l.Tag == tag);

    /// <summary>The nearest that is served: English for en-GB, the first one when nothing fits.</summary>
    public static Language Nearest(string? wanted)
    {
        try
        {
            return wanted is null ? Default : Nearest(CultureInfo.GetCultureInfo(wanted));
        }
        catch (CultureNotFoundException)
        {
            return Default;
        }
    }

    static Language Nearest(CultureInfo culture)
    {
        for (; culture.Name.Length > 0; culture = culture.Parent)
            if (Served.FirstOrDefault(l => string.Equals(l.Tag, culture.Name, StringComparison.OrdinalIgnoreCase)) is { } found)
                return found;
        return Default;
    }

    /// <summary>The second language of what hangs in a shop: the first one, or the next for who reads the first already.</summary>
    public static Language Beside(Language language) => Served.First(l => l != language);
}
