using Ensen.Basics;

namespace Ensen.Compliance;

/// <summary>
/// What has to be safeguarded for what is owed from transfers of funds (Payment Services Act, article 43): that, and the cost of paying it
/// back, at the least ten million yen.
/// </summary>
public static class SafeguardingRule
{
    public static readonly Yen Least = new(10_000_000);

    static readonly Yen s_step = new(100_000_000);
    static readonly Yen s_costOfStep = new(5_000_000);

    /// <summary>The cost of paying back: 5 % of what is owed, and of what is above 100,000,000 yen 1 %. A part of a yen is a yen.</summary>
    public static Yen Cost(Yen outstanding) => outstanding <= s_step
        ? new Yen(new Rate(5, 100).Of(outstanding.Value, Rounding.Up))
        : s_costOfStep + new Yen(new Rate(1, 100).Of((outstanding - s_step).Value, Rounding.Up));

    public static Yen Required(Yen outstanding) => Yen.Max(outstanding + Cost(outstanding), Least);

    /// <summary>The days of the week of a day up to it, Monday first: over no longer time may the highest be looked for.</summary>
    public static IEnumerable<JapanDay> WeekUpTo(JapanDay day)
    {
        for (var at = new JapanDay(day.Date.AddDays(-(((int)day.Date.DayOfWeek + 6) % 7))); at <= day; at = at.Next)
            yield return at;
    }
}
