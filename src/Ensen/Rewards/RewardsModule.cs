using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Rewards;

/// <summary>What points are exchanged for, and what members collect them towards.</summary>
public static class RewardsModule
{
    const string Sealed = "sealed with its entry in the books, and names no person: as long as the books are kept";

    static readonly AccountType s_sales = new(41, "RewardSales", Unit.Yen);
    static readonly EntryKind s_order = new(30, "RewardOrder", RewardOrderId.Prefix, "gift");
    static readonly EntryKind s_return = new(31, "RewardReturn", EntryId.Prefix, "gift");
    static readonly SingleUseKind s_returned = new(25, "RewardReturned", "the return of {0}", RewardOrderId.Prefix);

    extension(AccountType)
    {
        /// <summary>The yen that members paid towards rewards, of which partners are paid.</summary>
        public static AccountType RewardSales => s_sales;
    }

    extension(EntryKind)
    {
        /// <summary>A member exchanged points for a reward.</summary>
        public static EntryKind RewardOrder => s_order;

        /// <summary>Nothing came of an order, or its member took it back.</summary>
        public static EntryKind RewardReturn => s_return;
    }

    extension(SingleUseKind)
    {
        /// <summary>What an order cost was given back. Subject: the order.</summary>
        public static SingleUseKind RewardReturned => s_returned;
    }

    public static Module Module { get; } = new("Rewards")
    {
        Declares =
        [
            Schema.Of(typeof(RewardsModule)),
            IdPrefix.Of<RewardId>(), IdPrefix.Of<RewardOrderId>(), IdPrefix.Of<RewardProposalId>(),
            s_sales, s_order, s_return, s_returned,
            PersonalTable.Exported("reward_order", "rewardOrders", "member_id = @member order by entry_id desc")
                .Id<RewardOrderId>("entry_id", "orderId").Id<RewardId>("reward_id").Text("title").Number("quantity").Number("points")
                .Number("yen").Number("use_on").Moment("at_ms").Without("member_id").Kept(Sealed),
            PersonalTable.Exported("goal", "goal", "member = @member")
                .Number("points").Text("title").Moment("set_ms").Without("member", "reward", "said").Erased("member = @member"),
            new OutboxWork(FulfilReward.Kind, services => services.GetRequiredService<FulfilReward>().Start()),
            .. RewardChecks.All, .. RewardChecks.DetailChecks,
        ],
        Services = services => services
            .AddSingleton<RewardCatalogue>()
            .AddSingleton<RewardOrders>()
            .AddSingleton<OrderReward>()
            .AddSingleton<ReturnReward>()
            .AddSingleton<FulfilReward>()
            .AddSingleton<CancelReward>()
            .AddSingleton<KeepRewards>()
            .AddSingleton<RewardProposals>()
            .AddSingleton<ProposeReward>()
            .AddSingleton<ApproveReward>()
            .AddSingleton<Goals>(),
    };
}
