using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Campaigns;

/// <summary>
/// What campaigns give is decided in the payment's own step: never beyond a budget or a cap, and a refund takes back what its part earned.
/// </summary>
public class CampaignPayTests
{
    [Theory, BothEngines]
    public async Task A_payment_gets_the_rule_s_points_beside_the_base_and_says_from_whom(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        var (week, extra) = (await town.Running(), await town.Running(t => t with { Gift = new GiftRule(GiftKind.Fixed, 30), LeastYen = 1_000 }));

        var paid = await town.Paid(aoi, cafe, 1_050.Yen());
        var small = await town.Paid(aoi, cafe, 950.Yen());

        (paid.PointsEarned, small.PointsEarned).ShouldBe(((5 + 10 + 30).Points(), (4 + 9).Points()));
        (await town.Holds(aoi)).ShouldBe("money 3000, prepaid 0, points 58");
        await using var connection = await town.Db.Connect();
        (await CampaignAward.Of(connection, paid.PaymentId)).Select(a => (a.Award.CampaignId, a.Award.Points))
            .ShouldBe([(week.Id, 10.Points()), (extra.Id, 30.Points())]);
        (await town.Left(week)).ShouldBe(100_000 - 19);
        (await town.History(aoi))[0].Points.ShouldBe(13.Points());
    }

    [Theory]
    [BothEngines(7, 10)]
    [BothEngines(100_000, 600)]
    [BothEngines(120_000, 600)]
    public async Task Two_hundred_payments_at_two_nodes_get_the_budget_and_not_a_point_more(Engine engine, int budget, int each)
    {
        await using var town = await Town.On(engine);
        var other = engine == Engine.Postgres ? Database.Open(town.Address, SandboxModule.Catalogue) : null;
        await using var node = new GeneralLedger(other ?? town.Db, town.Clock);
        var (crowd, cafe) = (await town.Crowd(200, 1_000.Yen()), await town.Store("Café"));
        var campaign = await town.Running(t => t with { Gift = new GiftRule(GiftKind.Fixed, each), Budget = budget });

        var paid = await Task.WhenAll(crowd.Select((who, i) => Task.Run(async () =>
        {
            for (var request = Town.Payment(who, cafe, 100.Yen(), key: "k"); ;)
            {
                try
                {
                    return (await town.Pay(request, i % 2 == 0 ? town.Ledger : node)).Value!;
                }
                catch (LedgerUnavailableException)
                {
                    await Task.Delay(Random.Shared.Next(10, 60));
                }
            }
        })));

        paid.Length.ShouldBe(200);
        paid.Sum(p => p.PointsEarned).ShouldBe(budget.Points());
        paid.Count(p => p.PointsEarned == each.Points()).ShouldBe(budget / each);
        (await town.Left(campaign)).ShouldBe(0);
        if (other is not null)
            await other.DisposeAsync();
    }

