using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Campaigns;

/// <summary>
/// Points that are pending cannot be spent before their day; a refund before it takes back theirs, and on the day what is left goes into
/// the lot, once.
/// </summary>
public class PendingPointsTests
{
    [Theory, BothEngines]
    public async Task They_can_be_spent_from_their_day_on_and_last_from_then_on(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        var campaign = await town.Running(t => t with { PendingDays = 14, LastsDays = 30, Gift = new GiftRule(GiftKind.Fixed, 200) });
        var from = town.Today.Date.AddDays(14);

        (await town.Paid(aoi, cafe, 1_000.Yen())).PointsEarned.ShouldBe(205.Points());

        (await town.Holds(aoi)).ShouldBe("money 4000, prepaid 0, points 5");
        (await Pending(town, aoi)).ShouldBe([new PendingPart(new JapanDay(from), 200.Points())]);
        (await town.Get<PointsReport>().Of(town.Today, Ct)).Value!.Owed.ShouldContain(new OwedPoints(null, null, 200.Points()));
        (await town.History(aoi))[0].Points.ShouldBe(5.Points());
        (await town.Pay(aoi, cafe, 100.Yen(), 6.Points())).Refusal.ShouldBe(PayRefusal.InsufficientPoints);
        (await town.Left(campaign)).ShouldBe(100_000 - 200);
        (await Released(town, 13)).ShouldBe(0.Points());
        (await Released(town, 1)).ShouldBe(200.Points());

        (await Pending(town, aoi)).ShouldBeEmpty();
        (await town.Wallet(aoi)).Lots.Where(l => l.Lot.Kind == LotKind.Campaign).Select(l => (l.ExpiresOn, l.Points))
            .ShouldBe([(new JapanDay(from.AddDays(30)), 200.Points())]);
        var movement = (await town.History(aoi))[0];
        (movement.Kind, movement.Points).ShouldBe((EntryKind.PointsReleased, 200.Points()));
        await town.Paid(aoi, cafe, 205.Yen(), 205.Points());
    }

    [Theory, BothEngines]
    public async Task Released_by_eight_jobs_at_two_nodes_each_gift_comes_in_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var other = engine == Engine.Postgres ? Database.Open(town.Address, SandboxModule.Catalogue) : null;
        await using var node = new GeneralLedger(other ?? town.Db, town.Clock);
        var (crowd, cafe) = (await town.Crowd(40, 1_000.Yen()), await town.Store("Café"));
        await town.Running(t => t with { PendingDays = 7 });
        await town.Running(t => t with { PendingDays = 7, Gift = new GiftRule(GiftKind.Fixed, 30), LastsDays = 20 });
        foreach (var who in crowd)
            (await town.Paid(who, cafe, 1_000.Yen())).PointsEarned.ShouldBe((5 + 10 + 30).Points());
        town.Clock.Move(TimeSpan.FromDays(9));

        var jobs = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
            await new ReleasePoints(town.Db, i % 2 == 0 ? town.Ledger : node, town.Clock).Run(town.Today, Ct)));

        jobs.Sum(p => p).ShouldBe((40 * 40).Points());
        (await town.Entries(EntryKind.PointsReleased)).ShouldBe(80);
        foreach (var who in crowd)
            (await town.Holds(who)).ShouldBe("money 0, prepaid 0, points 45");
        if (other is not null)
            await other.DisposeAsync();
    }

    // 1,050 yen earn 5, and pending 10 (1 for 100), 30 (from 1,000 on) and 105 (10 %).
    [Theory]
    [BothEngines(new[] { 1_050 }, new[] { 150 }, 0)]
    [BothEngines(new[] { 50 }, new[] { 5 }, 140)]
    [BothEngines(new[] { 51, 500 }, new[] { 38, 57 }, 49 + 4)]
    public async Task A_refund_before_their_day_takes_its_part_of_them_first(Engine engine, int[] refunds, int[] back, int left)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        await town.Running(t => t with { PendingDays = 7 });
        await town.Running(t => t with { PendingDays = 7, Gift = new GiftRule(GiftKind.Fixed, 30), LeastYen = 1_000 });
        await town.Running(t => t with { PendingDays = 10, Gift = new GiftRule(GiftKind.Percent, 10), LastsDays = 30 });
        var paid = await town.Paid(aoi, cafe, 1_050.Yen());

        foreach (var (yen, taken) in refunds.Zip(back))
            (await town.Refunded(paid.PaymentId, cafe, yen.Yen())).PointsTakenBack.ShouldBe(taken.Points());

        (await Pending(town, aoi)).Sum(p => p.Points).ShouldBe(left.Points());
        (await Released(town, 10)).ShouldBe(left.Points());
        (await town.Wallet(aoi)).Lots.Where(l => l.Lot.Kind == LotKind.Campaign).Sum(l => l.Points).ShouldBe(left.Points());
        var rest = 1_050 - refunds.Sum();
        if (rest > 0)
            await town.Refunded(paid.PaymentId, cafe, rest.Yen());
        (await town.Holds(aoi)).ShouldBe("money 5000, prepaid 0, points 0");
    }

    [Theory, BothEngines]
    public async Task Released_and_refunded_in_the_same_moment_nothing_is_lost_and_nothing_given_twice(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (crowd, cafe) = (await town.Crowd(30, 1_000.Yen()), await town.Store("Café"));
        await town.Running(t => t with { PendingDays = 7, Gift = new GiftRule(GiftKind.Percent, 10) });
        var paid = await Task.WhenAll(crowd.Select(who => town.Paid(who, cafe, 1_000.Yen())));
        town.Clock.Move(TimeSpan.FromDays(8));

        await Task.WhenAll(
        [
            .. Enumerable.Range(0, 4).Select(_ => (Task)town.Get<ReleasePoints>().Run(town.Today, Ct)),
            .. paid.SelectMany(p => Enumerable.Range(0, 2).Select(_ => (Task)town.Refunded(p.PaymentId, cafe, 200.Yen()))),
        ]);
        await town.Get<ReleasePoints>().Run(town.Today, Ct);

        foreach (var who in crowd)
        {
            (await Pending(town, who)).ShouldBeEmpty();
            (await town.Holds(who)).ShouldBe("money 400, prepaid 0, points 63");
        }
    }

    [Theory, BothEngines]
    public async Task What_is_pending_of_a_receipt_is_proven_as_the_rest(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        await town.Running(t => t with { PendingDays = 7 });
        var paid = await town.Paid(aoi, cafe, 1_000.Yen());

        var receipt = (await town.Get<GiveReceipt>().Run([aoi.Id], paid.PaymentId, Ct))!;

        receipt.Legs.ShouldContain(new ReceiptLeg("pendingpoints", 10, "points", null));
        var seal = Convert.ToHexStringLower(ProofCheck.Of(receipt.Proof).Seal);
        town.Get<ReceiptCheck>().Of(receipt.ToFile(), [seal]).Wrong.ShouldBeNull();
    }

    static async Task<IReadOnlyList<PendingPart>> Pending(Town town, Resident who) => (await town.Get<PointsHeld>().Of(who.Id, Ct)).Pending;

    static async Task<PointAmount> Released(Town town, int daysLater)
    {
        town.Clock.Move(TimeSpan.FromDays(daysLater));
        return await town.Get<ReleasePoints>().Run(town.Today, Ct);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
