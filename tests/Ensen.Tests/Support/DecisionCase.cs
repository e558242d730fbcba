using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Tests.Support;

/// <summary>What the tables of all verbs say in the same words.</summary>
static class DecisionCase
{
    /// <summary>A limit of which this much was used, and whether its owner is frozen: <c>frozen day:500000 month:999000 own:2000</c> (own: the owner's cap for a day).</summary>
    public static SpendingLimit Used(Guid owner, LimitKind kind, CellWords words, DateTimeOffset now)
    {
        var today = JapanDay.Of(now);
        return SpendingLimit.Fresh(owner, kind) with
        {
            Frozen = words.Say("frozen"),
            PerDay = words.Named("own"),
            Day = today.Number,
            DayUsed = words.Named("day") ?? 0,
            Month = today.Month,
            MonthUsed = words.Named("month") ?? words.Named("day") ?? 0,
        };
    }
}
