using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Rewards;
using Ensen.Sandbox.Gateways;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Rewards;

/// <summary>Points for things: ordered once, issued or given back, whatever the partner does.</summary>
public class RewardTests
{
    static readonly Lot s_soon = Lot.Campaign(JapanDay.Parse("2026-04-20"));
    static readonly Lot s_basic = Lot.Basic(JapanDay.Parse("2027-03-31"));

    [Theory, BothEngines]
    public async Task An_order_takes_the_points_and_is_issued(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var member = await desk.Member((s_soon, 30), (s_basic, 500), (Lot.ChargeOnly, 99));
        var reward = await desk.Reward(points: 200);
        reward.TenthsPerPoint.ShouldBe(45);

        var ordered = (await desk.Order(member, reward, quantity: 2, key: "k")).Value!;
        ordered.ShouldBe(new RewardOrdered(ordered.OrderId, 400.Points(), Yen.Zero));
        (await desk.State(member, ordered.OrderId)).ShouldBe(RewardOrderState.Issued);
        (await desk.Lots(member)).ShouldBe("Basic 20270331: 130, ChargeOnly 0: 99");
        var again = await desk.Order(member, reward, quantity: 2, key: "k");
        (again.Value, again.Replayed).ShouldBe((ordered, true));
        (await desk.Order(member, reward, quantity: 1, key: "k")).Refusal.ShouldBe(OrderRewardRefusal.KeyReused);
        (await desk.Get<RewardCatalogue>().Find(reward.Id, RewardDesk.Ct))!.Stock.ShouldBe(8);

        (await desk.Partner.Use(ordered.OrderId, RewardDesk.Ct)).ShouldBeTrue();
        (await desk.State(member, ordered.OrderId)).ShouldBe(RewardOrderState.Used);
        (await desk.Get<CancelReward>().Run(member, ordered.OrderId, RewardDesk.Ct)).Refusal.ShouldBe(CancelRewardRefusal.NotRefundable);
    }

    [Theory, BothEngines]
    public async Task A_cancelled_order_gives_points_back_to_their_lots_and_what_lapsed_is_gone(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var member = await desk.Member((s_soon, 30), (s_basic, 500));
        var reward = await desk.Reward(points: 100, stock: 1);
        var ordered = (await desk.Order(member, reward)).Value!;
        desk.Clock.Move(TimeSpan.FromDays(11));

        var cancelled = await desk.Get<CancelReward>().Run(member, ordered.OrderId, RewardDesk.Ct);
        (cancelled.Value!.State, cancelled.Value.Reason).ShouldBe((RewardOrderState.Cancelled, FulfilReward.ByMember));
        (await desk.Lots(member)).ShouldBe("Basic 20270331: 500");
        (await desk.Count("select cast(sum(balance) as bigint) from account where account_type = 32")).ShouldBe(30);
        (await desk.Get<CancelReward>().Run(member, ordered.OrderId, RewardDesk.Ct)).Replayed.ShouldBeTrue();
        (await desk.Order(member, reward)).Accepted.ShouldBeTrue();
        (await desk.Partner.Use(ordered.OrderId, RewardDesk.Ct)).ShouldBeFalse();
    }

    [Theory, BothEngines]
    public async Task Yen_of_a_price_are_paid_and_come_back_where_they_came_from(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var member = await desk.Member((s_basic, 100));
        await desk.Give(Leg.Of(member, AccountType.Prepaid, 100.Yen()), Leg.Of(Chart.Operator, AccountType.CardClearing, (-100).Yen()),
            Leg.Of(member, AccountType.Money, 250.Yen()), Leg.Of(Chart.Operator, AccountType.BankClearing, (-250).Yen()));
        var reward = await desk.Reward(points: 100, yen: 300);

        var ordered = (await desk.Order(member, reward)).Value!;
        (await desk.Order(member, reward)).Refusal.ShouldBe(OrderRewardRefusal.InsufficientPoints);
        (await desk.Get<Balances>().Of(new Payer(member, true), RewardDesk.Ct)).Balance.ShouldBe(50.Yen());
        await desk.Get<CancelReward>().Run(member, ordered.OrderId, RewardDesk.Ct);
        var wallet = await desk.Get<Balances>().Of(new Payer(member, true), RewardDesk.Ct);
        (wallet.Prepaid, wallet.Money, wallet.Points).ShouldBe((100.Yen(), 250.Yen(), 100.Points()));
    }

