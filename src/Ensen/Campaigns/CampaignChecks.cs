using Ensen.Ledger;
using Ensen.Points;

namespace Ensen.Campaigns;

/// <summary>What always holds of campaigns (I9 of the design): budgets, awards and caps.</summary>
static class CampaignChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("I9 what each campaign gave, gave back and still has is its budget", w =>
            $"""
            select {w.Owner("c.id")} || ' has ' || coalesce(p.held, 0) || ' points, gave ' || coalesce(g.given, 0) || ' and gave back ' || c.given_back || ' of ' || c.budget as line
            from campaign c
            left join (
              select owner, {w.Sum("balance")} as held from account where account_type = {AccountType.CampaignBudget.Number} group by owner
            ) p on p.owner = c.id
            left join (select campaign_id, {w.Sum("points")} as given from campaign_award group by campaign_id) g on g.campaign_id = c.id
            where coalesce(p.held, 0) + coalesce(g.given, 0) + c.given_back
              <> case when c.approved_by is null then 0 else c.budget end
              or (c.state in ({(int)CampaignState.Ended}, {(int)CampaignState.Stopped}) and coalesce(p.held, 0) <> 0)
            """),
        new("I9 each purse of points and each award is of a campaign", w =>
            $"""
            select {w.Owner("a.owner")} || ' has a purse and is no campaign' as line
            from account a
            where a.account_type = {AccountType.CampaignBudget.Number}
              and not exists (select 1 from campaign c where c.id = a.owner)
            union all
            select {w.Entry("a.entry_id")} || ' got points of no campaign' as line
            from campaign_award a
            where not exists (select 1 from campaign c where c.id = a.campaign_id)
            """),
        new("I9 what is pending was given and not released yet", w =>
            $"""
            select {w.Account()} || ' has ' || a.balance || ' pending points, of which ' || coalesce(g.points, 0) || ' were given and not released' as line
            from account a
            left join (
              select p.member_id, p.term as from_day, {w.Sum("p.points")} as points
              from campaign_award p
              where p.account_type = {AccountType.PendingPoints.Number}
                and not exists (
                  select 1 from single_use u
                  where u.kind = {SingleUseKind.GiftReleased.Number} and u.subject = p.entry_id and u.number = p.number
                )
              group by p.member_id, p.term
            ) g on g.member_id = a.owner and g.from_day = a.term
            where a.account_type = {AccountType.PendingPoints.Number}
              and a.balance > coalesce(g.points, 0)
            """),
        new("I9 nobody got more of a campaign than its caps allow", w =>
            $"""
            select {w.Owner("x.member_id")} || ' got ' || x.points || ' points of ' || {w.Owner("x.campaign_id")} || ', whose cap is ' || x.cap as line
            from (
              select a.member_id, a.campaign_id, {w.Sum("a.points")} as points, c.cap_in_all as cap
              from campaign_award a
              join campaign c on c.id = a.campaign_id
              group by a.member_id, a.campaign_id, c.cap_in_all
              union all
              select a.member_id, a.campaign_id, {w.Sum("a.points")} as points, c.cap_per_day as cap
              from campaign_award a
              join campaign c on c.id = a.campaign_id
              group by a.member_id, a.campaign_id, a.day, c.cap_per_day
            ) x
            where x.points > x.cap
            """),
    ];
}
