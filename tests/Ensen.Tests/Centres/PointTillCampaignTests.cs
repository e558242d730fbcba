using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Centres;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Tests.Campaigns;
using Ensen.Tests.Support;

namespace Ensen.Tests.Centres;

/// <summary>What campaigns give at point tills is decided in the award's own step, and a cancellation takes all of it back.</summary>
public class PointTillCampaignTests
{
    [Theory, BothEngines]
    public async Task An_award_gets_the_points_of_campaigns_that_name_the_point_till(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi"), await Counter.In(town));
        var week = await AtTills(town);
        await town.Running();

        var awarded = (await counter.Award(await counter.NumberOf(aoi), 1_100, "r1")).Value!;

        (awarded.Points, awarded.Balance).ShouldBe(((10 + 11).Points(), 21.Points()));
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 21");
        (await town.Left(week)).ShouldBe(100_000 - 11);
        (await counter.Award(await counter.NumberOf(aoi), 100, "r2")).Value!.Points.ShouldBe(1.Points(), "below 110 yen a gift alone");
        (await town.Get<PointReceipts>().Find(counter.Centre, "r2", Ct))!.Points.ShouldBe(1.Points());
    }

    [Theory, BothEngines]
    public async Task Two_hundred_awards_at_once_get_the_budget_and_not_a_point_more(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (crowd, counter) = (await town.Crowd(200, Yen.Zero), await Counter.In(town));
        var campaign = await AtTills(town, t => t with { Gift = new GiftRule(GiftKind.Fixed, 600), Budget = 100_000 });

        var answers = await Task.WhenAll(crowd.Select((who, i) => Task.Run(async () =>
        {
            var request = new AwardRequest(counter.Centre, counter.Till, "", 1_100.Yen(), $"r{i}", []);
            while (true)
            {
                try
                {
                    return (await town.Get<AwardPoints>().Post(request, new Shown(who.Id, ShownVia.MemberNumber), Ct)).Value!;
                }
                catch (LedgerUnavailableException)
                {
                    await Task.Delay(Random.Shared.Next(10, 60), Ct);
                }
            }
        })));

        answers.Sum(a => a.Points).ShouldBe((100_000 + 200 * 10).Points());
        answers.Count(a => a.Points == 610.Points()).ShouldBe(100_000 / 600);
        (await town.Left(campaign)).ShouldBe(0);
        (await town.Given(campaign)).ShouldBe(100_000);
    }

    [Theory, BothEngines]
    public async Task Forty_awards_of_one_member_at_once_stay_within_the_cap_that_payments_count_in(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await Counter.In(town), await town.Store("Café"));
        var campaign = await AtTills(town, t => t with
        {
            Gift = new GiftRule(GiftKind.Fixed, 30),
            CapInAll = 100,
            Channels = [Channel.PointTill, Channel.Store],
        });
        var number = await counter.NumberOf(aoi);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            if (i % 4 == 0)
                await town.Paid(aoi, cafe, 100.Yen());
            else
                (await counter.Award(number, 1_100, $"r{i}")).Accepted.ShouldBeTrue();
        })));

        (await town.Given(campaign)).ShouldBe(100);
    }

    [Theory]
    [BothEngines(0)]
    [BothEngines(7)]
    public async Task A_cancellation_takes_all_of_it_back_and_keeps_the_rest_from_the_money(Engine engine, int pendingDays)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi"), await Counter.In(town));
        var campaign = await AtTills(town, t => t with { Gift = new GiftRule(GiftKind.Fixed, 100), PendingDays = pendingDays });
        (await counter.Award(await counter.NumberOf(aoi), 1_100, "r1")).Value!.Points.ShouldBe(110.Points());
        (await counter.Spend(await counter.CodeOf(aoi), 8, "s1")).Accepted.ShouldBeTrue();

        var cancelled = (await counter.Cancel("r1")).Value!;

        (cancelled.Points, cancelled.Withheld).ShouldBe((-110.Points(), 8.Yen()));
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 0");
        (await town.Get<PointsHeld>().Of(aoi.Id, Ct)).Pending.ShouldBeEmpty();
        (await town.Left(campaign)).ShouldBe(100_000 - 100, "a budget does not grow again");
        town.Clock.Move(TimeSpan.FromDays(10));
        (await town.Get<ReleasePoints>().Run(town.Today, Ct)).ShouldBe(PointAmount.Zero);
    }

    [Theory, BothEngines]
    public async Task Released_and_cancelled_in_the_same_moment_nothing_is_left(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (crowd, counter) = (await town.Crowd(30, Yen.Zero), await Counter.In(town));
        await AtTills(town, t => t with { Gift = new GiftRule(GiftKind.Fixed, 100), PendingDays = 7 });
        foreach (var (i, who) in crowd.Index())
            await town.Get<AwardPoints>().Book(
                new AwardRequest(counter.Centre, counter.Till, "", 1_100.Yen(), $"r{i}", []), new Shown(who.Id, ShownVia.MemberNumber), Ct);
        town.Clock.Move(TimeSpan.FromDays(8));

        await Task.WhenAll(
        [
            .. Enumerable.Range(0, 4).Select(_ => (Task)town.Get<ReleasePoints>().Run(town.Today, Ct)),
            .. crowd.Take(20).Select(async (_, i) => (await counter.Cancel($"r{i}")).Value!.Withheld.ShouldBe(Yen.Zero)),
        ]);

        foreach (var (i, who) in crowd.Index())
            (await town.Holds(who)).ShouldBe($"money 0, prepaid 0, points {(i < 20 ? 0 : 110)}");
    }

    [Theory, BothEngines]
    public async Task A_dry_run_counts_purchases_at_point_tills_on_days_of_its_kind(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await Counter.In(town), await town.Store("Café"));
        var number = await counter.NumberOf(aoi);
        var kinds = new List<JapanDayKind>();
        for (var day = 0; day < 14; day++)
        {
            kinds.Add(new JapaneseCalendar(new CalendarRules()).KindOf(town.Today)!.Value);
            (await counter.Award(number, 1_100, $"r{day}")).Accepted.ShouldBeTrue();
            await town.Paid(aoi, cafe, 100.Yen());
            town.Clock.Move(TimeSpan.FromDays(1));
        }
        var proposed = await town.Proposed(t => t with { Channels = [Channel.PointTill], DayKinds = [JapanDayKind.Weekend] });

        var dry = (await town.Get<DryRunCampaign>().Run(proposed.Id, await town.Operator("Suzuki"), Ct)).Value!;

        var weekends = kinds.Count(k => k == JapanDayKind.Weekend);
        weekends.ShouldBeGreaterThan(0);
        (dry.Payments, dry.Points).ShouldBe((weekends, (weekends * 11).Points()));
    }

    static Task<Campaign> AtTills(Town town, Func<CampaignTerms, CampaignTerms>? with = null) => town.Running(t =>
    {
        var terms = t with { Channels = [Channel.PointTill] };
        return with is null ? terms : with(terms);
    });

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
