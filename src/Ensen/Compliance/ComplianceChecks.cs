using Ensen.Ledger;

namespace Ensen.Compliance;

/// <summary>
/// I10: what reports of the law say of the last day that was closed for good, a day after its end, is what the entries up to it made. Until
/// then an entry that is committed late may be missing there, and the next look puts it in.
/// </summary>
static class ComplianceChecks
{
    static readonly string s_last = FormattableString.Invariant(
        $"select max(day) from closed_day where looked_ms - closed_ms >= {(long)CloseClaims.LastLook.TotalMilliseconds}");

    public static IReadOnlyList<Check> All { get; } =
    [
        new("I10 what customers had a claim to on the last day that is closed for good is what the entries until then say", w =>
            $"""
            select 'day ' || ({s_last}) || ': accounts of type ' || x.account_type || ' are said to hold ' || {w.Sum("x.said")} ||
                ', the entries say ' || {w.Sum("x.found")} as line
            from (
              select account_type, amount_yen as said, 0 as found from closed_claim where day = ({s_last})
              union all
              select account_type, 0 as said, amount_yen as found
              from ({new ClaimsSql(w.Catalogue).SumsUntil(true, $"(select until from closed_day where day = ({s_last}))")}) sums
            ) x
            where ({s_last}) is not null
            group by x.account_type
            having {w.Sum("x.said")} <> {w.Sum("x.found")}
            """),
        new("I10 no day is closed by figures that name no day", w =>
            """
            select 'claims are written down of day ' || c.day || ', which was not closed' as line
            from closed_claim c
            where not exists (select 1 from closed_day d where d.day = c.day)
            union all
            select 'a holding is written down of day ' || h.day || ', which was not closed' as line
            from closed_holding h
            where not exists (select 1 from closed_day d where d.day = h.day)
            """),
    ];
}
