using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Rewards;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Rewards;

/// <summary>Goals: a number or a thing, how far, until when at one's own pace, and each milestone once.</summary>
public class GoalTests
{
    static readonly Lot s_basic = Lot.Basic(JapanDay.Parse("2027-03-31"));

    [Theory, BothEngines]
    public async Task A_goal_is_a_number_or_a_thing_and_can_be_changed(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var goals = desk.Get<Goals>();
        var member = await desk.Member((s_basic, 120), (Lot.ChargeOnly, 1_000));
        (await goals.Of(member, RewardDesk.Ct)).ShouldBeNull();
        (await goals.Set(member, null, null, null, RewardDesk.Ct)).Refusal.ShouldBe(SetGoalRefusal.InvalidRequest);
        (await goals.Set(member, 0, null, null, RewardDesk.Ct)).Refusal.ShouldBe(SetGoalRefusal.InvalidAmount);
        (await goals.Set(member, null, new RewardId(Guid.CreateVersion7()), null, RewardDesk.Ct)).Refusal.ShouldBe(SetGoalRefusal.NotFound);

        var goal = (await goals.Set(member, 200, null, "窓側の席", RewardDesk.Ct)).Value!;
        (goal.Points, goal.Title, goal.Reached, goal.Missing).ShouldBe((200.Points(), "窓側の席", false, 80.Points()));
        var reward = await desk.Reward(points: 100);
        goal = (await goals.Set(member, null, reward.Id, null, RewardDesk.Ct)).Value!;
        (goal.Points, goal.Reward, goal.Title, goal.Reached, goal.Missing)
            .ShouldBe((100.Points(), reward.Id, "環状線一日券", true, PointAmount.Zero));

        // A number that is set elsewhere is another goal.
        await desk.Get<ChangeProfile>().Run(new ChangeProfileRequest(member, Goal: new GoalChange(500)), RewardDesk.Ct);
        goal = (await goals.Of(member, RewardDesk.Ct))!;
        (goal.Points, goal.Reward, goal.Title).ShouldBe((500.Points(), null, ""));
    }

    [Theory, BothEngines]
    public async Task The_forecast_is_the_members_own_rhythm_and_nothing_where_there_is_none(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var goals = desk.Get<Goals>();
        var member = await desk.Member();
        (await goals.Set(member, 300, null, null, RewardDesk.Ct)).Value!.ForecastOn.ShouldBeNull();
        desk.Clock.Move(TimeSpan.FromDays(100));
        await desk.Give(s_basic.LegOf(member, 90.Points()), Leg.Of(Chart.Operator, AccountType.PointLiability, (-90).Points()));
        (await goals.Of(member, RewardDesk.Ct))!.ForecastOn.ShouldBe(new JapanDay(desk.Today.Date.AddDays(210)));
        desk.Clock.Move(TimeSpan.FromDays(91));
        (await goals.Of(member, RewardDesk.Ct))!.ForecastOn.ShouldBeNull();
    }

    [Theory, BothEngines]
    public async Task Each_milestone_is_said_once_also_to_two_devices(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var goals = desk.Get<Goals>();
        var member = await desk.Member((s_basic, 60));
        var goal = (await goals.Set(member, 200, null, null, RewardDesk.Ct)).Value!;
        (await goals.SayMilestone(member, goal, RewardDesk.Ct)).ShouldBeNull("it lay behind when the goal was set");
        await desk.Give(s_basic.LegOf(member, 45.Points()), Leg.Of(Chart.Operator, AccountType.PointLiability, (-45).Points()));
        goal = (await goals.Of(member, RewardDesk.Ct))!;
        var said = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => goals.SayMilestone(member, goal, RewardDesk.Ct))));
        said.Count(s => s == 50).ShouldBe(1);
        said.Count(s => s is null).ShouldBe(7);
    }
}
