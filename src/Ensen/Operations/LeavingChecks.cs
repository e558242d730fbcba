using Ensen.Ledger;

namespace Ensen.Operations;

/// <summary>What always holds about those who have left.</summary>
static class LeavingChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("I11 whoever has left holds nothing", w =>
            $"""
            select {w.Owner("a.owner")} || ' has left and holds ' || sum(a.balance) as line
            from restriction r
            join account a on a.owner = r.subject
            where r.kind = {RestrictionKind.Left.Number} and r.lifted_ms is null and a.balance <> 0
            group by a.owner
            """),
        new("I11 of whoever has left nothing is known", w =>
            $"""
            select {w.Owner("m.id")} || ' has left, and their row says who that was' as line
            from restriction r
            join member m on m.id = r.subject
            where r.kind = {RestrictionKind.Left.Number} and r.lifted_ms is null
              and (m.left_ms is null or m.name <> '' or m.email is not null or m.telephone is not null)
            """),
    ];
}
