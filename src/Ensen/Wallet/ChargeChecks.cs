using Ensen.Ledger;

namespace Ensen.Wallet;

/// <summary>What always holds about charges (I4 and I5 of the design).</summary>
public static class ChargeChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        Of("I5 an open charge has an order that is still being carried out", id =>
            $"""
            select 'charge ' || {id("c.id")} || ' is open and nobody asks' as line
            from charge c
            left join outbox o on o.id = c.id and o.state = 1
            where c.state = 1 and o.id is null
            """),
        Of("I5 what is kept free for a member's charges is the sum of the open ones", id =>
            $"""
            select 'member ' || {id("member_id")} || ' keeps ' || sum(kept) || ' free, open charges say ' || sum(open_yen) as line
            from (
              select member_id, pending_yen as kept, 0 as open_yen from charge_pending
              union all
              select member_id, 0 as kept, reserved_yen as open_yen from charge where state = 1
            ) both_sides
            group by member_id
            having sum(kept) <> sum(open_yen)
            """),
        Of("I4 a completed charge has one entry, and no other has any", id =>
            $"""
            select 'charge ' || {id("c.id")} || ' in state ' || c.state || ' has ' || count(f.entry_id) || ' entries' as line
            from charge c
            left join fact f on f.subject = c.id and f.kind = 5 and f.entry_id = c.entry_id
            group by c.id, c.state
            having count(f.entry_id) <> case when c.state = 2 then 1 else 0 end
            """),
        Of("I1 a completed charge gave the member and suspense what arrived", id =>
            $"""
            select 'charge ' || {id("c.id")} || ' credited ' || c.credited_yen || ', its entry ' || coalesce(sum(p.amount), 0) as line
            from charge c
            left join posting p on p.owner = c.member_id and p.entry_id = c.entry_id and p.book = c.book
            where c.state = 2
              and {LedgerChecks.Here("c.entry_id")}
            group by c.id, c.credited_yen
            having coalesce(sum(p.amount), 0) <> c.credited_yen
            """),
    ];

    static Check Of(string name, Func<Func<string, string>, string> sql) =>
        new(name, sql(column => $"cast({column} as text)"), sql(column => $"lower(hex({column}))"));
}
