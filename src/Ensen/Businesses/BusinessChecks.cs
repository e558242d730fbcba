using Ensen.Ledger;

namespace Ensen.Businesses;

/// <summary>What always holds about companies' accounts (I1 and I4 of the design).</summary>
static class BusinessChecks
{
    public static IReadOnlyList<DetailCheck> DetailChecks { get; } =
    [
        new DetailCheck<BusinessPaymentRow>(BusinessPaymentRow.Table, EntryKind.BusinessTransfer, p => p.EntryId, (row, entry) =>
            !entry.SingleUses.Contains(BusinessPaymentRow.Paid(row.Transfer))
                ? $"{IdPlaceholder.Entry(row.EntryId)} is not the payment of its transfer"
            : entry.Moved(row.Payee, AccountType.BusinessMoney) < row.AmountYen.Value
              || entry.Moved(row.Payer, AccountType.BusinessMoney) > -row.AmountYen.Value
                ? $"{IdPlaceholder.Entry(row.EntryId)} differs from its postings"
            : row.ApprovedBy == row.MadeBy ? $"{IdPlaceholder.Entry(row.EntryId)} was made and approved by one"
            : null) { ManyBy = "line" },
        new DetailCheck<BusinessDepositRow>(BusinessDepositRow.Table, EntryKind.BusinessDeposit, d => d.EntryId, (row, entry) =>
            !entry.SingleUses.Contains(BusinessDepositRow.Booked(row.BankId))
                ? $"{IdPlaceholder.Entry(row.EntryId)} is not the booking of its deposit"
            : (row.Business is { } business ? entry.Moved(business, AccountType.BusinessMoney)
                : entry.Moved(Chart.Operator, AccountType.Suspense)) == row.AmountYen.Value
                ? null : $"{IdPlaceholder.Entry(row.EntryId)} differs from its postings"),
    ];

    public static IReadOnlyList<Check> All { get; } =
    [
        new("I4 a company's transfer stands as paid exactly when one entry paid all of it", w =>
            $"""
            select {w.Owner("t.id")} || ' stands in state ' || t.state || ', and ' || coalesce(p.entries, 0) || ' entries paid '
                || coalesce(p.paid, 0) || ' of ' || t.total_yen || ' yen' as line
            from business_transfer t
            left join (
              select transfer, count(distinct entry_id) as entries, count(*) as lines, {w.Sum("amount_yen")} as paid
              from business_payment
              group by transfer
            ) p on p.transfer = t.id
            where (t.state = {(int)BusinessTransferState.Paid}) <> (p.entries is not null)
              or p.entries is not null and (p.entries <> 1 or p.paid <> t.total_yen or p.lines <> t.line_count or t.entry_id is null)
            """),
        new("I4 a company's transfer paid the lines that it has, for the company that made it", w =>
            $"""
            select {w.Entry("p.entry_id")} || ' paid another line ' || p.line || ' than its transfer has' as line
            from business_payment p
            left join business_transfer t on t.id = p.transfer
            left join business_transfer_line l on l.transfer = p.transfer and l.line = p.line
            where t.id is null or l.transfer is null or l.payee <> p.payee or l.amount_yen <> p.amount_yen or l.text <> p.text
              or t.business <> p.payer or t.entry_id <> p.entry_id or t.made_by <> p.made_by
            """),
        new("I4 what one person of a company paid alone is no more than one may", w =>
            $"""
            select {w.Entry("p.entry_id")} || ' paid ' || {w.Sum("p.amount_yen")} || ' yen by one person, who may pay ' || max(p.alone_yen)
                as line
            from business_payment p
            where p.approved_by is null
            group by p.entry_id
            having {w.Sum("p.amount_yen")} > max(p.alone_yen)
            """),
        new("I4 no line of a company's transfer is above the law's cap for one", w =>
            $"""
            select {w.Entry("p.entry_id")} || ' paid ' || p.amount_yen || ' yen in one transfer' as line
            from business_payment p
            where p.amount_yen > {Basics.BusinessRules.MostOfOne} or p.amount_yen <= 0
            """),
        new("I4 a request between companies stands as paid exactly when a transfer of its amount paid it", w =>
            $"""
            select {w.Owner("r.id")} || ' stands in state ' || r.state || ', and its transfer paid ' || coalesce(t.total_yen, 0) || ' of '
                || r.amount_yen || ' yen' as line
            from business_request r
            left join business_transfer t on t.request = r.id and t.state = {(int)BusinessTransferState.Paid}
            where (r.state = {(int)BusinessRequestState.Paid}) <> (t.id is not null)
              or t.id is not null and (t.total_yen <> r.amount_yen or t.business <> r.payer or r.transfer is null or r.transfer <> t.id
                or not exists (select 1 from business_transfer_line l where l.transfer = t.id and l.payee = r.asker))
            union all
            select {w.Owner("t.id")} || ' paid a request that is not there' as line
            from business_transfer t
            left join business_request r on r.id = t.request
            where t.request is not null and t.state = {(int)BusinessTransferState.Paid} and r.id is null
            """),
    ];
}
