using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Wallet;

namespace Ensen.Centres;

/// <summary>What always holds about points at shopping centres: their rows say what their entries did.</summary>
static class CentreChecks
{
    static readonly AccountType[] s_lots = [.. Lots.Types, AccountType.PendingPoints];

    public static IReadOnlyList<DetailCheck> DetailChecks { get; } =
    [
        new DetailCheck<AwardRow>(AwardRow.Table, EntryKind.PointAward, r => r.EntryId, Differs)
        { PartyName = "(select name from centre where centre.id = {0}.centre_id)" },
        new DetailCheck<SpendingRow>(SpendingRow.Table, EntryKind.PointSpending, r => r.EntryId, Differs)
        { PartyName = "(select name from centre where centre.id = {0}.centre_id)" },
        new DetailCheck<CancellationRow>(CancellationRow.Table, EntryKind.PointCancellation, r => r.EntryId, Differs)
        { PartyName = "(select name from centre where centre.id = {0}.centre_id)" },
        // The first module that knows all entries for which campaigns give.
        new DetailCheck<CampaignAward>(CampaignAward.Table, EntryKind.Payment, a => a.EntryId, Differs)
        { ManyBy = "number", AlsoOf = EntryKind.PointAward },
    ];

    static string? Differs(CampaignAward row, WholeEntry entry) =>
        entry.Moved(row.CampaignId, AccountType.CampaignBudget) == -row.Points.Value
            ? null
            : FormattableString.Invariant($"{IdPlaceholder.Entry(row.EntryId)} got {row.Points} points of a campaign, and its postings say otherwise");

    static string? Differs(AwardRow row, WholeEntry entry) =>
        entry.Moved(row.MemberId, s_lots) == row.Points.Value
        && entry.SingleUses.Contains(PointReceipt.Booked(row.CentreId, row.Receipt))
            ? null
            : FormattableString.Invariant($"{IdPlaceholder.Entry(row.EntryId)} of {row.Points} points differs from its postings");

    static string? Differs(SpendingRow row, WholeEntry entry) =>
        entry.Moved(row.MemberId, s_lots) == -row.Points.Value
        && entry.Moved(row.CentreId, AccountType.CentrePayable) == row.Points.WorthInPayments.Value
        && entry.SingleUses.Contains(PointReceipt.Booked(row.CentreId, row.Receipt))
            ? null
            : FormattableString.Invariant($"{IdPlaceholder.Entry(row.EntryId)} of {row.Points} points differs from its postings");

    static string? Differs(CancellationRow row, WholeEntry entry) =>
        entry.Head.Corrects != row.Cancels || !entry.SingleUses.Contains(CancelPoints.CancelledOf(row.Cancels))
            ? $"{IdPlaceholder.Entry(row.EntryId)} cancelled another entry than its row says"
        : entry.Moved(row.MemberId, s_lots) + entry.Moved(Chart.Operator, AccountType.Breakage)
            == row.Points.Value + row.WithheldYen.Value
            ? null
            : FormattableString.Invariant($"{IdPlaceholder.Entry(row.EntryId)} of {row.Points} points differs from its postings");
}
