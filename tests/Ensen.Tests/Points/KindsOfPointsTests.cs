using Dapper;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Points;

/// <summary>Basic, campaign and charge-only points: where each can be spent, in which order, and where they go back to.</summary>
public class KindsOfPointsTests
{
    static readonly JapanDay s_soon = JapanDay.Parse("2026-06-10");
    static readonly JapanDay s_later = JapanDay.Parse("2026-07-31");

    [Fact]
    public void A_term_reads_by_eye_and_sorts_by_last_day()
    {
        Lot.Campaign(JapanDay.Parse("2027-03-31"), 7).ShouldBe(new Lot(LotKind.Campaign, 270_331_007));
        var lot = Lot.Of(AccountType.CampaignPoints, 270_331_007)!.Value;
        (lot.LastDay, lot.Uses).ShouldBe((JapanDay.Parse("2027-03-31"), 7));
        Lot.Campaign(JapanDay.Parse("2027-03-31"), 999).Term.ShouldBeLessThan(Lot.Campaign(JapanDay.Parse("2027-04-01")).Term);
        (Lot.ChargeOnly.LastDay, Lot.ChargeOnly.LivesOn(JapanDay.Parse("2999-12-31"))).ShouldBe((null, true));
        Should.Throw<ArgumentOutOfRangeException>(() => Lot.Campaign(s_soon, 1_000));
        Lot.Of(AccountType.Money, 0).ShouldBeNull();
    }

    [Theory, BothEngines]
    public async Task A_payment_takes_lots_that_the_store_takes_soonest_first_and_of_one_day_the_narrower(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (cafe, inn) = (await town.Store("Café Loop"), await town.Store("Inn"));
        var onlyCafe = await Use(town, SpendingPlace.Store(cafe.Id));
        var aoi = await town.Member("Aoi").With(Lot.Basic(s_soon), 10.Points()).With(Lot.Campaign(s_soon), 20.Points())
            .With(Lot.Campaign(s_soon, onlyCafe), 40.Points()).With(Lot.Campaign(s_later, onlyCafe), 80.Points())
            .With(Lot.ChargeOnly, 500.Points());

        (await town.Wallet(aoi)).Points.ShouldBe(150.Points());
        (await town.Wallet(aoi)).At(inn.Id).Points.ShouldBe(30.Points());
        (await town.Pay(aoi, inn, 31.Yen(), 31.Points())).Refusal.ShouldBe(PayRefusal.InsufficientPoints);
        await town.Paid(aoi, cafe, 65.Yen(), 65.Points());
        (await Lines(town, aoi)).ShouldBe("Basic 20260610: 5, Campaign 260731001: 80, ChargeOnly 0: 500");
        await town.Paid(aoi, inn, 5.Yen(), 5.Points());
        (await town.Pay(aoi, inn, 1.Yen(), 1.Points())).Refusal.ShouldBe(PayRefusal.InsufficientPoints);
        await town.Paid(aoi, cafe, 80.Yen(), 80.Points());
        (await Lines(town, aoi)).ShouldBe("ChargeOnly 0: 500");
        (await town.Wallet(aoi)).Points.ShouldBe(PointAmount.Zero);
    }

    [Theory, BothEngines]
    public async Task A_refund_gives_back_to_the_lots_it_came_from_and_what_lapsed_meanwhile_is_gone(Engine engine)
    {
        await using var town = await Town.On(engine);
        var cafe = await town.Store("Café Loop");
        var onlyCafe = await Use(town, SpendingPlace.Store(cafe.Id));
        var aoi = await town.Member("Aoi").With(Lot.Campaign(s_soon, onlyCafe), 40.Points()).With(Lot.Campaign(s_later), 60.Points());
        var paid = await town.Paid(aoi, cafe, 100.Yen(), 100.Points());

        await town.Refunded(paid.PaymentId, cafe, 70.Yen());
        (await Lines(town, aoi)).ShouldBe("Campaign 260610001: 10, Campaign 260731000: 60");
        await town.Paid(aoi, cafe, 10.Yen(), 10.Points());
        town.Clock.Move(s_soon.Next.Start - town.Clock.GetUtcNow());
        await town.Refunded(paid.PaymentId, cafe, 30.Yen());
        (await Lines(town, aoi)).ShouldBe("Campaign 260731000: 60");
        (await town.Balance(Chart.Operator, AccountType.Breakage)).ShouldBe(30);
    }

    [Theory, BothEngines]
    public async Task What_was_earned_is_taken_back_from_lots_that_are_worth_as_much_at_the_store(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (cafe, inn) = (await town.Store("Café Loop"), await town.Store("Inn"));
        var onlyInn = await Use(town, SpendingPlace.Store(inn.Id));
        var aoi = await town.Member("Aoi").With(2_000.Yen()).With(Lot.ChargeOnly, 9.Points());
        var paid = await town.Paid(aoi, cafe, 2_000.Yen());
        await town.Paid(aoi, inn, 7.Yen(), 7.Points());
        await town.Post(Lot.Campaign(s_later, onlyInn).LegOf(aoi.Id, 50.Points()),
            Leg.Of(Chart.Operator, AccountType.PointLiability, (-50).Points()));

        var refunded = await town.Refunded(paid.PaymentId, cafe, 2_000.Yen());
        (refunded.Yen, refunded.PointsTakenBack).ShouldBe((1_993.Yen(), 10.Points()));
        (await Lines(town, aoi)).ShouldBe("Campaign 260731001: 50, ChargeOnly 0: 9");
    }

