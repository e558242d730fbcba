using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;

namespace Ensen.Centres;

/// <summary>What the customer showed at the point till.</summary>
public enum ShownVia : short
{
    MemberNumber = 1,
    ShownCode = 2,
    PointCard = 3,
}

/// <summary>Points that a centre gave, as they are kept; <paramref name="BalanceAfter"/>: what the member could use then.</summary>
public sealed record AwardRow(
    EntryId EntryId, CentreId CentreId, PointTillId TillId, MemberId MemberId, string Receipt, long AtMs, Yen AmountYen, PointAmount Points,
    PointAmount BalanceAfter, ShownVia Via)
{
    public static DetailTable<AwardRow> Table { get; } = new DetailTable<AwardRow>("point_award")
        .Uuid("entry_id", r => r.EntryId)
        .Uuid("centre_id", r => r.CentreId)
        .Uuid("till_id", r => r.TillId)
        .Uuid("member_id", r => r.MemberId)
        .Text("receipt", r => r.Receipt)
        .Bigint("at_ms", r => r.AtMs)
        .Yen("amount_yen", r => r.AmountYen)
        .Points("points", r => r.Points)
        .Points("balance_after", r => r.BalanceAfter)
        .Smallint("via", r => (short)r.Via);
}

/// <summary>Points that a member spent at a centre, as they are kept.</summary>
public sealed record SpendingRow(
    EntryId EntryId, CentreId CentreId, PointTillId TillId, MemberId MemberId, string Receipt, long AtMs, PointAmount Points,
    PointAmount BalanceAfter)
{
    public static DetailTable<SpendingRow> Table { get; } = new DetailTable<SpendingRow>("point_spending")
        .Uuid("entry_id", r => r.EntryId)
        .Uuid("centre_id", r => r.CentreId)
        .Uuid("till_id", r => r.TillId)
        .Uuid("member_id", r => r.MemberId)
        .Text("receipt", r => r.Receipt)
        .Bigint("at_ms", r => r.AtMs)
        .Points("points", r => r.Points)
        .Points("balance_after", r => r.BalanceAfter);
}

/// <summary>
/// A cancellation as it is kept. <paramref name="Points"/>: given back to the member, negative where they were taken back;
/// <paramref name="WithheldYen"/>: what the centre keeps of the customer's money in place of points that had been spent.
/// </summary>
public sealed record CancellationRow(
    EntryId EntryId, EntryId Cancels, CentreId CentreId, PointTillId TillId, MemberId MemberId, long AtMs, PointAmount Points,
    Yen WithheldYen, PointAmount BalanceAfter)
{
    public static DetailTable<CancellationRow> Table { get; } = new DetailTable<CancellationRow>("point_cancellation")
        .Uuid("entry_id", r => r.EntryId)
        .Uuid("cancels", r => r.Cancels)
        .Uuid("centre_id", r => r.CentreId)
        .Uuid("till_id", r => r.TillId)
        .Uuid("member_id", r => r.MemberId)
        .Bigint("at_ms", r => r.AtMs)
        .Points("points", r => r.Points)
        .Yen("withheld_yen", r => r.WithheldYen)
        .Points("balance_after", r => r.BalanceAfter);
}
