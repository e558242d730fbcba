using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Points;

/// <summary>The night in which points lapse, also when it runs twice, late, on two nodes, or while people pay.</summary>
public class ExpireTests
{
    [Theory, BothEngines]
    public async Task Lots_lapse_when_their_last_day_is_over_and_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(10.Points(), "2026-05-31").With(20.Points(), "2026-06-01").With(40.Points(), "2026-06-02");
        var ren = await town.Member("Ren").With(100.Points(), "2025-03-31").With(700.Yen());

        (await town.Expire(town.Today)).ShouldBe(new Expired(2, 110.Points()));
        (await town.Expire(town.Today)).ShouldBe(new Expired(0, 0.Points())); // attack 75
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 60");
        (await town.Holds(ren)).ShouldBe("money 700, prepaid 0, points 0");

        town.Clock.Move(TimeSpan.FromDays(7));
        (await town.Expire(town.Today)).ShouldBe(new Expired(2, 60.Points()));
        (await town.Balance(Chart.Operator, AccountType.Breakage)).ShouldBe(170);
        (await town.Balance(Chart.Operator, AccountType.PointLiability)).ShouldBe(-170);
    }

    [Theory, BothEngines]
    public async Task A_night_that_dies_half_way_is_finished_by_the_next_run(Engine engine)
    {
        await using var town = await Town.On(engine);
        await Task.WhenAll(Enumerable.Range(0, 30).Select(async i => await town.Member($"M {i}").With(10.Points(), "2026-05-31")));
        var dying = new GeneralLedger(town.Db, town.Clock);
        await dying.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(new Expire(town.Db, dying, town.Clock).Run(town.Today));
        using (var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(5)))
            await Task.WhenAny(new Expire(town.Db, town.Ledger, town.Clock).Run(town.Today, impatience.Token));
        await town.Expire(town.Today);

        (await town.Balance(Chart.Operator, AccountType.Breakage)).ShouldBe(300);
        (await town.Entries(EntryKind.Expiry)).ShouldBe(30);
    }

    [Theory, BothEngines]
    public async Task Two_nodes_in_the_same_night_let_each_lot_lapse_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i => await town.Member($"M {i}").With(10.Points(), "2026-05-31")
            .With(5.Points(), "2026-05-30")));
        await using var node = new GeneralLedger(town.Db, town.Clock);

        var nights = await Task.WhenAll(
            Task.Run(() => town.Expire(town.Today)),
            Task.Run(() => new Expire(town.Db, node, town.Clock).Run(town.Today)),
            Task.Run(() => town.Expire(town.Today)));

        nights.Sum(n => n.Lots).ShouldBe(80);
        nights.Sum(n => n.Points).ShouldBe(600.Points());
        (await town.Entries(EntryKind.Expiry)).ShouldBe(80);
    }

    // At midnight: the payments were asked for before it, the night begins after it, and both want the same lot.
    [Theory, BothEngines]
    public async Task A_lot_that_is_spent_and_lapses_at_the_same_time_does_one_of_the_two(Engine engine)
    {
        await using var town = await Town.On(engine);
        var cafe = await town.Store("Café Loop");
        var crowd = await Task.WhenAll(Enumerable.Range(0, 60)
            .Select(async i => await town.Member($"M {i}").With(30.Points(), "2026-06-01")));

        var paying = crowd.Select(who => Task.Run(() => town.Pay(who, cafe, 20.Yen(), 20.Points()))).ToList();
        var lapsed = await town.Expire(JapanDay.Parse("2026-06-02"));
        var answers = await Task.WhenAll(paying);
        lapsed = new Expired(0, lapsed.Points + (await town.Expire(JapanDay.Parse("2026-06-02"))).Points);

        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == PayRefusal.InsufficientPoints);
        (lapsed.Points.Value + 20 * answers.Count(a => a.Accepted)).ShouldBe(60 * 30);
    }

    // More than a page of them, in one entry: a campaign gave them.
    [Theory, BothEngines]
    public async Task A_night_takes_as_many_lots_as_there_are(Engine engine)
    {
        const int many = 10_100;
        await using var town = await Town.On(engine);
        Leg[] given = [.. Enumerable.Range(0, many).Select(i => new Lot(LotKind.Basic, 20260530 + i % 2).LegOf(Id.New(town.Clock), 1.Points())),
            Leg.Of(Chart.Operator, AccountType.PointLiability, (-many).Points())];
        (await town.Post(given)).Accepted.ShouldBeTrue();

        (await town.Expire(town.Today)).ShouldBe(new Expired(many, many.Points()));
        (await town.Expire(town.Today)).ShouldBe(new Expired(0, 0.Points()));
    }
}
