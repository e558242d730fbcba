using Ensen.Ledger;

namespace Ensen.Wallet;

/// <summary>What always holds about payments, refunds and transfers (I1, I4 and I9 of the design): their rows say what their entries did.</summary>
public static class WalletChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("I4 the refunds of a payment are at most the payment, in yen and in points", w =>
            $"""
            select {w.Entry("p.entry_id")} || ' of ' || p.amount_yen || ' yen was refunded ' || sum(r.amount_yen) as line
            from payment p
            join refund r on r.payment_id = p.entry_id
            group by p.entry_id, p.amount_yen, p.points, p.points_earned
            having sum(r.amount_yen) > p.amount_yen
              or sum(r.points) > p.points
              or sum(r.amount_yen - r.points) > p.amount_yen - p.points
              or sum(r.points_taken_back) > p.points_earned
              or count(r.number) <> max(r.number)
            """),
        new("I1 a payment's row says what its entry moved", w =>
            $"""
            select {w.Entry("p.entry_id")} || ' of ' || p.amount_yen || ' yen differs from its postings' as line
            from payment p
            left join posting l on l.entry_id = p.entry_id and l.owner in (p.member_id, p.store_id)
            where {LedgerChecks.Here("p.entry_id")}
            group by p.entry_id, p.amount_yen, p.points, p.points_earned
            having sum(case when l.book = {Payable} then l.amount else 0 end) <> p.amount_yen
              or sum(case when l.book in {YenBooks} then l.amount else 0 end) <> p.points - p.amount_yen
              or sum(case when l.book = {Points} then l.amount else 0 end) <> p.points_earned - p.points
            """),
        new("I1 a refund's row says what its entry moved", w =>
            $"""
            select {w.Entry("r.entry_id")} || ' of ' || r.amount_yen || ' yen differs from its postings' as line
            from refund r
            left join posting l on l.entry_id = r.entry_id and l.owner in (r.member_id, r.store_id)
            where {LedgerChecks.Here("r.entry_id")}
            group by r.entry_id, r.amount_yen, r.yen
            having sum(case when l.book = {Payable} then l.amount else 0 end) <> -r.amount_yen
              or sum(case when l.book in {YenBooks} then l.amount else 0 end) <> r.yen
            """),
        new("I1 a transfer's row says what its entry moved", w =>
            $"""
            select {w.Entry("t.entry_id")} || ' of ' || t.amount_yen || ' yen differs from its postings' as line
            from transfer t
            left join posting l on l.entry_id = t.entry_id
            where {LedgerChecks.Here("t.entry_id")}
            group by t.entry_id, t.amount_yen, t.from_member, t.to_member
            having sum(case when l.owner = t.from_member then l.amount else 0 end) <> -t.amount_yen
              or sum(case when l.owner = t.to_member then l.amount else 0 end) <> t.amount_yen
            """),
        new("I4 each payment, refund and transfer has one entry, and each such entry its row", w =>
            $"""
            select {w.Entry("e.id")} || ' is an entry without a row of its own' as line
            from entry e
            left join payment p on p.entry_id = e.id
            left join refund r on r.entry_id = e.id
            left join transfer t on t.entry_id = e.id
            where (e.kind = 2 and p.entry_id is null) or (e.kind = 3 and r.entry_id is null) or (e.kind = 4 and t.entry_id is null)
            union all
            select {w.Entry("p.entry_id")} || ' has no entry' as line
            from payment p
            left join entry e on e.id = p.entry_id
            where e.id is null
              and {LedgerChecks.Here("p.entry_id")}
            """),
        new("I9 the points that members hold are those that the programme owes", _ =>
            """
            select 'members hold ' || held || ' points, the programme owes ' || owed as line
            from (
              select coalesce(sum(case when book = 3 then balance end), 0) as held,
                     -coalesce(sum(case when book in (30, 32) then balance end), 0) as owed
              from account
            ) points
            where held <> owed
            """),
    ];

    const string YenBooks = "(1, 2)";
    const int Points = (int)Book.Points;
    const int Payable = (int)Book.Payable;
}
