using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Operations;
using Ensen.Tests.Support;

namespace Ensen.Tests.Campaigns;

/// <summary>Campaigns of a town, proposed by Suzuki, tried, and approved by Ito.</summary>
static class CampaignScene
{
    /// <summary>A campaign that began a minute ago: 1 point more for each 100 yen, and whatever else is said.</summary>
    public static CampaignTerms Terms(this Town town, Func<CampaignTerms, CampaignTerms>? with = null)
    {
        var terms = CampaignTermsTests.Terms with
        {
            From = town.Clock.GetUtcNow().AddMinutes(-1),
            Until = town.Clock.GetUtcNow().AddDays(7),
            LastDay = null,
            LastsDays = 60,
        };
        return with is null ? terms : with(terms);
    }

    public static async Task<Campaign> Proposed(this Town town, Func<CampaignTerms, CampaignTerms>? with = null)
    {
        var answer = await town.Get<ProposeCampaign>().Run(
            new ProposeCampaignRequest(town.Terms(with), await town.Operator("Suzuki")), TestContext.Current.CancellationToken);
        return answer.Value ?? throw new InvalidOperationException($"No campaign: {answer.Refusal}");
    }

    public static async Task<Campaign> Running(this Town town, Func<CampaignTerms, CampaignTerms>? with = null)
    {
        var ct = TestContext.Current.CancellationToken;
        var proposed = await town.Proposed(with);
        (await town.Get<DryRunCampaign>().Run(proposed.Id, await town.Operator("Suzuki"), ct)).Refusal
            .ShouldBe(DryRunCampaignRefusal.None);
        (await town.Get<ApproveCampaign>().Run(proposed.Id, await town.Operator("Ito"), ct: ct)).Refusal.ShouldBe(ApproveCampaignRefusal.None);
        return await town.Found(proposed.Id);
    }

    public static async Task<Campaign> Found(this Town town, CampaignId id)
    {
        await using var connection = await town.Db.Connect();
        return (await Campaign.Find(connection, id))!;
    }

    public static Task<long> Left(this Town town, Campaign campaign) => town.Balance(campaign.Id, AccountType.CampaignBudget);

    public static Task<long> Given(this Town town, Campaign campaign) => town.Count(
        "select cast(coalesce(sum(points), 0) as bigint) from campaign_award where campaign_id = @id", new { id = campaign.Id });
}
