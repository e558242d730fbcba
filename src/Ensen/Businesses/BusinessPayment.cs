using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Staff;

namespace Ensen.Businesses;

/// <summary>
/// What a line of a company's transfer paid, as it is sealed with its entry. <paramref name="AloneYen"/>: up to so much one person could
/// still pay then; more needs <paramref name="ApprovedBy"/>.
/// </summary>
public sealed record BusinessPaymentRow(EntryId EntryId, int Line, BusinessTransferId Transfer, BusinessId Payer, BusinessId Payee,
    Yen AmountYen, string Text, ShopAccountId MadeBy, ShopAccountId? ApprovedBy, long AloneYen, long AtMs)
{
    internal static DetailTable<BusinessPaymentRow> Table { get; } = new DetailTable<BusinessPaymentRow>("business_payment")
        .Uuid("entry_id", p => p.EntryId)
        .Integer("line", p => p.Line)
        .Uuid("transfer", p => p.Transfer)
        .Uuid("payer", p => p.Payer)
        .Uuid("payee", p => p.Payee)
        .Yen("amount_yen", p => p.AmountYen)
        .Text("text", p => p.Text)
        .Uuid("made_by", p => p.MadeBy)
        .UuidOrNull("approved_by", p => p.ApprovedBy?.Value)
        .Bigint("alone_yen", p => p.AloneYen)
        .Bigint("at_ms", p => p.AtMs);

    internal static SingleUse Paid(BusinessTransferId transfer) => new(SingleUseKind.BusinessTransferPaid, transfer);
}

/// <summary>A transfer of a company's as it is posted: money from one account to others, and a row for each line.</summary>
/// <param name="aloneYen">Up to so much one person can still pay.</param>
sealed class BusinessPosting(BusinessTransferId transfer, BusinessId payer, IReadOnlyList<TransferLine> lines, ShopAccountId madeBy,
    ShopAccountId? approvedBy, long aloneYen, DateTimeOffset now)
{
    public IReadOnlyList<Guid> Owners { get; } = OwnersOf(payer, lines);

    public Yen Total { get; } = lines.Aggregate(Yen.Zero, (sum, line) => sum + line.Amount);

    public Entry Entry(EntryId id) => new(id, EntryKind.BusinessTransfer, now, Initiator.ShopAccount(approvedBy ?? madeBy),
    [
        Leg.Of(payer, AccountType.BusinessMoney, -Total),
        .. lines.GroupBy(line => line.Payee).Select(of => Leg.Of(
            of.Key, AccountType.BusinessMoney, of.Aggregate(Yen.Zero, (sum, line) => sum + line.Amount))),
    ]);

    public IReadOnlyList<EntryDetail> Details(EntryId id) => [.. lines.Select(line => BusinessPaymentRow.Table.Row(new BusinessPaymentRow(
        id, line.Line, transfer, payer, line.Payee, line.Amount, line.Text, madeBy, approvedBy, aloneYen, now.ToUnixTimeMilliseconds())))];

    public static IReadOnlyList<Guid> OwnersOf(BusinessId payer, IReadOnlyList<TransferLine> lines) =>
        [payer, .. lines.Select(line => line.Payee.Value).Distinct()];
}
