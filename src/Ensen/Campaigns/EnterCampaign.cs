using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Campaigns;

/// <summary>A member entered a campaign, first at this instant.</summary>
public sealed record CampaignEntered(CampaignId CampaignId, DateTimeOffset At);

/// <summary>Why a member did not enter a campaign.</summary>
public enum EnterCampaignRefusal
{
    None = 0,

    /// <summary>There is no such campaign, or it is not open yet to be seen.</summary>
    NotFound = 1,

    /// <summary>It is over.</summary>
    Lapsed = 2,

    /// <summary>It is for verified members, or is for everybody without entering.</summary>
    NotEligible = 3,

    /// <summary>The member has left the programme.</summary>
    MemberLeft = 4,

    /// <summary>Nothing is left of its budget, and nothing comes into it again.</summary>
    BudgetSpent = 5,
}

/// <summary>
/// A member enters a campaign: what they pay from then on gets points, what they paid before does not. Entering again is the same entry.
/// </summary>
public sealed class EnterCampaign(Database db, TimeProvider clock)
{
    public async Task<Answer<CampaignEntered, EnterCampaignRefusal>> Run(
        CampaignId id, MemberId member, bool verified, CancellationToken ct = default)
    {
        var now = clock.Now();
        return await db.Transact<Answer<CampaignEntered, EnterCampaignRefusal>>(async tx =>
        {
            // The turn first: a leaving waits for it, or was before it and is seen.
            await SpendingLimits.TakeTurn(tx, member);
            var campaign = await Campaign.Find(tx.Connection!, id, tx);
            var left = (await Restrictions.Of(tx.Connection!, db.Catalogue, member, now, tx)).Any(r => r.Kind == RestrictionKind.Left);
            var isUsedUp = await IsUsedUp(tx, id, member);
            if (Decide(campaign, verified, left, isUsedUp, now) is not EnterCampaignRefusal.None and var refusal)
                return refusal;
            var share = await SpendingLimits.Hold(tx, id.Share(member), LimitKind.CampaignEntered);
            if (share.DayUsed == 0)
            {
                if (!await SpendingLimits.Keep(tx, share.Use(1, default)))
                    throw new InvalidOperationException("What is held cannot have moved.");
                await tx.Connection!.ExecuteAsync(
                    "insert into campaign_entry (member_id, campaign_id, at_ms) values (@member, @id, @at)",
                    new { member, id, at = now.ToUnixTimeMilliseconds() }, tx);
            }
            return new CampaignEntered(id, Instant.OfMilliseconds(await tx.Connection!.ExecuteScalarAsync<long>(
                "select at_ms from campaign_entry where member_id = @member and campaign_id = @id", new { member, id }, tx)));
        }, ct);
    }

    /// <summary>Whether its purse is empty; whoever entered before that stays in it.</summary>
    static async Task<bool> IsUsedUp(DbTransaction tx, CampaignId id, MemberId member) => await tx.Connection!.ExecuteScalarAsync<long>(
        $"""
        select count(*)
        from campaign c
        where c.id = @id
          and coalesce((
            select sum(a.balance)
            from account a
            where a.owner = c.id and a.account_type = {AccountType.CampaignBudget.Number}), 0) = 0
          and not exists (select 1 from campaign_entry e where e.member_id = @member and e.campaign_id = c.id)
        """, new { id, member }, tx) > 0;

    internal static EnterCampaignRefusal Decide(Campaign? campaign, bool verified, bool left, bool isUsedUp, DateTimeOffset now)
    {
        if (campaign is null or { State: CampaignState.Proposed } or { ApprovedBy: null }) return EnterCampaignRefusal.NotFound;
        if (campaign.State != CampaignState.Approved || campaign.Terms.Until <= now) return EnterCampaignRefusal.Lapsed;
        if (!campaign.Terms.EntryNeeded || campaign.Terms.VerifiedOnly && !verified) return EnterCampaignRefusal.NotEligible;
        if (left) return EnterCampaignRefusal.MemberLeft;
        return isUsedUp ? EnterCampaignRefusal.BudgetSpent : EnterCampaignRefusal.None;
    }

    /// <summary>Which campaigns a member has entered.</summary>
    public async Task<IReadOnlySet<CampaignId>> Of(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<CampaignId>(
            "select campaign_id from campaign_entry where member_id = @member order by campaign_id desc limit 1000", new { member })).ToHashSet();
    }
}