    [Theory, BothEngines]
    public async Task Of_50_who_want_the_last_piece_one_has_it(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var reward = await desk.Reward(points: 10, stock: 1);
        var crowd = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => desk.Member((s_basic, 10))));

        var answers = await Task.WhenAll(crowd.Select(who => Task.Run(() => desk.Order(who, reward))));
        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == OrderRewardRefusal.OutOfStock);
        (await desk.Count("select count(*) from reward_order")).ShouldBe(1);
        (await desk.Count("select cast(sum(balance) as bigint) from account where account_type = 3")).ShouldBe(490);
    }

    [Theory, BothEngines]
    public async Task Of_two_devices_with_points_for_one_one_orders(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var reward = await desk.Reward(points: 10, stock: 1_000);
        for (var round = 0; round < 30; round++)
        {
            var member = await desk.Member((s_basic, 19));
            var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => desk.Order(member, reward))));
            answers.Count(a => a.Accepted).ShouldBe(1);
            answers.Single(a => !a.Accepted).Refusal.ShouldBe(OrderRewardRefusal.InsufficientPoints);
        }
    }

    [Theory, BothEngines]
    public async Task Whatever_the_partner_does_an_order_is_issued_or_given_back(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var reward = await desk.Reward(points: 100);
        foreach (var mode in Enum.GetValues<FaultMode>())
        {
            var member = await desk.Member((s_soon, 30), (s_basic, 70));
            await desk.Mood(mode);
            var ordered = (await desk.Order(member, reward)).Value!;
            await desk.Pass(TimeSpan.FromHours(1));
            var refused = mode is FaultMode.Refuse or FaultMode.TimeOutThenRefuse or FaultMode.LateRefuse;
            (await desk.State(member, ordered.OrderId)).ShouldBe(refused ? RewardOrderState.Cancelled : RewardOrderState.Issued, $"{mode}");
            (await desk.Lots(member)).ShouldBe(refused ? "Campaign 260420000: 30, Basic 20270331: 70" : "", $"{mode}");
        }
        (await desk.Count("select count(*) from outbox where state = 1")).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task Taken_back_while_nobody_knows_it_comes_back_only_when_nobody_can_use_it(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var reward = await desk.Reward(points: 100);
        foreach (var mode in (FaultMode[])[FaultMode.Lost, FaultMode.TimeOutThenAccept, FaultMode.LateRefuse])
        {
            var member = await desk.Member((s_basic, 100));
            await desk.Mood(mode, times: 2);
            var ordered = (await desk.Order(member, reward)).Value!;
            (await desk.State(member, ordered.OrderId)).ShouldBe(RewardOrderState.Ordered, $"{mode}");
            var asked = await desk.Get<CancelReward>().Run(member, ordered.OrderId, RewardDesk.Ct);
            (asked.Value!.State, await desk.Lots(member)).ShouldBe((RewardOrderState.Cancelling, ""), $"{mode}");

            await desk.Pass(TimeSpan.FromHours(1));
            (await desk.State(member, ordered.OrderId)).ShouldBe(RewardOrderState.Cancelled, $"{mode}");
            (await desk.Lots(member)).ShouldBe("Basic 20270331: 100", $"{mode}");
            (await desk.Partner.Use(ordered.OrderId, RewardDesk.Ct)).ShouldBeFalse($"{mode}");
        }
        (await desk.Count("select count(*) from reward_return")).ShouldBe(3);
    }

    [Theory, BothEngines]
    public async Task What_is_for_a_day_is_sold_until_the_day_before(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var member = await desk.Member((s_basic, 300));
        var reward = await desk.Reward(points: 100, useOn: desk.Today.Next);
        var ordered = (await desk.Order(member, reward)).Value!;
        desk.Clock.Move(desk.Today.Next.Start - desk.Clock.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        (await desk.Order(member, reward)).Accepted.ShouldBeTrue();
        desk.Clock.Move(TimeSpan.FromMilliseconds(1));
        (await desk.Order(member, reward)).Refusal.ShouldBe(OrderRewardRefusal.NotAvailable);
        (await desk.Get<RewardCatalogue>().Offered(desk.Today, RewardDesk.Ct)).ShouldBeEmpty();
        (await desk.Get<CancelReward>().Run(member, ordered.OrderId, RewardDesk.Ct)).Refusal.ShouldBe(CancelRewardRefusal.NotRefundable);
        (await desk.Get<CancelReward>().Run(await desk.Member(), ordered.OrderId, RewardDesk.Ct)).Refusal
            .ShouldBe(CancelRewardRefusal.NotFound);
    }

    [Theory, BothEngines]
    public async Task Approved_by_thirty_at_once_a_proposal_is_one_reward(Engine engine)
    {
        await using var town = await Town.On(engine);
        var suzuki = await town.Operator("Suzuki");
        var asked = new NewReward("環状線一日券", "Loop line day pass", 100, 0, 900, 5, null);
        var proposed = (await town.Get<ProposeReward>().Run(ProposeRewardRequest.New(asked, suzuki), RewardDesk.Ct)).Value!;
        var others = new List<OperatorId>();
        for (var i = 0; i < 30; i++)
            others.Add(await town.Operator($"Ito {i}"));
        (await town.Get<RewardCatalogue>().All(RewardDesk.Ct)).ShouldBeEmpty();

        var answers = await Task.WhenAll(others.Select(who => Task.Run(() => town.Get<ApproveReward>().Run(proposed.Id, who, RewardDesk.Ct))));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ApproveRewardRefusal.AlreadyDecided);
        var reward = (await town.Get<RewardCatalogue>().All(RewardDesk.Ct)).Single();
        var more = (await town.Get<ProposeReward>().Run(ProposeRewardRequest.More(reward.Id, 7, suzuki), RewardDesk.Ct)).Value!;
        var at = await Task.WhenAll(others.Select((who, i) => Task.Run(() => i % 2 == 0
            ? town.Get<ApproveReward>().Run(more.Id, who, RewardDesk.Ct) : town.Get<ApproveReward>().Withdraw(more.Id, who, RewardDesk.Ct))));
        var ended = at.Single(a => a.Accepted).Value!.State;
        (await town.Get<RewardCatalogue>().Find(reward.Id, RewardDesk.Ct))!.Stock.ShouldBe(ended == RewardProposalState.Approved ? 12 : 5);
    }

    [Theory, BothEngines]
    public async Task Nobody_offers_a_reward_alone(Engine engine)
    {
        await using var town = await Town.On(engine);
        var suzuki = await town.Operator("Suzuki");
        var asked = new NewReward("環状線一日券", "Loop line day pass", 100, 0, 900, 5, null);
        var proposed = (await town.Get<ProposeReward>().Run(ProposeRewardRequest.New(asked, suzuki), RewardDesk.Ct)).Value!;
        var second = await town.Operator("Suzuki again", of: suzuki);
        (await town.Get<ApproveReward>().Run(proposed.Id, second, RewardDesk.Ct)).Refusal.ShouldBe(ApproveRewardRefusal.SamePerson);
        (await town.Get<ApproveReward>().Run(proposed.Id, await town.Operator("Sato", roles: OperatorRoles.Audit), RewardDesk.Ct)).Refusal
            .ShouldBe(ApproveRewardRefusal.Forbidden);
        (await town.Get<ApproveReward>().Run(default, await town.Operator("Ito"), RewardDesk.Ct)).Refusal.ShouldBe(ApproveRewardRefusal.NotFound);
        (await town.Get<ApproveReward>().Run(proposed.Id, await town.Operator("Ito"), RewardDesk.Ct)).Accepted.ShouldBeTrue();
        var reward = (await town.Get<RewardCatalogue>().All(RewardDesk.Ct)).Single();
        (await town.Get<KeepRewards>().ChangeStock(reward.Id, 5, suzuki, RewardDesk.Ct)).Refusal.ShouldBe(KeepRewardsRefusal.Forbidden);
        (await town.Get<KeepRewards>().ChangeStock(reward.Id, -2, suzuki, RewardDesk.Ct)).Value!.Stock.ShouldBe(3);
    }

    [Theory, BothEngines]
    public async Task The_catalogue_changes_its_stock_and_ends_a_reward(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var (keep, reward) = (desk.Get<KeepRewards>(), await desk.Reward(points: 100, stock: 2));
        (await keep.ChangeStock(reward.Id, -3, ct: RewardDesk.Ct)).Refusal.ShouldBe(KeepRewardsRefusal.InvalidAmount);
        (await keep.ChangeStock(reward.Id, 5, ct: RewardDesk.Ct)).Value!.Stock.ShouldBe(7);
        (await keep.ChangeStock(new RewardId(Guid.CreateVersion7()), 5, ct: RewardDesk.Ct)).Refusal.ShouldBe(KeepRewardsRefusal.NotFound);
        (await keep.End(reward.Id, new OperatorId(Guid.CreateVersion7()), RewardDesk.Ct)).Refusal.ShouldBe(KeepRewardsRefusal.Forbidden);
        (await keep.End(reward.Id, ct: RewardDesk.Ct)).Value!.Ended.ShouldBeTrue();
        (await desk.Order(await desk.Member((s_basic, 100)), reward)).Refusal.ShouldBe(OrderRewardRefusal.NotAvailable);
        (await desk.Order(await desk.Member(), reward, quantity: 0)).Refusal.ShouldBe(OrderRewardRefusal.InvalidAmount);
        (await desk.Order(await desk.Member(), reward with { Id = new RewardId(Guid.CreateVersion7()) })).Refusal
            .ShouldBe(OrderRewardRefusal.NotFound);
    }
}
