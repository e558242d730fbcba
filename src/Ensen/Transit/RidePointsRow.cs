using Ensen.Ledger;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Points;

namespace Ensen.Transit;

/// <summary>
/// Points that were posted for a card's rides of a month; <paramref name="Number"/>: 1 the first time, then one more for each difference.
/// </summary>
public sealed record RidePointsRow(
    EntryId EntryId, TransitCardId TransitCard, Guid Card, MemberId Member, int Month, long Number, PointAmount Points, long AtMs)
{
    public static DetailTable<RidePointsRow> Table { get; } = new DetailTable<RidePointsRow>("ride_points")
        .Uuid("entry_id", r => r.EntryId)
        .Uuid("transit_card", r => r.TransitCard)
        .Uuid("card", r => r.Card)
        .Uuid("member", r => r.Member)
        .Integer("month", r => r.Month)
        .Bigint("number", r => r.Number)
        .Points("points", r => r.Points)
        .Bigint("at_ms", r => r.AtMs);

    /// <summary>What can happen once: the so-many-th posting for a card's month.</summary>
    internal static SingleUse Once(TransitCardId card, int month, long number) =>
        new(SingleUseKind.RidePointsPosted, card, month * 100_000L + number);

    internal static DetailCheck Check { get; } = new DetailCheck<RidePointsRow>(Table, EntryKind.RidePoints, r => r.EntryId, (row, entry) =>
        entry.Moved(row.Member, AccountType.ChargeOnlyPoints) == row.Points.Value
        && entry.SingleUses.Contains(Once(row.TransitCard, row.Month, row.Number))
            ? null
            : FormattableString.Invariant($"{IdPlaceholder.Entry(row.EntryId)} of {row.Points} points for rides differs from its postings"))
    {
        PartyName = "(select '****' || c.last_four from transit_card c where c.id = {0}.transit_card)"
            + " || ' ' || substr(cast({0}.month as text), 1, 4) || '/' || substr(cast({0}.month as text), 5, 2)",
    };
}
