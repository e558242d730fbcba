using Ensen.Basics;

namespace Ensen.Sandbox.Town;

/// <summary>
/// The days of the town's past, up to the instant at which it is opened: the last three months, and before them two fortnights in March
/// of the last two fiscal years, in which the old members earned points that lapse in other years than today's.
/// </summary>
sealed class Calendar
{
    const int Days = 91;
    const int Fortnight = 12;

    public Calendar(DateTimeOffset end)
    {
        End = end;
        Today = JapanDay.Of(end);
        First = Before(Today, Days - 1);
        var lastYear = FiscalYear.Of(Today).FirstDay;
        var march = Before(lastYear, 23);
        Old = march < Before(First, 30) ? march : Before(First, 30);
        Older = new JapanDay(Old.Date.AddYears(-1));
        Opened = Before(Older, 40);
        // Nothing of it can lapse before the present fiscal year begins.
        ClosingFrom = lastYear < First ? lastYear : First;
    }

    /// <summary>When the town is opened; nothing happens later.</summary>
    public DateTimeOffset End { get; }
    public JapanDay Today { get; }

    /// <summary>The first day of the three months.</summary>
    public JapanDay First { get; }
    public JapanDay Old { get; }
    public JapanDay Older { get; }

    /// <summary>When the shops were opened.</summary>
    public JapanDay Opened { get; }

    /// <summary>The first business day that is closed as the scheduler would.</summary>
    public JapanDay ClosingFrom { get; }

    public IEnumerable<JapanDay> All => [.. Run(Older, Fortnight), .. Run(Old, Fortnight), .. Run(First, Days)];

    /// <summary>How many days of the three months have passed; negative before them.</summary>
    public int DayOf(JapanDay day) => day.Date.DayNumber - First.Date.DayNumber;

    public int DaysAgo(JapanDay day) => Today.Date.DayNumber - day.Date.DayNumber;

    /// <summary>When a resident joined.</summary>
    public DateTimeOffset Joined(Resident who) => who.Joined switch
    {
        "older" => Before(Older, 20 - who.Number % 9).Start.AddHours(19).AddMinutes(7 * who.Number % 60),
        "old" => Before(Old, 20 - who.Number % 9).Start.AddHours(18).AddMinutes(11 * who.Number % 60),
        _ when who.Role == TownRole.Newcomer => End.AddHours(-3).AddMinutes(-17),
        var day => First.Start.AddDays(int.Parse(day, System.Globalization.CultureInfo.InvariantCulture) - 1).AddHours(20)
            .AddMinutes(13 * who.Number % 60),
    };

    static JapanDay Before(JapanDay day, int days) => new(day.Date.AddDays(-days));

    static IEnumerable<JapanDay> Run(JapanDay first, int days) => Enumerable.Range(0, days).Select(n => Before(first, -n));
}
