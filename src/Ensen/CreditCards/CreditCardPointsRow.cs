using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;

namespace Ensen.CreditCards;

/// <summary>
/// A posting for a card's month. <paramref name="ChangePoints"/>: by how much the month's points are another number than they were before;
/// <paramref name="Points"/>: what was given, below 0 what was taken back; <paramref name="Owed"/>: what was not there to take back so far,
/// for which the member's next purchases make up first. <paramref name="Number"/> counts the member's postings.
/// </summary>
public sealed record CreditCardPointsRow(
    EntryId EntryId, CreditCardId CreditCard, Guid Card, MemberId Member, int Month, long Number, PointAmount ChangePoints,
    PointAmount Points, PointAmount Owed, long AtMs)
{
    public static DetailTable<CreditCardPointsRow> Table { get; } = new DetailTable<CreditCardPointsRow>("credit_card_points")
        .Uuid("entry_id", r => r.EntryId)
        .Uuid("credit_card", r => r.CreditCard)
        .Uuid("card", r => r.Card)
        .Uuid("member", r => r.Member)
        .Integer("month", r => r.Month)
        .Bigint("number", r => r.Number)
        .Points("change_points", r => r.ChangePoints)
        .Points("points", r => r.Points)
        .Points("owed", r => r.Owed)
        .Bigint("at_ms", r => r.AtMs);

    /// <summary>What can happen once: the so-many-th posting for a member's purchases.</summary>
    internal static SingleUse Once(MemberId member, long number) => new(SingleUseKind.CreditCardPointsPosted, member, number);

    internal static DetailCheck Check { get; } = new DetailCheck<CreditCardPointsRow>(
        Table, EntryKind.CreditCardPoints, r => r.EntryId, (row, entry) =>
            Lots.Types.Sum(type => entry.Moved(row.Member, type)) == row.Points.Value
            && entry.Moved(Chart.Operator, AccountType.CreditCardClearing) == -row.ChangePoints.Value
            && entry.SingleUses.Contains(Once(row.Member, row.Number))
                ? null
                : FormattableString.Invariant(
                    $"{IdPlaceholder.Entry(row.EntryId)} of {row.Points} points for purchases differs from its postings"))
    {
        AlsoOf = EntryKind.CreditCardTakeBack,
        PartyName = "(select c.brand || ' ****' || c.last_four from credit_card c where c.id = {0}.credit_card)"
            + " || ' ' || substr(cast({0}.month as text), 1, 4) || '/' || substr(cast({0}.month as text), 5, 2)",
    };
}
