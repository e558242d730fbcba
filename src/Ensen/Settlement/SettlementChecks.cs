using Ensen.Ledger;

namespace Ensen.Settlement;

/// <summary>What always holds about settlements and pay-outs (I1, I4 and I9 of the design).</summary>
static class SettlementChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("I4 the settlements of a merchant follow each other, and what one carries on the next one carries", w =>
            $"""
            select {w.Owner("t.merchant")} || ' has settlement ' || t.number || ' carrying ' || t.carried || ' after ' ||
                coalesce(p.carried_on, 0) as line
            from settlement t
            left join settlement p on p.merchant = t.merchant and p.number = t.number - 1
            where t.carried <> coalesce(p.carried_on, 0)
              or t.number < 1
              or (p.number is null) <> (t.number = 1)
              or p.day >= t.day
            """),
        new("I4 a settlement is the sum of what its stores took", w =>
            $"""
            select {w.Entry("t.entry_id")} || ' settles ' || (t.gross - t.refunds) || ' yen, its stores ' || coalesce(s.taken, 0) as line
            from settlement t
            left join (
              select entry_id, sum(paid - refunded + corrected + late) as taken
              from settlement_store
              group by entry_id
            ) s on s.entry_id = t.entry_id
            where coalesce(s.taken, 0) <> t.gross - t.refunds
            """),
        new("I3 what is due to a merchant is what was settled and neither on its way nor paid", w =>
            $"""
            select {w.Owner("x.merchant")} || ' is due ' || sum(x.held) || ' yen, its settlements say ' || sum(x.asked) as line
            from (
              select owner as merchant, balance as held, 0 as asked
              from account
              where account_type = {AccountType.MerchantDue.Number}
              union all
              select t.merchant, 0 as held, t.pay_out as asked
              from settlement t
              union all
              select p.merchant, 0 as held, -p.amount as asked
              from pay_out p
              where not exists (
                select 1
                from pay_out_end e
                where e.settlement = p.settlement and e.attempt = p.attempt and e.outcome <> {(short)PayOutOutcome.Paid})
            ) x
            group by x.merchant
            having sum(x.held) <> sum(x.asked)
            """),
        new("I4 a file of pay-outs has as many lines and as much yen as its lines, and each is an attempt at a settlement or a part of it", w =>
            $"""
            select {w.Entry("f.entry_id")} || ' has ' || f.lines || ' lines of ' || f.total || ' yen, and they are ' || count(p.line)
                || ' of ' || coalesce(sum(p.amount), 0) as line
            from pay_out_file f
            left join pay_out p on p.entry_id = f.entry_id
            left join settlement t on t.entry_id = p.settlement and t.merchant = p.merchant and t.pay_out >= p.amount
            group by f.entry_id, f.lines, f.total
            having count(p.line) <> f.lines or coalesce(sum(p.amount), 0) <> f.total or count(t.entry_id) <> count(p.line)
            """),
        new("I4 a settlement is paid out once: nothing is tried again before it was rejected or returned", w =>
            $"""
            select {w.Entry("p.settlement")} || ' is of ' || t.pay_out || ' yen, and ' || sum(p.amount) || ' were paid or are on their way'
              as line
            from pay_out p
            join settlement t on t.entry_id = p.settlement
            where not exists (
              select 1
              from pay_out_end e
              where e.settlement = p.settlement and e.attempt = p.attempt and e.outcome <> {(short)PayOutOutcome.Paid})
            group by p.settlement, t.pay_out
            having sum(p.amount) > t.pay_out
            """),
        new("I5 a file of pay-outs that the bank has not answered is still being asked for", w =>
            $"""
            select {w.Entry("f.entry_id")} || ' is open, and nobody asks what became of it' as line
            from pay_out_file f
            left join pay_out_sending s on s.file = f.entry_id
            left join outbox o on o.id = f.entry_id and o.state = 1
            where s.file is null
              or s.state < {(short)PayOutSendingState.Answered} and o.id is null
            """),
        new("I9 a merchant is paid to one account, and to none while another is proposed", w =>
            $"""
            select {w.Owner("a.merchant")} || ' is paid to an account although another is proposed' as line
            from pay_out_account a
            join pay_out_account p on p.merchant = a.merchant and p.state = {(short)PayOutAccountState.Proposed}
            where a.state = {(short)PayOutAccountState.InForce}
              and a.held = false
            """),
    ];
}
