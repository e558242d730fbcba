using Ensen.Basics;

namespace Ensen.Compliance;

/// <summary>
/// What has to be deposited for prepaid value (Payment Services Act, article 14): of what is unused on a base date, 31 March and
/// 30 September, at the least half where it is above ten million yen, within two months.
/// </summary>
public static class PrepaidRule
{
    public static readonly Yen Above = new(10_000_000);

    public static bool IsBaseDate(JapanDay day) => day.Date is { Month: 3, Day: 31 } or { Month: 9, Day: 30 };

    /// <summary>The base date by which it goes on that day: the day itself, or the last one before it.</summary>
    public static JapanDay BaseDateOf(JapanDay day) => new((day.Date.Month, day.Date.Day) switch
    {
        ( > 9, _) or (9, 30) => new DateOnly(day.Date.Year, 9, 30),
        ( > 3, _) or (3, 31) => new DateOnly(day.Date.Year, 3, 31),
        _ => new DateOnly(day.Date.Year - 1, 9, 30),
    });

    /// <summary>The last day of the second month after a base date.</summary>
    public static JapanDay DueBy(JapanDay baseDate) =>
        new(baseDate.Date.Month == 3 ? new DateOnly(baseDate.Date.Year, 5, 31) : new DateOnly(baseDate.Date.Year, 11, 30));

    /// <summary>Half, and of an odd yen the whole: less than half is never enough.</summary>
    public static Yen Required(Yen unused) => unused > Above ? new Yen(new Rate(1, 2).Of(unused.Value, Rounding.Up)) : Yen.Zero;
}
