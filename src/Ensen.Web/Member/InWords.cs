using System.Globalization;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Ui;

namespace Ensen.Web.Members;

/// <summary>Amounts, days and times as a sentence says them, in the page's language.</summary>
static class InWords
{
    static bool IsJapanese => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "ja";

    public static string Number(long value) => (value < 0 ? "−" : "") + Math.Abs(value).ToString("#,0", CultureInfo.InvariantCulture);

    public static string Yen(long value) => (value < 0 ? "−" : "") + Yen(Number(Math.Abs(value)));

    /// <summary>Stars in place of the figure, for a sentence that is veiled.</summary>
    public static string YenVeiled => Yen(Veiled.Stars);

    static string Yen(string figure) => YenMark.Before + figure + YenMark.After;

    public static string Points(long value) => Number(value) + " pt";

    /// <summary>11月21日(土), Sat 21 Nov; with the year when it is not this one's.</summary>
    public static string Day(BusinessDay day, BusinessDay today) => day.Date.Year == today.Date.Year
        ? Text(day, IsJapanese ? "M月d日(ddd)" : "ddd d MMM")
        : Whole(day);

    /// <summary>2026年11月21日(土), Sat 21 Nov 2026.</summary>
    public static string Whole(BusinessDay day) => Text(day, IsJapanese ? "yyyy年M月d日(ddd)" : "ddd d MMM yyyy");

    /// <summary>3月31日, 31 Mar: where the year goes without saying.</summary>
    public static string Short(BusinessDay day) => Text(day, IsJapanese ? "M月d日" : "d MMM");

    /// <summary>2027/3/31, 31 Mar 2027: short, and with its year.</summary>
    public static string Numeric(BusinessDay day) => Text(day, IsJapanese ? "yyyy/M/d" : "d MMM yyyy");

    public static string Month(BusinessDay day) => Text(day, IsJapanese ? "yyyy年M月" : "MMMM yyyy");

    public static string Time(DateTimeOffset at) => BusinessDay.InTokyo(at).ToString("HH:mm", CultureInfo.InvariantCulture);

    public static string TimeWithSeconds(DateTimeOffset at) => BusinessDay.InTokyo(at).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A store's name for people who read no Japanese; nothing in Japanese.</summary>
    public static string Latin(Store store) => IsJapanese ? "" : store.LatinName;

    /// <summary>A long number in groups of four, for reading off and typing in.</summary>
    public static string InGroups(string digits) => string.Join(' ', digits.Chunk(4).Select(part => new string(part)));

    /// <summary>"12分前のお支払い" once five minutes have passed, by a text with a place for how long; null before.</summary>
    public static string? LongAgo(DateTimeOffset at, DateTimeOffset now, string text) => (now - at) switch
    {
        { TotalMinutes: < 5 } => null,
        { TotalMinutes: < 60 } ago => string.Format(CultureInfo.CurrentCulture, text, IsJapanese ? $"{(int)ago.TotalMinutes}分" : Some((int)ago.TotalMinutes, "minute")),
        { TotalHours: < 24 } ago => string.Format(CultureInfo.CurrentCulture, text, IsJapanese ? $"{(int)ago.TotalHours}時間" : Some((int)ago.TotalHours, "hour")),
        var ago => string.Format(CultureInfo.CurrentCulture, text, IsJapanese ? $"{(int)ago.TotalDays}日" : Some((int)ago.TotalDays, "day")),
    };

    static string Some(int count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");

    static string Text(BusinessDay day, string format) => day.Date.ToString(format, CultureInfo.CurrentCulture);
}
