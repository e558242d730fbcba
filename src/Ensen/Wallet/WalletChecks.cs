using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Points;

namespace Ensen.Wallet;

/// <summary>
/// What always holds about payments, refunds and transfers (I1, I4 and I9 of the design): their rows say what their entries did.
/// </summary>
public static class WalletChecks
{
    /// <summary>What is kept beside entries, held against each as <c>verify</c> walks through history.</summary>
    public static IReadOnlyList<DetailCheck> DetailChecks { get; } =
    [
        new DetailCheck<PaymentRow>(PaymentRow.Table, EntryKind.Payment, p => p.EntryId, Differs),
        new DetailCheck<RefundRow>(RefundRow.Table, EntryKind.Refund, r => r.EntryId, Differs),
        new DetailCheck<TransferRow>(TransferRow.Table, EntryKind.Transfer, t => t.EntryId, Differs) { NoteColumn = "note" },
    ];

    public static IReadOnlyList<Check> All { get; } =
    [
        new("I4 the refunds of a payment are at most the payment, in yen and in points", w =>
            $"""
            select {w.Entry("r.payment_id")} || ' of ' || coalesce(p.amount_yen, 0) || ' yen was refunded ' || r.amount_yen as line
            from (
              select payment_id, count(*) as refunds, max(number) as last, sum(amount_yen) as amount_yen, sum(points) as points, sum(points_taken_back) as taken_back
              from refund
              group by payment_id
            ) r
            left join payment p on p.entry_id = r.payment_id
            where p.entry_id is null
              or r.amount_yen > p.amount_yen
              or r.points > p.points
              or r.amount_yen - r.points > p.amount_yen - p.points
              or r.taken_back > p.points_earned
              or r.refunds <> r.last
            """),
    ];

    static readonly AccountType[] s_lots = [.. Lots.Types, AccountType.PendingPoints];

    static string? Differs(PaymentRow row, WholeEntry entry) =>
        entry.Moved(row.StoreId, AccountType.Payable) == row.AmountYen.Value
        && entry.Moved(row.MemberId, AccountType.Money, AccountType.Prepaid) == -row.Yen.Value
        && entry.Moved(row.MemberId, s_lots) == (row.PointsEarned - row.Points).Value
            ? null
            : FormattableString.Invariant($"{IdPlaceholder.Entry(row.EntryId)} of {row.AmountYen} yen differs from its postings");

    static string? Differs(RefundRow row, WholeEntry entry) =>
        entry.Head.Corrects != row.PaymentId ? $"{IdPlaceholder.Entry(row.EntryId)} gave back another payment than its row says"
        : !entry.SingleUses.Contains(new SingleUse(SingleUseKind.RefundOf, row.PaymentId, row.Number))
            ? FormattableString.Invariant($"{IdPlaceholder.Entry(row.EntryId)} is not the refund {row.Number} of its payment")
        : entry.Moved(row.StoreId, AccountType.Payable) == -row.AmountYen.Value
            && entry.Moved(row.MemberId, AccountType.Money, AccountType.Prepaid) == row.Yen.Value
            && entry.Moved(row.MemberId, s_lots) + entry.Moved(Chart.Operator, AccountType.Breakage) == PointsMoved(row).Value
            ? null
            : FormattableString.Invariant($"{IdPlaceholder.Entry(row.EntryId)} of {row.AmountYen} yen differs from its postings");

    /// <summary>
    /// What a refund did to lots and breakage: the points given back, less those taken back. Of these some may have been withheld from the
    /// yen instead, which is what the yen and the points given back lack of the amount.
    /// </summary>
    static PointAmount PointsMoved(RefundRow row) => row.Points - (row.PointsTakenBack - row.Withheld.AsPoints);

    static string? Differs(TransferRow row, WholeEntry entry) =>
        entry.Moved(row.FromMember, AccountType.Money) == -row.AmountYen.Value
        && entry.Moved(row.ToMember, AccountType.Money) == row.AmountYen.Value
            ? null
            : FormattableString.Invariant($"{IdPlaceholder.Entry(row.EntryId)} of {row.AmountYen} yen differs from its postings");
}
