using Ensen.Ledger;

namespace Ensen.Wallet;

/// <summary>What always holds of payments, refunds and lots (I4, I5, I9 of the design).</summary>
public static class WalletChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        Both("I4 refunds never exceed their payment, in yen and in points", id =>
            $"""
            select 'payment ' || {id("p.entry_id")} || ' of ' || p.amount_yen || ' was refunded ' || sum(r.amount_yen) as line
            from payment p
            join refund r on r.payment_id = p.entry_id
            group by p.entry_id, p.amount_yen, p.points, p.points_earned
            having sum(r.amount_yen) > p.amount_yen
                or sum(r.points) > p.points
                or sum(r.yen) > p.amount_yen - p.points
                or sum(r.points_taken_back) > p.points_earned
            """),
        Both("I4 each payment, refund and transfer is its entry", id =>
            $"""
            select 'entry ' || {id("e.id")} || ' has no row of its own' as line
            from entry e
            left join payment p on p.entry_id = e.id
            left join refund r on r.entry_id = e.id
            left join transfer t on t.entry_id = e.id
            where (e.kind = 2 and p.entry_id is null) or (e.kind = 3 and r.entry_id is null) or (e.kind = 4 and t.entry_id is null)
            union all
            select 'payment ' || {id("p.entry_id")} || ' has no entry' as line
            from payment p
            left join entry e on e.id = p.entry_id
            where e.id is null
            """),
        Both("I4 refunds of a payment are numbered from 1", id =>
            $"""
            select 'payment ' || {id("payment_id")} || ' has ' || count(number) || ' refunds up to number ' || max(number) as line
            from refund
            group by payment_id
            having count(number) <> max(number)
            """),
        Both("I4 a payment's row says what its entry moved", id =>
            $"""
            select 'payment ' || {id("p.entry_id")} || ' of ' || p.amount_yen || ' differs from its postings' as line
            from payment p
            left join posting g on g.entry_id = p.entry_id and g.owner in (p.member_id, p.store_id)
            group by p.entry_id, p.amount_yen, p.points, p.points_earned
            having sum(case when g.book = 10 then g.amount else 0 end) <> p.amount_yen
                or sum(case when g.book in (1, 2) then g.amount else 0 end) <> p.points - p.amount_yen
                or sum(case when g.book = 3 then g.amount else 0 end) <> p.points_earned - p.points
            """),
        Both("I4 a refund's row says what its entry moved", id =>
            $"""
            select 'refund ' || {id("r.entry_id")} || ' of ' || r.amount_yen || ' differs from its postings' as line
            from refund r
            left join posting g on g.entry_id = r.entry_id and g.owner in (r.member_id, r.store_id)
            group by r.entry_id, r.amount_yen, r.yen
            having sum(case when g.book = 10 then g.amount else 0 end) <> -r.amount_yen
                or sum(case when g.book in (1, 2) then g.amount else 0 end) <> r.yen
            """),
        Both("I4 a transfer's row says what its entry moved", id =>
            $"""
            select 'transfer ' || {id("t.entry_id")} || ' of ' || t.amount_yen || ' differs from its postings' as line
            from transfer t
            left join posting g on g.entry_id = t.entry_id
            group by t.entry_id, t.amount_yen, t.from_member, t.to_member
            having sum(case when g.owner = t.from_member then g.amount else 0 end) <> -t.amount_yen
                or sum(case when g.owner = t.to_member then g.amount else 0 end) <> t.amount_yen
            """),
        Both("I9 all points alive are the members' lots", _ =>
            """
            select 'members hold ' || held || ' points, the liability says ' || owed as line
            from (
              select coalesce(sum(case when book = 3 then balance end), 0) as held,
                     -coalesce(sum(case when book in (30, 32) then balance end), 0) as owed
              from account
            ) points
            where held <> owed
            """),
    ];

    static Check Both(string name, Func<Func<string, string>, string> sql) =>
        new(name, sql(column => $"cast({column} as text)"), sql(column => $"lower(hex({column}))"));
}