    [Theory, BothEngines]
    public async Task Each_kind_with_a_last_day_lapses_after_it_and_charge_only_points_never(Engine engine)
    {
        await using var town = await Town.On(engine);
        var use = await Use(town, SpendingPlace.Any(SpendingKind.Reward));
        var yesterday = town.Today.Previous;
        var aoi = await town.Member("Aoi").With(Lot.Campaign(yesterday, use), 1.Points()).With(Lot.Campaign(yesterday), 2.Points())
            .With(Lot.Basic(yesterday), 4.Points()).With(Lot.Campaign(town.Today, use), 8.Points())
            .With(Lot.Basic(town.Today), 16.Points()).With(Lot.ChargeOnly, 32.Points());

        (await town.Expire(town.Today)).ShouldBe(new Expired(3, 7.Points()));
        (await town.Expire(town.Today)).ShouldBe(new Expired(0, 0.Points()));
        town.Clock.Move(TimeSpan.FromDays(900));
        (await town.Expire(town.Today)).ShouldBe(new Expired(2, 24.Points()));
        (await Lines(town, aoi)).ShouldBe("ChargeOnly 0: 32");
    }

    // At midnight, of a campaign's lot: the payments were asked for before it, the night begins after it.
    [Theory, BothEngines]
    public async Task A_campaign_lot_that_is_spent_and_lapses_at_the_same_time_does_one_of_the_two(Engine engine)
    {
        await using var town = await Town.On(engine);
        var cafe = await town.Store("Café Loop");
        var use = await Use(town, SpendingPlace.Store(cafe.Id));
        var crowd = await Task.WhenAll(Enumerable.Range(0, 40)
            .Select(async i => await town.Member($"M {i}").With(Lot.Campaign(town.Today, use), 30.Points())));

        var paying = crowd.Select(who => Task.Run(() => town.Pay(who, cafe, 20.Yen(), 20.Points()))).ToList();
        var night = await Task.Run(() => town.Expire(town.Today.Next));
        var paid = (await Task.WhenAll(paying)).Count(p => p.Accepted);
        night = new Expired(night.Lots, night.Points + (await town.Expire(town.Today.Next)).Points);

        (paid * 20 + night.Points.Value).ShouldBe(40 * 30);
        (await town.Balance(Chart.Operator, AccountType.Breakage)).ShouldBe(night.Points.Value);
    }

    [Theory, BothEngines]
    public async Task A_node_learns_a_use_that_was_made_on_another_when_it_meets_a_lot_for_it(Engine engine)
    {
        await using var town = await Town.On(engine);
        var cafe = await town.Store("Café Loop");
        var aoi = await town.Member("Aoi").With(Lot.Campaign(s_soon, await Use(town, SpendingPlace.Store(cafe.Id))), 5.Points());
        var pay = new Pay(town.Db, town.Ledger, town.Programme, town.Clock, new PointUses(town.Db), town.Get<RunningCampaigns>());
        (await pay.Run(Town.Payment(aoi, cafe, 2.Yen(), 2.Points()))).Accepted.ShouldBeTrue();
        await town.Post(Lot.Campaign(s_soon, await Use(town, SpendingPlace.Any(SpendingKind.Store))).LegOf(aoi.Id, 4.Points()),
            Leg.Of(Chart.Operator, AccountType.PointLiability, (-4).Points()));
        (await pay.Run(Town.Payment(aoi, cafe, 7.Yen(), 7.Points()))).Accepted.ShouldBeTrue();
        (await Lines(town, aoi)).ShouldBe("");
    }

    [Theory, BothEngines]
    public async Task Verify_names_lots_of_no_day_and_for_nothing(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        var member = Guid.Parse("00000000-0000-7000-8000-000000000077");
        await test.Database.Transact(async tx =>
        {
            foreach (var (type, term) in ((short, int)[])[(3, 20260331), (3, 20261301), (4, 260_610_009), (4, 261_301_000), (5, 20260101)])
                await tx.Connection!.ExecuteAsync(
                    "insert into account (owner, account_type, term, stripe, balance) values (@member, @type, @term, 0, 0)",
                    new { member, type, term }, tx);
        });
        var lots = (await new Verify(test.Database).Run()).Checks
            .Single(c => c.Check.Contains("each lot is", StringComparison.Ordinal)).Broken;
        lots.Select(l => l[(l.IndexOf(' ', StringComparison.Ordinal) + 1)..]).Order(StringComparer.Ordinal).ShouldBe(
        [
            "campaignpoints lapsing after 2026-06-10 for use 9 is for a use that there is not",
            "campaignpoints of term 261301000 is a lot of no day",
            "chargeonlypoints lapsing after 2026-01-01 is a lot of no day",
            "points of term 20261301 is a lot of no day",
        ]);
    }

    /// <summary>Makes a use of points for these places.</summary>
    static async Task<int> Use(Town town, params SpendingPlace[] places)
    {
        PointUse? made = null;
        await town.Db.Transact(async tx =>
            made = await PointUses.Add(tx, "ここだけ", "only here", places, town.Clock.GetUtcNow()));
        return made!.Number;
    }

    static async Task<string> Lines(Town town, Resident who) =>
        string.Join(", ", (await town.Get<PointsHeld>().Of(who.Id)).Lots.Select(l => $"{l.Lot}: {l.Points.Value}"));
}
