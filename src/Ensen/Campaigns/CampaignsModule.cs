using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Campaigns;

/// <summary>Campaigns: who gets how many points more for what, out of which budget, and who may decide that.</summary>
public static class CampaignsModule
{
    static readonly AccountType s_budget = new(33, "CampaignBudget", Unit.Point) { IsGuarded = true, IsPool = true };

    static readonly EntryKind s_opened = new(20, "CampaignOpened", EntryId.Prefix, "gift");
    static readonly EntryKind s_closed = new(22, "CampaignClosed", EntryId.Prefix, "gift");

    static readonly EntryKind s_released = new(23, "PointsReleased", EntryId.Prefix, "gift");

    static readonly SingleUseKind s_openedOnce = new(20, "BudgetOpened", "the opening of {0}", CampaignId.Prefix);
    static readonly SingleUseKind s_closedOnce = new(21, "BudgetClosed", "the end of {0}", CampaignId.Prefix);

    static readonly SingleUseKind s_releasedOnce = new(22, "GiftReleased", "the release of pending points of {0}", EntryId.Prefix);

    static readonly LimitKind s_day = new(20, "CampaignDay") { IsOnItsOwn = true };
    static readonly LimitKind s_inAll = new(21, "CampaignInAll") { IsOnItsOwn = true };
    static readonly LimitKind s_entered = new(22, "CampaignEntered") { IsOnItsOwn = true };

    extension(AccountType)
    {
        /// <summary>What a campaign may still give.</summary>
        public static AccountType CampaignBudget => s_budget;
    }

    extension(EntryKind)
    {
        /// <summary>A campaign's budget was put into its purse.</summary>
        public static EntryKind CampaignOpened => s_opened;

        /// <summary>What was left in a campaign's purse went back.</summary>
        public static EntryKind CampaignClosed => s_closed;

        /// <summary>Points that were pending went into their lot.</summary>
        public static EntryKind PointsReleased => s_released;
    }

    extension(SingleUseKind)
    {
        /// <summary>A campaign's budget was opened. Subject: the campaign.</summary>
        public static SingleUseKind BudgetOpened => s_openedOnce;

        /// <summary>A campaign came to its end. Subject: the campaign.</summary>
        public static SingleUseKind BudgetClosed => s_closedOnce;

        /// <summary>What a campaign gave is pending no more. Subject: the payment's entry; number: the award's.</summary>
        public static SingleUseKind GiftReleased => s_releasedOnce;
    }

    extension(LimitKind)
    {
        /// <summary>Points of a campaign on a day; its owner is a member's share of it (<see cref="CampaignId.Share"/>).</summary>
        public static LimitKind CampaignDay => s_day;

        /// <summary>The same in all, counted on day 0, which never ends.</summary>
        public static LimitKind CampaignInAll => s_inAll;

        /// <summary>1 once the member has entered the campaign, on day 0.</summary>
        public static LimitKind CampaignEntered => s_entered;
    }

    public static Module Module { get; } = new("Campaigns")
    {
        Declares =
        [
            Schema.Of(typeof(CampaignsModule)),
            IdPrefix.Of<CampaignId>(ownersTable: "campaign"),
            s_budget,
            s_opened, s_closed, s_released,
            s_openedOnce, s_closedOnce, s_releasedOnce,
            s_day, s_inAll, s_entered,
            EndCampaigns.Least,
            PersonalTable.Exported("campaign_award", "campaignPoints", "member_id = @member order by entry_id desc, number")
                .Id<EntryId>("entry_id", "entry").Id<CampaignId>("campaign_id", "campaignId").Number("points").Moment("at_ms")
                .Without("number", "member_id", "account_type", "term", "day")
                .Kept("sealed with its payment in the books, and names no person: as long as the books are kept"),
            PersonalTable.Exported("campaign_entry", "campaignEntries", "member_id = @member order by campaign_id desc")
                .Id<CampaignId>("campaign_id", "campaignId").Moment("at_ms").Without("member_id").Erased(),
            .. CampaignChecks.All,
            Job.Of<EndCampaigns>(EndCampaigns.JobName, "campaigns end when their time is over, and those that give too much are stopped",
                TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), (end, ct) => end.Run(ct)),
        ],
        Services = services => services
            .AddSingleton<RunningCampaigns>()
            .AddSingleton<ProposeCampaign>()
            .AddSingleton<ApproveCampaign>()
            .AddSingleton<StopCampaign>()
            .AddSingleton<EnterCampaign>()
            .AddSingleton<LookUpCampaigns>()
            .AddSingleton<EndCampaigns>(),
    };
}
