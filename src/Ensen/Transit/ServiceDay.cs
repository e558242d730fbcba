using Ensen.Basics;

namespace Ensen.Transit;

/// <summary>The day of a railway: what is ridden after midnight belongs to the day before, until the first trains of the next.</summary>
public static class ServiceDay
{
    public static JapanDay Of(DateTimeOffset at, TransitRules rules) => JapanDay.Of(at.AddHours(-rules.DayStartsHour));

    /// <summary>When the month of an instant's service day began.</summary>
    public static DateTimeOffset MonthOf(DateTimeOffset at, TransitRules rules) =>
        FirstOf(Of(at, rules).Month).Start.AddHours(rules.DayStartsHour);

    public static JapanDay FirstOf(int month) => JapanDay.FromNumber(month * 100 + 1);

    /// <summary>The month before (yyyymm).</summary>
    public static int Before(int month) => FirstOf(month).Previous.Month;
}