    [Theory, BothEngines]
    public async Task Forty_payments_of_one_member_at_once_stay_within_the_caps(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(50_000.Yen()), await town.Store("Café"));
        var campaign = await town.Running(
            t => t with { Gift = new GiftRule(GiftKind.Fixed, 30), CapPerDay = 100, CapInAll = 150 });

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => town.Paid(aoi, cafe, 100.Yen())));
        (await town.Given(campaign)).ShouldBe(100);
        town.Clock.Move(TimeSpan.FromDays(1));
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => town.Paid(aoi, cafe, 100.Yen())));
        (await town.Given(campaign)).ShouldBe(150);
        town.Clock.Move(TimeSpan.FromDays(1));
        await town.Paid(aoi, cafe, 100.Yen());
        (await town.Given(campaign)).ShouldBe(150);
    }

    [Theory, BothEngines]
    public async Task Who_must_enter_gets_nothing_for_what_was_paid_before(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Member("Ren").With(5_000.Yen()), await town.Store("Café"));
        var campaign = await town.Running(t => t with { EntryNeeded = true });

        await town.Paid(aoi, cafe, 1_000.Yen());
        var entered = await town.Get<EnterCampaign>().Run(campaign.Id, aoi.Id, true, Ct);
        town.Clock.Move(TimeSpan.FromHours(1));
        (await town.Get<EnterCampaign>().Run(campaign.Id, aoi.Id, true, Ct)).Value!.At.ShouldBe(entered.Value!.At);
        await town.Paid(aoi, cafe, 1_000.Yen());
        await town.Paid(ren, cafe, 1_000.Yen());

        (await town.Given(campaign)).ShouldBe(10);
        (await town.Get<EnterCampaign>().Of(aoi.Id, Ct)).ShouldBe([campaign.Id]);
        (await town.Get<EnterCampaign>().Of(ren.Id, Ct)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task Nobody_enters_a_campaign_that_is_used_up(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Member("Ren"), await town.Store("Café"));
        var campaign = await town.Running(t => t with { EntryNeeded = true, Budget = 10 });
        var entered = (await town.Get<EnterCampaign>().Run(campaign.Id, aoi.Id, true, Ct)).Value!.At;
        town.Clock.Move(TimeSpan.FromHours(1));
        await town.Paid(aoi, cafe, 1_000.Yen());
        (await town.Given(campaign)).ShouldBe(10);

        (await town.Get<EnterCampaign>().Run(campaign.Id, ren.Id, true, Ct)).Refusal.ShouldBe(EnterCampaignRefusal.BudgetSpent);
        (await town.Get<EnterCampaign>().Run(campaign.Id, aoi.Id, true, Ct)).Value!.At.ShouldBe(entered, "in it already");
        (await town.Get<EnterCampaign>().Of(ren.Id, Ct)).ShouldBeEmpty();
    }

    // 1,050 yen earn 5 + 10 (1 for 100) + 30 (from 1,000 on) + 105 (10 %).
    [Theory]
    [BothEngines(new[] { 1_050 }, new[] { 150 })]
    [BothEngines(new[] { 50, 1_000 }, new[] { 5, 145 })]
    [BothEngines(new[] { 51, 999 }, new[] { 38, 112 })]
    [BothEngines(new[] { 350, 350, 350 }, new[] { 70, 41, 39 })]
    public async Task A_refund_takes_back_what_its_part_earned_by_every_rule(Engine engine, int[] refunds, int[] back)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        var perYen = await town.Running();
        await town.Running(t => t with { Gift = new GiftRule(GiftKind.Fixed, 30), LeastYen = 1_000 });
        await town.Running(t => t with { Gift = new GiftRule(GiftKind.Percent, 10), LastsDays = 30 });

        var paid = await town.Paid(aoi, cafe, 1_050.Yen());
        paid.PointsEarned.ShouldBe(150.Points());
        var left = await town.Left(perYen);
        var taken = new List<long>();
        foreach (var yen in refunds)
            taken.Add((await town.Refunded(paid.PaymentId, cafe, yen.Yen())).PointsTakenBack.Value);

        taken.ShouldBe(back.Select(b => (long)b));
        (await town.Holds(aoi)).ShouldBe("money 5000, prepaid 0, points 0");
        (await town.Left(perYen)).ShouldBe(left, "a budget does not grow again");
    }

    [Theory, BothEngines]
    public async Task Points_that_were_spent_are_taken_from_other_lots_and_then_withheld(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(1_000.Yen()), await town.Store("Café"));
        await town.Running(t => t with { Gift = new GiftRule(GiftKind.Percent, 50) });
        var paid = await town.Paid(aoi, cafe, 1_000.Yen());
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 505");

        await town.Paid(aoi, cafe, 405.Yen(), 405.Points());
        var refunded = await town.Refunded(paid.PaymentId, cafe, 1_000.Yen());

        (refunded.PointsTakenBack, refunded.Yen).ShouldBe((505.Points(), 595.Yen()));
        (await town.Holds(aoi)).ShouldBe("money 595, prepaid 0, points 0");
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
