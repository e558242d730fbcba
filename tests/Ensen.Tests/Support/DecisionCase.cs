using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Tests.Support;

/// <summary>What the tables of all verbs say in the same words.</summary>
static class DecisionCase
{
    /// <summary>Whom the cell says <c>frozen</c> of, is.</summary>
    public static void Restrict(OwnerState owner, CellWords words)
    {
        if (words.Say("frozen"))
            owner.Load(RestrictionKind.Frozen);
        if (words.Say("left"))
            owner.Load(RestrictionKind.Left);
        if (words.Say("low"))
            owner.Load(RestrictionKind.LowCaps);
    }

    /// <summary>
    /// A limit of which this much was used, as in <c>day:500000 month:999000 own:2000</c> (own: the owner's cap for a
    /// day; raised: the one that is to hold instead, a moment later, or now when it is due).
    /// </summary>
    public static SpendingLimit Used(Guid owner, LimitKind kind, CellWords words, DateTimeOffset now)
    {
        var today = JapanDay.Of(now);
        return SpendingLimit.Fresh(owner, kind) with
        {
            PerDay = words.Named("own"),
            Raised = words.Named("raised") is { } raised ? new RaisedCaps(null, raised, null, words.Say("due") ? now : now.AddMilliseconds(1))
                : null,
            Day = today.Number,
            DayUsed = words.Named("day") ?? 0,
            Month = today.Month,
            MonthUsed = words.Named("month") ?? words.Named("day") ?? 0,
        };
    }
}
