using Ensen.Basics;

namespace Ensen.Settlement;

/// <summary>On which days the bank transfers: weekdays that are no holidays and not from 31 December to 3 January.</summary>
public sealed class BusinessDays(Programme programme)
{
    readonly JapaneseCalendar _calendar = new(programme.Calendar);

    /// <summary>A year that the calendar does not cover has none: nobody guesses.</summary>
    public bool IsOne(JapanDay day) => _calendar.KindOf(day) switch
    {
        JapanDayKind.Weekday => true,
        // By the order for the Banking Act a bank is open on the day with which the year's end of the fares begins.
        JapanDayKind.YearEnd => day.Date is { Month: 12, Day: 30 },
        _ => false,
    };

    /// <summary>
    /// The day on which the bank carries out what it is given now: today before its cut-off, after it the next business day. Null on a day
    /// that is none: what is given to a bank cannot be taken back, so no file lies there over a weekend.
    /// </summary>
    public JapanDay? TransferDay(DateTimeOffset now) => JapanDay.Of(now) is var today && !IsOne(today) ? null
        : JapanDay.InTokyo(now).Hour < programme.Settlement.CutOffHour ? today : PaidOn(today);

    /// <summary>When what is settled of a day is paid at the earliest: the next day on which the bank transfers.</summary>
    public JapanDay? PaidOn(JapanDay day)
    {
        for (var next = day.Next; JapaneseCalendar.Covers(next); next = next.Next)
            if (IsOne(next))
                return next;
        return null;
    }
}
