using Ensen.Gateways;
using Ensen.Points;
using Ensen.Rewards;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Rewards;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// News came out of order: a partner rang that a reward was used while its "issued" was still on the way, and the order said "issued" for
/// ever.
/// </summary>
public class ItWasUsedBeforeItWasIssued
{
    [Theory, BothEngines]
    public async Task A_reward_whose_use_is_heard_of_first_is_used(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var aoi = await desk.Member((new Lot(LotKind.Basic, 20280331), 1_000));
        var reward = await desk.Reward(300);
        await desk.Mood(FaultMode.TimeOutThenAccept);
        var ordered = (await desk.Order(aoi, reward)).Value!;
        (await desk.State(aoi, ordered.OrderId)).ShouldBe(RewardOrderState.Ordered, "the partner's answer is on its way");
        desk.Clock.Move(TimeSpan.FromMinutes(6));

        (await desk.Partner.Use(ordered.OrderId, RewardDesk.Ct)).ShouldBeTrue();

        (await desk.State(aoi, ordered.OrderId)).ShouldBe(RewardOrderState.Used);
        await desk.Pass(TimeSpan.FromHours(1));
        (await desk.State(aoi, ordered.OrderId)).ShouldBe(RewardOrderState.Used);
        (await desk.Get<CancelReward>().Run(aoi, ordered.OrderId, RewardDesk.Ct)).Refusal.ShouldBe(CancelRewardRefusal.NotRefundable);
    }
}
