using System.Globalization;

namespace Ensen.Ui;

/// <summary>Where the yen's mark stands in the page's language: 1,200円, ¥1,200.</summary>
public static class YenMark
{
    public static string Before => IsBehind ? "" : "¥";

    public static string After => IsBehind ? "円" : "";

    static bool IsBehind => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName is "ja" or "zh";
}
