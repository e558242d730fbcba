using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>Giving back: what goes where, what is taken back, and that it never becomes more than was paid.</summary>
public class RefundTests
{
    [Theory, BothEngines]
    public async Task Part_by_part_a_payment_goes_back_to_where_it_came_from(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(500.Yen()).WithPrepaid(300.Yen()).With(50.Points(), "2027-03-31")
            .With(150.Points(), "2028-03-31");
        var cafe = await town.Store("Café Loop");
        var paid = await town.Paid(aoi, cafe, 1_000.Yen(), 200.Points());
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 4");

        // amount, then: yen and points given back, points taken back, and what the member holds
        (int Amount, long Yen, long Points, long TakenBack, string Holds)[] refunds =
        [
            (100,  80,  20, 1, "money 80, prepaid 0, points 23"),
            (500, 400, 100, 2, "money 480, prepaid 0, points 121"),
            (  1,   1,   0, 0, "money 481, prepaid 0, points 121"),
            (399, 319,  80, 1, "money 500, prepaid 300, points 200"),
        ];
        foreach (var (amount, yen, points, takenBack, holds) in refunds)
        {
            var refund = await town.Refunded(paid.PaymentId, cafe, amount.Yen());
            (refund.Yen, refund.Points, refund.PointsTakenBack).ShouldBe((yen.Yen(), points.Points(), takenBack.Points()), $"refund of {amount}");
            (await town.Holds(aoi)).ShouldBe(holds, $"refund of {amount}");
        }
        (await town.Wallet(aoi)).Lots.ShouldBe(
            [new LotBalance(Lot.Basic(JapanDay.Parse("2027-03-31")), 50.Points()), new LotBalance(Lot.Basic(JapanDay.Parse("2028-03-31")), 150.Points())]);
        (await town.Refund(paid.PaymentId, cafe, 1.Yen())).Refusal.ShouldBe(RefundRefusal.NotRefundable);
        (await town.Balance(cafe.Id, AccountType.Payable)).ShouldBe(0);
        (await town.Balance(Chart.Operator, AccountType.PointFunding)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task However_a_payment_is_split_the_parts_are_the_whole(Engine engine)
    {
        await using var town = await Town.On(engine);
        var cafe = await town.Store("Café Loop");

        await Task.WhenAll(Enumerable.Range(1, 60).Select(async seed =>
        {
            var random = new Random(seed);
            var aoi = await town.Member("Aoi").With(random.Next(1, 5_000).Yen()).WithPrepaid(random.Next(0, 2_000).Yen())
                .With(random.Next(0, 500).Points(), "2027-03-31").With(random.Next(0, 500).Points(), "2026-12-31")
                    .With(random.Next(0, 500).Points());
            var before = await town.Wallet(aoi);
            var amount = random.NextInt64(1, Worth(before).Value + 1);
            var points = random.NextInt64(Math.Max(0, amount - before.Balance.Value), Math.Min(amount, before.Points.Value) + 1);
            var paid = await town.Paid(aoi, cafe, amount.Yen(), points.Points());

            var refunds = new List<Refunded>();
            for (var left = amount; left > 0; left -= refunds[^1].Amount.Value)
                refunds.Add(await town.Refunded(paid.PaymentId, cafe, (refunds.Count == 12 ? left : random.NextInt64(1, left + 1)).Yen()));

            var after = await town.Wallet(aoi);
            var about = $"seed {seed}: {amount} yen with {points} points in {refunds.Count} parts";
            refunds.ShouldAllBe(r => r.Yen >= Yen.Zero && r.Points >= PointAmount.Zero && r.PointsTakenBack >= PointAmount.Zero
                && r.Yen + r.Points.WorthInPayments == r.Amount, about);
            refunds.Sum(r => r.Points).ShouldBe(points.Points(), about);
            refunds.Sum(r => r.PointsTakenBack).ShouldBe(paid.PointsEarned, about);
            (after.Money, after.Prepaid).ShouldBe((before.Money, before.Prepaid), about);
            after.Lots.ShouldBe(before.Lots, about);
        }));

        (await town.Balance(cafe.Id, AccountType.Payable)).ShouldBe(0);
    }

    // Attack 62, and Buy-and-return for points: whatever is spent in between, nobody ends with more than there was.
    [Theory, BothEngines]
    public async Task With_points_spent_in_between_nothing_is_won_and_nothing_lost(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (cafe, bakery) = (await town.Store("Café Loop"), await town.Store("Bakery"));

        await Task.WhenAll(Enumerable.Range(1, 60).Select(async seed =>
        {
            var random = new Random(seed);
            var aoi = await town.Member("Aoi").With(random.Next(1_000, 9_000).Yen()).WithPrepaid(random.Next(0, 2_000).Yen())
                .With(random.Next(0, 30).Points());
            var before = await town.Wallet(aoi);
            var amount = random.NextInt64(800, before.Balance.Value + 1);
            var paid = await town.Paid(aoi, cafe, amount.Yen(), random.NextInt64(0, before.Points.Value + 1).Points());

            long spent = 0;
            for (var left = amount; left > 0;)
            {
                if ((await town.Wallet(aoi)).Points is { Value: > 0 } points && random.Next(2) == 0)
                {
                    var some = random.NextInt64(1, points.Value + 1);
                    spent += some;
                    await town.Paid(aoi, bakery, some.Yen(), some.Points());
                }
                var part = random.NextInt64(1, left + 1);
                await town.Refunded(paid.PaymentId, cafe, part.Yen());
                left -= part;
            }

            var after = await town.Wallet(aoi);
            (Worth(after) + spent.Yen()).ShouldBe(Worth(before), $"seed {seed}");
        }));
    }

    [Theory, BothEngines]
    public async Task Earned_points_that_were_spent_are_withheld_from_the_yen(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(10_000.Yen());
        var (cafe, bakery) = (await town.Store("Café Loop"), await town.Store("Bakery"));
        var paid = await town.Paid(aoi, cafe, 4_000.Yen());
        await town.Paid(aoi, bakery, 15.Yen(), 15.Points());

        var refund = await town.Refunded(paid.PaymentId, cafe, 4_000.Yen());

        (refund.Yen, refund.Points, refund.PointsTakenBack).ShouldBe((3_985.Yen(), 0.Points(), 20.Points()));
        (await town.Holds(aoi)).ShouldBe("money 9985, prepaid 0, points 0");
        (await town.Balance(cafe.Id, AccountType.Payable)).ShouldBe(0);
        (await town.Balance(Chart.Operator, AccountType.PointFunding)).ShouldBe(0); // 15 for the bakery, 15 withheld
    }

    [Theory, BothEngines]
    public async Task Earned_points_are_taken_from_other_lots_when_their_own_is_empty(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(10_000.Yen()).With(50.Points(), "2029-03-31");
        var (cafe, bakery) = (await town.Store("Café Loop"), await town.Store("Bakery"));
        var paid = await town.Paid(aoi, cafe, 4_000.Yen());
        await town.Paid(aoi, bakery, 15.Yen(), 15.Points());

        (await town.Refunded(paid.PaymentId, cafe, 4_000.Yen())).Yen.ShouldBe(4_000.Yen());

        (await town.Wallet(aoi)).Lots.ShouldBe([new LotBalance(Lot.Basic(JapanDay.Parse("2029-03-31")), 35.Points())]);
    }

    // Attack 63: points keep their day, also when it is over.
    [Theory, BothEngines]
    public async Task Points_of_a_lot_that_has_lapsed_lapse_at_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen()).With(100.Points(), "2026-06-01").With(60.Points(), "2026-06-02");
        var cafe = await town.Store("Café Loop");
        var paid = await town.Paid(aoi, cafe, 1_150.Yen(), 150.Points());
        await town.Expire(JapanDay.Parse("2026-06-02"));
        town.Clock.Set("2026-06-02");

        var refund = await town.Refunded(paid.PaymentId, cafe, 1_150.Yen());

        (refund.Yen, refund.Points, refund.PointsTakenBack).ShouldBe((1_000.Yen(), 150.Points(), 5.Points()));
        (await town.Wallet(aoi)).Lots.ShouldBe([new LotBalance(Lot.Basic(JapanDay.Parse("2026-06-02")), 60.Points())]);
        (await town.Balance(Chart.Operator, AccountType.Breakage)).ShouldBe(100);
        (await town.Balance(aoi.Id, AccountType.Points, 20260601)).ShouldBe(0);
    }

