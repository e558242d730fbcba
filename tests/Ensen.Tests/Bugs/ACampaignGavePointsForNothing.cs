using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Tests.Campaigns;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A campaign was proposed whose points were for a use that there is not: members got points that nothing could be bought with, and the
/// books did not verify any more.
/// </summary>
public class ACampaignGavePointsForNothing
{
    [Theory, BothEngines]
    public async Task What_its_points_are_for_has_to_be_there(Engine engine)
    {
        await using var town = await Town.On(engine);
        var suzuki = await town.Operator("Suzuki");
        async Task<ProposeCampaignRefusal> Propose(int uses) => (await town.Get<ProposeCampaign>().Run(
            new ProposeCampaignRequest(town.Terms(t => t with { Uses = uses }), suzuki), TestContext.Current.CancellationToken)).Refusal;

        (await Propose(1)).ShouldBe(ProposeCampaignRefusal.InvalidRequest);
        await town.Db.Transact(tx => PointUses.Add(
            tx, "お店だけ", "only stores", [SpendingPlace.Any(SpendingKind.Store)], town.Clock.GetUtcNow()));
        (await Propose(1)).ShouldBe(ProposeCampaignRefusal.None);
        (await Propose(2)).ShouldBe(ProposeCampaignRefusal.InvalidRequest);
    }
}
