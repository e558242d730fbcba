using Ensen.Ledger;

namespace Ensen.Points;

/// <summary>What always holds about points (I9 of the design).</summary>
public static class PointChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("I9 the points that members hold are those that the programme owes", _ =>
            $"""
            select 'members hold ' || held || ' points, the programme owes ' || owed as line
            from (
              select coalesce(sum(case when account_type = {AccountType.Points.Number} then balance end), 0) as held,
                     -coalesce(sum(case when account_type in ({AccountType.PointLiability.Number}, {AccountType.Breakage.Number}) then balance end), 0) as owed
              from account
            ) points
            where held <> owed
            """),
    ];
}
