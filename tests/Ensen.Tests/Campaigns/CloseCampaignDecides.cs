using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Tests.Support;

namespace Ensen.Tests.Campaigns;

/// <summary>What <see cref="CloseCampaign"/> decides about a purse.</summary>
public class CloseCampaignDecides
{
    internal static RefusalTable<CloseCampaignRefusal> Table { get; } = new("""
        refusal         so far  left
        None            -       100
        None            -       0
        AlreadyDecided  closed  0
        AlreadyDecided  closed  100
        """);

    static readonly CampaignId s_campaign = new(Guid.Parse("00000000-0000-7000-8000-00000000000a"));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var (state, left) = (new AccountState(), row.In("left").Amount);
        state.OpenPool(s_campaign, 0).Load(AccountType.CampaignBudget, 0, 3, left);
        if (row.In("so far").Say("closed"))
            state.Load(new SingleUse(SingleUseKind.BudgetClosed, s_campaign));
        var decided = CloseCampaign.Decide(s_campaign, Initiator.Job("end"), state, Guid.CreateVersion7(), DateTimeOffset.UnixEpoch);
        (decided.Entry is not null).ShouldBe(decided.Answer.Accepted && left > 0);
        return decided.Answer.Refusal;
    });
}
