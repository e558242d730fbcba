using Ensen.Ledger;

namespace Ensen.Wallet;

/// <summary>What always holds about charges (I1, I4 and I5 of the design).</summary>
public static class ChargeChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("I5 each open charge has an order that is still being carried out", w =>
            $"""
            select {w.Charge("c.id")} || ' is open, and nobody asks what became of it' as line
            from charge c
            left join outbox o on o.id = c.id and o.state = 1
            where c.state = 1 and o.id is null
            """),
        new("I5 the room kept under a member's limits is the sum of the open charges", w =>
            $"""
            select {w.Owner("member_id")} || ' keeps ' || sum(kept) || ' yen free, open charges say ' || sum(open_yen) as line
            from (
              select member_id, pending_yen as kept, 0 as open_yen from charge_pending
              union all
              select member_id, 0 as kept, reserved_yen as open_yen from charge where state = 1
            ) both_sides
            group by member_id
            having sum(kept) <> sum(open_yen)
            """),
        new("I4 a completed charge has one entry, and no other has any", w =>
            $"""
            select {w.Charge("c.id")} || ' is ' || {State} || ' and has ' || case when count(f.entry_id) = 0 then 'no entry' else 'an entry' end as line
            from charge c
            left join fact f on f.subject = c.id and f.kind = 5 and f.entry_id = c.entry_id
            group by c.id, c.state
            having count(f.entry_id) <> case when c.state = 2 then 1 else 0 end
            """),
        new("I1 a completed charge gave the member and suspense what arrived", w =>
            $"""
            select {w.Charge("c.id")} || ' credited ' || c.credited_yen || ' yen, its entry ' || coalesce(sum(p.amount), 0) as line
            from charge c
            left join posting p on p.owner = c.member_id and p.entry_id = c.entry_id and p.book = c.book
            where c.state = 2
              and {LedgerChecks.Here("c.entry_id")}
            group by c.id, c.credited_yen
            having coalesce(sum(p.amount), 0) <> c.credited_yen
            """),
    ];

    const string State = "case c.state when 1 then 'open' when 2 then 'completed' when 3 then 'failed' else 'in state ' || c.state end";
}
