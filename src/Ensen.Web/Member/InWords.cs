using System.Globalization;
using Ensen.Basics;

namespace Ensen.Web.Members;

/// <summary>Amounts, days and times as a sentence says them, in the page's language.</summary>
static class InWords
{
    static bool IsJapanese => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "ja";

    public static string Number(long value) => (value < 0 ? "−" : "") + Math.Abs(value).ToString("#,0", CultureInfo.InvariantCulture);

    public static string Yen(long value) => Number(value) + (IsJapanese ? "円" : " yen");

    public static string Points(long value) => Number(value) + " pt";

    /// <summary>11月21日(土), Sat 21 Nov; with the year when it is not this one's.</summary>
    public static string Day(BusinessDay day, BusinessDay today) => day.Date.Year == today.Date.Year
        ? Text(day, IsJapanese ? "M月d日(ddd)" : "ddd d MMM")
        : Whole(day);

    /// <summary>2026年11月21日(土), Sat 21 Nov 2026.</summary>
    public static string Whole(BusinessDay day) => Text(day, IsJapanese ? "yyyy年M月d日(ddd)" : "ddd d MMM yyyy");

    /// <summary>3月31日, 31 Mar: where the year goes without saying.</summary>
    public static string Short(BusinessDay day) => Text(day, IsJapanese ? "M月d日" : "d MMM");

    public static string Month(BusinessDay day) => Text(day, IsJapanese ? "yyyy年M月" : "MMMM yyyy");

    public static string Time(DateTimeOffset at) => BusinessDay.InTokyo(at).ToString("HH:mm", CultureInfo.InvariantCulture);

    public static string TimeWithSeconds(DateTimeOffset at) => BusinessDay.InTokyo(at).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    static string Text(BusinessDay day, string format) => day.Date.ToString(format, CultureInfo.CurrentCulture);
}
