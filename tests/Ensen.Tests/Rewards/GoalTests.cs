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

    // What no reward takes, and what a reward alone takes, made three distances to one goal.
    [Theory, BothEngines]
    public async Task Only_points_that_can_reach_a_goal_count_for_it_and_for_its_forecast(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var (goals, reward, another) = (desk.Get<Goals>(), await desk.Reward(4_000), await desk.Reward(3_000));
        var (atAStore, forRewards) = (
            await Use(desk, SpendingPlace.Store(Guid.CreateVersion7())), await Use(desk, SpendingPlace.Any(SpendingKind.Reward)));
        var forAnother = await Use(desk, SpendingPlace.Reward(another.Id));
        var last = JapanDay.Parse("2027-03-31");
        var member = await desk.Member((s_basic, 478), (Lot.Campaign(last, atAStore), 30), (Lot.Campaign(last, forRewards), 36),
            (Lot.Campaign(last, forAnother), 7), (Lot.ChargeOnly, 9_000));

        var goal = (await goals.Set(member, null, reward.Id, null, RewardDesk.Ct)).Value!;
        (goal.Has, goal.Missing).ShouldBe((514.Points(), 3_486.Points()));
        goal.ForecastOn.ShouldBe(new JapanDay(desk.Today.Date.AddDays(95)), "3,486 at 514 in the fourteen days that a newcomer counts");
        (await goals.Standing(member, 4_000.Points(), RewardDesk.Ct)).ShouldBe(goal with { ForecastOn = null });
        (await goals.Set(member, null, another.Id, null, RewardDesk.Ct)).Value!.Has.ShouldBe(521.Points());

        goal = (await goals.Set(member, 4_000, null, null, RewardDesk.Ct)).Value!;
        (goal.Has, goal.ForecastOn).ShouldBe((508.Points(), new JapanDay(desk.Today.Date.AddDays(97))));
        var held = await desk.Get<PointsHeld>().Of(member, RewardDesk.Ct);
        (held.Usable, held.For(SpendingPlace.Reward(reward.Id)), held.For(SpendingPlace.Reward(reward.Id), SpendingPlace.Reward(another.Id)))
            .ShouldBe((508.Points(), 514.Points(), 521.Points()));
    }

    [Theory, BothEngines]
    public async Task Nothing_is_forecast_for_who_collects_only_what_charges_a_card(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var member = await desk.Member((Lot.ChargeOnly, 9_000));
        (await desk.Get<Goals>().Set(member, 500, null, null, RewardDesk.Ct)).Value!.ForecastOn.ShouldBeNull();
    }

    static async Task<int> Use(RewardDesk desk, params SpendingPlace[] places) =>
        (await desk.Db.Transact(tx => PointUses.Add(tx, $"Use {Guid.NewGuid()}", "Use", places, desk.Clock.GetUtcNow())))!.Number;

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
