using System.Collections.Concurrent;

namespace Ensen.Basics;

/// <summary>What sort of day it is in Japan.</summary>
public enum JapanDayKind
{
    Weekday = 1,
    Weekend = 2,

    /// <summary>国民の祝日, substitute holidays and the days between two holidays among them.</summary>
    Holiday = 3,

    /// <summary>30 December to 3 January, where it is not a holiday by law.</summary>
    YearEnd = 4,
}

/// <summary>Holidays that a law moves, as the programme's operator enters them: days as 2027-07-19, with a space between.</summary>
public sealed record CalendarRules
{
    public const string None = "none";

    /// <summary>Days that are holidays besides those that the calendar knows.</summary>
    public string Added { get; init; } = None;

    /// <summary>Days that the calendar knows as holidays and are none.</summary>
    public string Removed { get; init; } = None;

    internal static bool IsDays(string text) =>
        text == None || text.Split(' ').All(day => JapanDay.TryParse(day, out _));

    internal static IEnumerable<DateOnly> Days(string text) =>
        text == None ? [] : text.Split(' ').Select(day => JapanDay.Parse(day).Date);
}

/// <summary>
/// The holidays of Japan by the Act on National Holidays: the day of each, the Monday (or later) after one that falls on a Sunday, the day
/// between two. Years that a law of their own changed stand in a table; what a later law moves, the operator enters (<see
/// cref="CalendarRules"/>).
/// The list that the Cabinet Office publishes judges it in a test. Outside <see cref="FirstYear"/> to <see cref="LastYear"/> it does not
/// know.
/// </summary>
public sealed class JapaneseCalendar(CalendarRules rules)
{
    /// <summary>Since then the act has had its present shape, with Mountain Day.</summary>
    public const int FirstYear = 2016;

    /// <summary>The days of the equinoxes are computed to there.</summary>
    public const int LastYear = 2099;

    static readonly DateOnly s_noBirthday = new(2019, 12, 31);

    readonly HashSet<DateOnly> _added = [.. CalendarRules.Days(rules.Added)];
    readonly HashSet<DateOnly> _removed = [.. CalendarRules.Days(rules.Removed)];
    readonly ConcurrentDictionary<int, HashSet<DateOnly>> _years = [];

    public static bool Covers(JapanDay day) => day.Date.Year is >= FirstYear and <= LastYear;

    /// <summary>Null for a day of a year that the calendar does not cover: nobody guesses.</summary>
    public JapanDayKind? KindOf(JapanDay day)
    {
        if (!Covers(day))
            return null;
        if (!_removed.Contains(day.Date) && (_added.Contains(day.Date) || _years.GetOrAdd(day.Date.Year, OfYear).Contains(day.Date)))
            return JapanDayKind.Holiday;
        if (day.Date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            return JapanDayKind.Weekend;
        return day.Date is { Month: 12, Day: >= 30 } or { Month: 1, Day: <= 3 } ? JapanDayKind.YearEnd : JapanDayKind.Weekday;
    }

    static HashSet<DateOnly> OfYear(int year)
    {
        var named = Named(year).ToHashSet();
        var all = named.ToHashSet();
        foreach (var sunday in named.Where(d => d.DayOfWeek == DayOfWeek.Sunday))
        {
            var instead = sunday.AddDays(1);
            while (named.Contains(instead))
                instead = instead.AddDays(1);
            all.Add(instead);
        }
        foreach (var holiday in named)
            if (named.Contains(holiday.AddDays(2)))
                all.Add(holiday.AddDays(1));
        return all;
    }

    static IEnumerable<DateOnly> Named(int year)
    {
        DateOnly Day(int month, int day) => new(year, month, day);
        DateOnly Monday(int month, int nth) => Day(month, 1 + (8 - (int)Day(month, 1).DayOfWeek) % 7 + 7 * (nth - 1));
        var (marine, mountain, sports) = year switch
        {
            // The Olympic Games of Tokyo, and their putting off.
            2020 => (Day(7, 23), Day(8, 10), Day(7, 24)),
            2021 => (Day(7, 22), Day(8, 8), Day(7, 23)),
            _ => (Monday(7, 3), Day(8, 11), Monday(10, 2)),
        };
        yield return Day(1, 1);
        yield return Monday(1, 2);
        yield return Day(2, 11);
        yield return Equinox(year, 3, 20.8431);
        yield return Day(4, 29);
        yield return Day(5, 3);
        yield return Day(5, 4);
        yield return Day(5, 5);
        yield return marine;
        yield return mountain;
        yield return Monday(9, 3);
        yield return Equinox(year, 9, 23.2488);
        yield return sports;
        yield return Day(11, 3);
        yield return Day(11, 23);
        // The Emperor's birthday: in 2019 there was none, and the accession and its ceremony were holidays.
        if (year < s_noBirthday.Year)
            yield return Day(12, 23);
        else if (year > s_noBirthday.Year)
            yield return Day(2, 23);
        else
        {
            yield return Day(5, 1);
            yield return Day(10, 22);
        }
    }

    /// <summary>The day of an equinox, from 1980 to 2099, by the mean tropical year; the published list judges it.</summary>
    static DateOnly Equinox(int year, int month, double in1980)
    {
        var since = year - 1980;
        return new DateOnly(year, month, (int)(in1980 + 0.242194 * since) - since / 4);
    }
}
