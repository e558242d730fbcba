using Ensen.Ledger;
using Ensen.Wallet;

namespace Ensen.Requests;

/// <summary>What always holds about requests (I1 and I4 of the design).</summary>
static class RequestChecks
{
    /// <summary>Only transfers that paid a request have such a row.</summary>
    public static DetailCheck DetailCheck { get; } = new DetailCheck<RequestPaymentRow>(
        RequestPaymentRow.Table, EntryKind.Transfer, p => p.EntryId, (row, entry) =>
            entry.SingleUses.Contains(new SingleUse(SingleUseKind.MoneyRequestPaid, row.Request))
                ? null : $"{IdPlaceholder.Entry(row.EntryId)} is not the payment of its request")
    { ManyBy = "request" };

    public static IReadOnlyList<Check> All { get; } =
    [
        new("I4 a request stands as paid exactly when a transfer of its amount between its two members paid it", w =>
            $"""
            select {w.Owner("r.id")} || ' stands in state ' || r.state || ', and ' || coalesce(t.amount_yen, 0) || ' of '
                || r.amount_yen || ' yen were sent for it' as line
            from money_request r
            left join request_payment p on p.request = r.id
            left join transfer t on t.entry_id = p.entry_id
            where (r.state = {(int)MoneyRequestState.Paid}) <> (p.entry_id is not null)
              or p.entry_id is not null and (t.entry_id is null or t.amount_yen <> r.amount_yen or t.from_member <> r.payer
                or t.to_member <> r.asker or r.payment is null or r.payment <> p.entry_id)
            """),
        new("I4 the shares of a split bill and the asker's own are the bill", w =>
            $"""
            select {w.Owner("s.id")} || ' is a bill of ' || s.total_yen || ' yen, split into '
                || (s.own_yen + {w.Sum("r.amount_yen")}) as line
            from money_split s
            join money_request r on r.split = s.id
            group by s.id, s.total_yen, s.own_yen, s.shares
            having count(*) = s.shares and s.own_yen + {w.Sum("r.amount_yen")} <> s.total_yen
            """),
    ];
}
