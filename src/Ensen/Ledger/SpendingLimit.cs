using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>What a cap counts.</summary>
public enum LimitKind : short
{
    Pay = 1,
    Transfer = 2,
    ChargeCard = 3,
    ChargeBank = 4,
    ChargeAtm = 5,

    /// <summary>
    /// Not moved yet: what is on its way to the owner and will be booked unasked. It is not of a day, and counts wherever a cap on what
    /// is held is decided.
    /// </summary>
    Arriving = 6,

    /// <summary>Transfers that the receiver had no room for, counted and not summed: each of them tells something of what somebody else holds.</summary>
    TransferWithoutRoom = 7,
}

/// <summary>
/// What an owner moved of one kind in the day and the month, and the owner's own caps (null: the programme's). It is decided
/// in the same atomic step as the balance, so no race passes a cap.
/// </summary>
public sealed record SpendingLimit(
    Guid Owner, LimitKind Kind, bool Frozen, long? PerMovement, long? PerDay, long? PerMonth,
    int Day, long DayUsed, int Month, long MonthUsed, long Version)
{
    public static SpendingLimit Fresh(Guid owner, LimitKind kind) => new(owner, kind, false, null, null, null, 0, 0, 0, 0, 0);

    public long UsedOn(JapanDay day) => Day >= day.Number ? DayUsed : 0;

    public long UsedInMonthOf(JapanDay day) => Month >= day.Month ? MonthUsed : 0;

    /// <summary>What may still be moved on this day under the stricter of the programme's and the owner's caps, yen; never negative.</summary>
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

/// <summary>What is left, yen: of one movement, of the day, of the month.</summary>
public readonly record struct LimitLeft(long PerMovement, long Today, long ThisMonth)
{
    public bool Allows(long amount) => amount <= PerMovement && amount <= Today && amount <= ThisMonth;
}

/// <summary>A movement that counts against a cap.</summary>
public readonly record struct LimitUse(Guid Owner, LimitKind Kind, long Amount, JapanDay Day)
{
    /// <summary>So much more is on its way to the owner; negative when it arrived, or never will. It belongs to no day: to the first of all, which is never over.</summary>
    public static LimitUse OnTheWay(Guid owner, long amount) => new(owner, LimitKind.Arriving, amount, default);
}

/// <summary>Something that happens at most once.</summary>
public enum SingleUseKind : short
{
    /// <summary>A shown code was used. Subject: the code's id.</summary>
    CodeUsed = 1,

    /// <summary>A store's order was paid, whatever way. Subject: the store and the order; number: 0, and the amount once more.</summary>
    OrderPaid = 2,

    /// <summary>A tag was touched with this counter value. Subject: the tag; number: the counter.</summary>
    TagTouched = 3,

    /// <summary>The n-th refund of a payment. Subject: the payment; number: n from 1.</summary>
    RefundOf = 4,

    /// <summary>A charge was settled. Subject: the charge.</summary>
    ChargeSettled = 5,
}

/// <summary>Something that happens at most once; <paramref name="Number"/> tells apart the things of one subject that may each happen once.</summary>
public readonly record struct SingleUse(SingleUseKind Kind, Guid Subject, long Number = 0);
