using System.Globalization;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Ui;

namespace Ensen.Web.Members;

/// <summary>Amounts, days and times as a sentence says them, in the page's language.</summary>
static class InWords
{
    public static string Number(long value) => (value < 0 ? "−" : "") + Language.Number(Math.Abs(value));

    public static string Number(PointAmount points) => Number(points.Value);

    public static string Number(Yen amount) => Number(amount.Value);

    /// <summary>An amount of the programme's rules, which are numbers.</summary>
    public static string Yen(long amount) => Yen(new Yen(amount));

    public static string Yen(Yen amount) => (amount < Basics.Yen.Zero ? "−" : "") + Languages.Here.Yen(Number(Math.Abs(amount.Value)));

    /// <summary>Stars in place of the figure, for a sentence that is veiled.</summary>
    public static string YenVeiled => Languages.Here.Yen(Veiled.Stars);

    /// <summary>An amount with a place for its figure, for scripts.</summary>
    public static string YenPlace => Languages.Here.Yen("{0}");

    public static string Points(PointAmount amount) => Number(amount.Value) + " pt";

    /// <summary>11月21日(土), Sat 21 Nov; with the year when it is not this one's.</summary>
    public static string Day(JapanDay day, JapanDay today) => day.Date.Year == today.Date.Year
        ? Write(day, l => l.Day)
        : Whole(day);

    /// <summary>2026年11月21日(土), Sat 21 Nov 2026.</summary>
    public static string Whole(JapanDay day) => Write(day, l => l.WholeDay);

    /// <summary>3月31日, 31 Mar: where the year goes without saying.</summary>
    public static string Short(JapanDay day) => Write(day, l => l.ShortDay);

    /// <summary>2027/3/31, 31 Mar 2027: short, and with its year.</summary>
    public static string Numeric(JapanDay day) => Write(day, l => l.NumericDay);

    public static string Month(JapanDay day) => Write(day, l => l.Month);

    public static string Time(DateTimeOffset at) => JapanDay.InTokyo(at).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>11月21日(土) 10:15: the day and the minute in Japan.</summary>
    public static string When(DateTimeOffset at, DateTimeOffset now) => $"{Day(JapanDay.Of(at), JapanDay.Of(now))} {Time(at)}";

    public static string TimeWithSeconds(DateTimeOffset at) => JapanDay.InTokyo(at).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>How long to wait, never said too short: 40秒, 15分.</summary>
    public static string HowLong(TimeSpan wait) => wait <= TimeSpan.FromSeconds(90)
        ? Languages.Here.Seconds.Of(Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)))
        : Languages.Here.Minutes.Of((long)Math.Ceiling(wait.TotalMinutes));

    /// <summary>A store's name for people who read no Japanese; nothing for those who do.</summary>
    public static string Latin(Store store) => Languages.Here.ReadsJapanese ? "" : store.LatinName;

    /// <summary>A long number in groups of four, for reading off and typing in.</summary>
    public static string InGroups(string digits) => string.Join(' ', digits.Chunk(4).Select(part => new string(part)));

    /// <summary>"12分前のお支払い" once five minutes have passed, by a text with a place for how long; null before.</summary>
    public static string? LongAgo(DateTimeOffset at, DateTimeOffset now, string text) => (now - at) switch
    {
        { TotalMinutes: < 5 } => null,
        { TotalMinutes: < 60 } ago => string.Format(CultureInfo.CurrentCulture, text, Languages.Here.Minutes.Of((int)ago.TotalMinutes)),
        { TotalHours: < 24 } ago => string.Format(CultureInfo.CurrentCulture, text, Languages.Here.Hours.Of((int)ago.TotalHours)),
        var ago => string.Format(CultureInfo.CurrentCulture, text, Languages.Here.Days.Of((int)ago.TotalDays)),
    };

    static string Write(JapanDay day, Func<Language, string> format) => Languages.Here.Write(day, format(Languages.Here));
}
