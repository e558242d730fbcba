using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>
/// What an owner moved of one kind in the day and the month, and the owner's own caps (null: the programme's). It is decided
/// in the same atomic step as the balance, so no race passes a cap.
/// </summary>
public sealed record SpendingLimit(
    Guid Owner, LimitKind Kind, long? PerMovement, long? PerDay, long? PerMonth,
    int Day, long DayUsed, int Month, long MonthUsed, long Version)
{
    /// <summary>The own caps that are to hold instead from an instant on; null when none were asked for.</summary>
    public RaisedCaps? Raised { get; init; }

    public static SpendingLimit Fresh(Guid owner, LimitKind kind) => new(owner, kind, null, null, null, 0, 0, 0, 0, 0);

    /// <summary>
    /// The limit as it stands at this instant: caps whose time has come are the own caps. Whoever does not ask is left with the lower ones.
    /// </summary>
    public SpendingLimit At(DateTimeOffset now) => Raised is { } raised && raised.From <= now
        ? this with { PerMovement = raised.PerMovement, PerDay = raised.PerDay, PerMonth = raised.PerMonth, Raised = null }
        : this;

    public long UsedOn(JapanDay day) => Day >= day.Number ? DayUsed : 0;

    public long UsedInMonthOf(JapanDay day) => Month >= day.Month ? MonthUsed : 0;

    /// <summary>
    /// What may still be moved on this day under the stricter of the programme's and the owner's caps, yen; never negative.
    /// </summary>
    public LimitLeft Left(Caps programme, JapanDay day)
    {
        var movement = Math.Min(programme.PerPayment, PerMovement ?? long.MaxValue);
        var today = Math.Max(0, Math.Min(programme.PerDay, PerDay ?? long.MaxValue) - UsedOn(day));
        var month = Math.Max(0, Math.Min(programme.PerMonth, PerMonth ?? long.MaxValue) - UsedInMonthOf(day));
        return new LimitLeft(movement, today, month);
    }

    /// <summary>
    /// The same limit after moving <paramref name="amount"/> yen; a day that is over starts again from zero. A negative amount gives
    /// back what was reserved on that day; a day or a month that is over has nothing to give back to.
    /// </summary>
    public SpendingLimit Use(long amount, JapanDay day) => amount < 0 ? this with
    {
        DayUsed = Day == day.Number ? Math.Max(0, DayUsed + amount) : DayUsed,
        MonthUsed = Month == day.Month ? Math.Max(0, MonthUsed + amount) : MonthUsed,
    } : this with
    {
        Day = Math.Max(Day, day.Number),
        DayUsed = Math.Max(0, checked(UsedOn(day) + amount)),
        Month = Math.Max(Month, day.Month),
        MonthUsed = Math.Max(0, checked(UsedInMonthOf(day) + amount)),
    };
}

/// <summary>Higher caps that an owner asked for (null: the programme's), and when they begin to hold.</summary>
public sealed record RaisedCaps(long? PerMovement, long? PerDay, long? PerMonth, DateTimeOffset From);

/// <summary>What is left, yen: of one movement, of the day, of the month.</summary>
public readonly record struct LimitLeft(long PerMovement, long Today, long ThisMonth)
{
    public bool Allows(long amount) => amount <= PerMovement && amount <= Today && amount <= ThisMonth;
}

/// <summary>A movement that counts against a cap.</summary>
public readonly record struct LimitUse(Guid Owner, LimitKind Kind, long Amount, JapanDay Day)
{
    /// <summary>
    /// An amount that is on its way to the owner; negative when it was booked or given up. It is counted on day 0, which never ends.
    /// </summary>
    public static LimitUse OnTheWay(Guid owner, long amount) => new(owner, LimitKind.Arriving, amount, default);
}