    // Attack 66: what was paid with points never becomes money.
    [Theory, BothEngines]
    public async Task A_payment_with_points_alone_gives_back_points_alone(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(300.Points());
        var cafe = await town.Store("Café Loop");
        var paid = await town.Paid(aoi, cafe, 300.Yen(), 300.Points());

        await town.Refunded(paid.PaymentId, cafe, 100.Yen());
        await town.Refunded(paid.PaymentId, cafe, 200.Yen());

        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 300");
        (await town.Balance(Chart.Operator, AccountType.PointFunding)).ShouldBe(0);
    }

    // Attack 65, and 13 for refunds.
    [Theory, BothEngines]
    public async Task What_cannot_be_refunded_is_refused(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi").With(5_000.Yen()), await town.Member("Ren"));
        var (cafe, bakery) = (await town.Store("Café Loop"), await town.Store("Bakery"));
        var paid = await town.Paid(aoi, cafe, 1_000.Yen());
        var sent = await town.Send(aoi, ren, 100.Yen());

        foreach (var amount in (long[])[0, -1, long.MinValue, long.MaxValue, 1_000_000_000])
            (await town.Refund(paid.PaymentId, cafe, amount.Yen())).Refusal.ShouldBe(RefundRefusal.InvalidAmount);
        (await town.Refund(paid.PaymentId, cafe, 1_001.Yen())).Refusal.ShouldBe(RefundRefusal.NotRefundable);
        (await town.Refund(paid.PaymentId, bakery, 1.Yen())).Refusal.ShouldBe(RefundRefusal.NotFound);
        (await town.Refund(Id.New<PaymentId>(town.Clock), cafe, 1.Yen())).Refusal.ShouldBe(RefundRefusal.NotFound);
        (await town.Refund(new PaymentId(sent.Value!.TransferId), cafe, 1.Yen())).Refusal.ShouldBe(RefundRefusal.NotFound);
        var refund = await town.Refunded(paid.PaymentId, cafe, 600.Yen());
        (await town.Refund(new PaymentId(refund.RefundId), cafe, 1.Yen())).Refusal.ShouldBe(RefundRefusal.NotFound);
        (await town.Refund(paid.PaymentId, cafe, 401.Yen())).Refusal.ShouldBe(RefundRefusal.NotRefundable);

        (await town.Entries(EntryKind.Refund)).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task Refunds_are_made_through_the_365th_day(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(5_000.Yen());
        var cafe = await town.Store("Café Loop");
        town.Clock.Set("2026-06-01 00:00");
        var paid = await town.Paid(aoi, cafe, 1_000.Yen());

        town.Clock.Set("2027-06-01 23:59:59.999");
        (await town.Refund(paid.PaymentId, cafe, 1.Yen())).Accepted.ShouldBeTrue();
        town.Clock.Set("2027-06-02 00:00");
        (await town.Refund(paid.PaymentId, cafe, 1.Yen())).Refusal.ShouldBe(RefundRefusal.NotRefundable);
    }

    [Theory, BothEngines]
    public async Task The_same_key_refunds_once_and_another_amount_under_it_not_at_all(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(5_000.Yen());
        var cafe = await town.Store("Café Loop");
        var paid = await town.Paid(aoi, cafe, 1_000.Yen());

        var first = await town.Refund(paid.PaymentId, cafe, 300.Yen(), key: "k");
        var again = await town.Refund(paid.PaymentId, cafe, 300.Yen(), key: "k");
        var other = await town.Refund(paid.PaymentId, cafe, 301.Yen(), key: "k");

        (again.Value, again.Replayed).ShouldBe((first.Value, true));
        other.Refusal.ShouldBe(RefundRefusal.KeyReused);
        (await town.Balance(cafe.Id, AccountType.Payable)).ShouldBe(700);
    }

    /// <summary>All that a wallet can pay.</summary>
    static Yen Worth(WalletBalance wallet) => wallet.Balance + wallet.Points.WorthInPayments;
}
