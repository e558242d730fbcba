using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Tests.Support;

namespace Ensen.Tests.Campaigns;

/// <summary>What <see cref="EnterCampaign"/> decides about somebody who wants to take part.</summary>
public class EnterCampaignDecides
{
    internal static RefusalTable<EnterCampaignRefusal> Table { get; } = new("""
        refusal      campaign                       member    when
        None         Approved entry                 -         before
        None         Approved entry                 -         last
        None         Approved entry verified-only   verified  before
        NotFound     -                              -         before
        NotFound     Proposed entry                 -         before
        NotFound     Stopped never-approved entry   -         before
        Lapsed       Approved entry                 -         over
        Lapsed       Stopped entry                  -         before
        Lapsed       Ended                          left      over
        NotEligible  Approved                       verified  before
        NotEligible  Approved entry verified-only   -         before
        NotEligible  Approved entry verified-only   left      before
        MemberLeft   Approved entry used-up         left      before
        BudgetSpent  Approved entry used-up         -         before
        """);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var (cell, member) = (row.In("campaign"), row.In("member"));
        var terms = CampaignTermsTests.Terms with { EntryNeeded = cell.Say("entry"), VerifiedOnly = cell.Say("verified-only") };
        var now = row.In("when").Words.Single() switch
        {
            "before" => terms.From.AddDays(-1),
            "last" => terms.Until.AddMilliseconds(-1),
            _ => terms.Until,
        };
        var campaign = cell.Words.Count == 0 ? null : new Campaign(
            new CampaignId(Guid.CreateVersion7()), Enum.Parse<CampaignState>(cell.Words[0]), terms, "per_1", terms.From, null,
            cell.Say("Proposed") || cell.Say("never-approved") ? null : "per_2", null, null, null, null, PointAmount.Zero);
        return EnterCampaign.Decide(campaign, member.Say("verified"), member.Say("left"), cell.Say("used-up"), now);
    });
}
