using Ensen.Campaigns;
using Ensen.Staff;
using Ensen.Tests.Support;

namespace Ensen.Tests.Campaigns;

/// <summary>What <see cref="StopCampaign"/> decides about a campaign, whoever made it.</summary>
public class StopCampaignDecides
{
    internal static RefusalTable<StopCampaignRefusal> Table { get; } = new("""
        refusal         says       campaign
        None            mistake    Proposed
        None            mistake    Approved
        InvalidRequest  -          Approved
        InvalidRequest  long       Stopped
        InvalidRequest  two-lines  Proposed
        InvalidRequest  -          -
        NotFound        mistake    -
        AlreadyDecided  mistake    Ended
        AlreadyDecided  mistake    Stopped
        Forbidden       before     CampaignLifeTests.Whoever_has_not_the_role_changes_nothing
        """);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var says = row.In("says");
        var reason = says.Say("long") ? new string('x', 201) : says.Say("two-lines") ? "one\ntwo" : string.Concat(says.Words);
        return StopCampaign.Decide(
            new StopCampaignRequest(new CampaignId(Guid.CreateVersion7()), reason, default(OperatorId)),
            row.In("campaign").Words is [var state] ? Enum.Parse<CampaignState>(state) : null);
    });
}
