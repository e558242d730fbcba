using Ensen.Ledger;

namespace Ensen.Points;

/// <summary>What always holds about points (I9 of the design).</summary>
public static class PointChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("I9 the points that members hold are those that the programme owes", w =>
            $"""
            select 'members hold ' || held || ' points, the programme owes ' || owed as line
            from (
              select coalesce(sum(case when account_type in {w.AccountTypes(IsOwed)} then balance end), 0) as held,
                     -coalesce(sum(case when account_type in ({AccountType.PointLiability.Number}, {AccountType.Breakage.Number}) then balance end), 0) as owed
              from account
            ) points
            where held <> owed
            """),
        new("I9 each lot is what its term says: a day, and a use that there is", w =>
            $"""
            select {w.Account()} || ' is a lot of no day' as line
            from account
            where (account_type = {AccountType.Points.Number} and (term < 20000101 or term > 29991231 or not ({Day("term")})))
              or (account_type = {AccountType.CampaignPoints.Number} and (term < 101000 or not ({Day("term / 1000")})))
              or (account_type = {AccountType.ChargeOnlyPoints.Number} and term <> 0)
              or (account_type = {AccountType.PendingPoints.Number} and (term < 20000101 or term > 29991231 or not ({Day("term")})))
            union all
            select {w.Account()} || ' is for a use that there is not' as line
            from account a
            where account_type = {AccountType.CampaignPoints.Number}
              and term % 1000 > 0
              and not exists (select 1 from point_use u where u.number = a.term % 1000)
            """),
    ];

    /// <summary>Points that members have or that are set aside for them: all but the other side and what lapsed.</summary>
    static bool IsOwed(AccountType type) =>
        type.Unit == Unit.Point && type != AccountType.PointLiability && type != AccountType.Breakage;

    static string Day(string term) =>
        $"({term}) / 100 % 100 between 1 and 12 and ({term}) % 100 between 1 and 31";
}
