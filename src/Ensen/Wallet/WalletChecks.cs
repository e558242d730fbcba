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
        Both("I4 a payment's amount is what its store was credited", id =>
            $"""
            select 'payment ' || {id("p.entry_id")} || ' of ' || p.amount_yen || ' credited ' || sum(g.amount) as line
            from payment p
            join posting g on g.owner = p.store_id and g.entry_id = p.entry_id and g.book = 10
            group by p.entry_id, p.amount_yen
            having sum(g.amount) <> p.amount_yen
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
