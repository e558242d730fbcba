using Dapper;
using Ensen.Basics;
using Ensen.Cards;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Transit;
using Ensen.Wallet;

namespace Ensen.Tests.Transit;

/// <summary>Rides come in any order, twice, late and broken: each is kept once, and a month's points are posted exactly once.</summary>
public class RidesTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task What_is_no_ride_is_listed_with_its_line_and_why(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var read = await station.FeedFile("""
            card,from,to,fare,inAt,outAt
            JW000000000000001,大阪,京橋,170,2026-06-01T10:00:00+09:00,2026-06-01T10:20:00+09:00
            JW000000000000001,大阪,京橋,170,2026-06-01T01:00:00Z,2026-06-01T01:20:00Z
            JW000000000000001,大阪,京橋,180,2026-06-01T10:00:00+09:00,2026-06-01T10:20:00+09:00
            JW000000000000001,,京橋,0,,2026-06-01T11:20:00+09:00
            JW000000000000001,大阪,,0,2026-06-01T12:00:00+09:00,
            1234,大阪,京橋,170,2026-06-01T10:00:00+09:00,2026-06-01T10:20:00+09:00
            JW000000000000001,大阪,京橋,-170,2026-06-01T10:00:00+09:00,2026-06-01T10:20:00+09:00
            JW000000000000001,大阪,京橋,170,2026-06-01T10:00:00+09:00,2026-06-01T09:20:00+09:00
            JW000000000000001,大阪,京橋,170,2026-06-01 10:00,2026-06-01T09:20:00+09:00
            JW000000000000001,大阪,,170,2026-06-01T10:00:00+09:00,2026-06-01T10:20:00+09:00
            JW000000000000001,大阪,京橋,170
            JW000000000000001,大阪,京橋,170,2027-06-01T10:00:00+09:00,2027-06-01T10:20:00+09:00
            JW000000000000001,大阪,京橋,170,2009-06-01T10:00:00+09:00,2009-06-01T10:20:00+09:00
            """);

        (read.Lines, read.Accepted, read.Duplicates, read.Refused).ShouldBe((13, 3, 1, 9));
        read.Shown.Select(r => $"{r.Line} {r.Fault}").ShouldBe(
        [
            "4 OtherFare", "7 InvalidCard", "8 InvalidFare", "9 InvalidTime", "10 InvalidTime", "11 InvalidStation", "12 InvalidLine", "13 InFuture",
            "14 TooOld",
        ]);
        (await station.Get<RideFeeds>().Refused(read.Feed, ct: Ct)).Select(r => r.Line).ShouldBe(read.Shown.Select(r => r.Line));
        read.Shown[0].Text.ShouldStartWith("****0001,大阪,京橋,180", customMessage: "the number is kept nowhere");
        (await station.Get<RideFeeds>().Latest(Ct)).ShouldHaveSingleItem().Refused.ShouldBe(9);
        (await station.Count("select count(*) from ride")).ShouldBe(3);
    }

    [Theory, BothEngines]
    public async Task In_any_order_and_twice_it_comes_to_the_same(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var random = new Random(11);
        var totals = new List<long>();
        for (var round = 0; round < 3; round++)
        {
            var (member, card) = (await station.Member($"m{round}"), await station.Card());
            await station.Link(member, card);
            var rides = Enumerable.Range(0, 40).Select(i => Station.Ride(card.Number, $"2026-06-{1 + i / 2:00} {(i % 2 == 0 ? "10:30" : "18:00")}")).ToArray();
            if (round > 0)
                rides = [.. rides.Concat(rides.Take(10))];
            random.Shuffle(rides);
            var read = await station.Feed(rides[..15]);
            var rest = await station.Feed(rides[15..]);
            (read.Accepted + rest.Accepted).ShouldBe(40);
            (read.Duplicates + rest.Duplicates).ShouldBe(round > 0 ? 10 : 0);
            totals.Add((await station.Month(member, 202606)).Points.Value);
        }
        totals.Distinct().ShouldHaveSingleItem().ShouldBeGreaterThan(0);
    }

    [Theory, BothEngines]
    public async Task A_months_points_are_posted_once_in_the_first_days_of_the_next(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, card) = (await station.Member(), await station.Card());
        await station.Link(aoi, card);
        await station.Feed([.. Enumerable.Range(1, 6).Select(i => Station.Ride(card.Number, $"2026-06-0{i} 12:00"))]);
        station.Clock.Set("2026-07-01 23:59");
        (await station.Post()).Cards.ShouldBe(0, "rides of the last days still come in");

        station.Clock.Set("2026-07-02 04:00");
        (await station.Post()).ShouldBe(new RidePointsPosted(1, new PointAmount(51)));
        (await station.Post()).Cards.ShouldBe(0);
        (await station.Points(aoi)).ShouldBe(51);

        // A ride that came late, and one that came twice.
        await station.Feed(Station.Ride(card.Number, "2026-06-07 12:00", fare: 200), Station.Ride(card.Number, "2026-06-01 12:00"));
        (await station.Post()).ShouldBe(new RidePointsPosted(1, new PointAmount(20)));
        (await station.Points(aoi)).ShouldBe(71);
        (await station.Get<History>().Of(aoi, null, 10, Ct)).Select(i => i.Party)
            .ShouldBe([$"****{card.Number[^4..]} 2026/06", $"****{card.Number[^4..]} 2026/06"], "of which card, and of which month");
        var month = await station.Month(aoi, 202606);
        (month.Points.Value, month.Posted.Value, month.Rides.Count).ShouldBe((71, 71, 7));
    }

    [Theory, BothEngines]
    public async Task Twenty_runs_at_once_post_once(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var members = new List<Ensen.Members.MemberId>();
        for (var i = 0; i < 10; i++)
        {
            var (member, card) = (await station.Member($"m{i}"), await station.Card());
            await station.Link(member, card);
            await station.Feed([.. Enumerable.Range(1, 6).Select(n => Station.Ride(card.Number, $"2026-06-0{n} 12:00"))]);
            members.Add(member);
        }
        station.Clock.Set("2026-07-02 12:00");
        var runs = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(station.Post, Ct)));
        runs.Sum(r => r.Cards).ShouldBe(10);
        foreach (var member in members)
            (await station.Points(member)).ShouldBe(51);
    }

    [Theory, BothEngines]
    public async Task A_run_that_died_half_way_is_finished_by_the_next(Engine engine)
    {
        await using var station = await Station.Open(engine);
        for (var i = 0; i < 7; i++)
        {
            var card = await station.Card();
            await station.Link(await station.Member($"m{i}"), card);
            await station.Feed([.. Enumerable.Range(1, 6).Select(n => Station.Ride(card.Number, $"2026-06-0{n} 12:00"))]);
        }
        station.Clock.Set("2026-07-02 12:00");
        await station.Post();
        // As if it had died before it noted that the month is done, and some cards had not been reached.
        await station.Db.Transact(tx => tx.Connection!.ExecuteAsync("update ride_month set posted_version = 0", transaction: tx), Ct);
        (await station.Post()).Cards.ShouldBe(0);
        (await station.Count("select sum(points) from ride_points")).ShouldBe(7 * 51);
    }

    [Theory, BothEngines]
    public async Task Pages_cut_no_card_in_two(Engine engine)
    {
        await using var station = await Station.Open(engine);
        for (var i = 0; i < 9; i++)
        {
            var card = await station.Card();
            await station.Link(await station.Member($"m{i}"), card);
            await station.Feed([.. Enumerable.Range(1, 5 + i).Select(n => Station.Ride(card.Number, $"2026-06-{n:00} 12:00"))]);
        }
        station.Clock.Set("2026-07-02 12:00");
        var small = new PostRidePoints(station.Db, station.Get<Ensen.Ledger.GeneralLedger>(), new Programme(), station.Clock,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<PostRidePoints>.Instance)
        { Page = 7 };
        (await small.Run(Ct)).ShouldBe(new RidePointsPosted(9, new PointAmount(17 * Enumerable.Range(0, 9).Sum(i => 2 + i))));
    }

    [Theory, BothEngines]
    public async Task Rides_after_a_card_was_unlinked_bring_nothing_and_those_before_do(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, ren, card) = (await station.Member(), await station.Member("ren"), await station.Card());
        var linked = (await station.Link(aoi, card)).Value!;
        station.Clock.Set("2026-06-07 00:00");
        await station.Get<UnlinkCard<TransitCard, TransitCardId>>().Run(aoi, linked.Id, Ct);
        station.Clock.Set("2026-06-08 00:00");
        await station.Link(ren, card);
        await station.Feed([.. Enumerable.Range(1, 13).Select(n => Station.Ride(card.Number, $"2026-06-{n:00} 12:00"))]);
        station.Clock.Set("2026-07-02 12:00");
        await station.Post();
        (await station.Points(aoi)).ShouldBe(3 * 17, "the fourth to the sixth of June");
        (await station.Points(ren)).ShouldBe(4 * 17, "the tenth to the thirteenth");
    }

    [Theory, BothEngines]
    public async Task A_late_ride_is_judged_by_the_rules_of_its_month(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, card) = (await station.Member(), await station.Card());
        await station.Link(aoi, card);
        await station.Feed([.. Enumerable.Range(1, 5).Select(i => Station.Ride(card.Number, $"2026-06-0{i} 12:00"))]);
        station.Clock.Set("2026-07-02 12:00");
        await station.Post();
        await station.Feed(Station.Ride(card.Number, "2026-06-06 12:00"));
        var dearer = new PostRidePoints(station.Db, station.Get<Ensen.Ledger.GeneralLedger>(),
            new Programme { Transit = new TransitRules { GroupPercent = 50 } }, station.Clock,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<PostRidePoints>.Instance);
        (await dearer.Run(Ct)).Points.Value.ShouldBe(17);
    }

    /// <summary>
    /// Two nodes post the same month, and rides come in between: the one that knew fewer rides posts first, and the other one, which
    /// knew them all, finds the number taken. The month is not done then.
    /// </summary>
    [Theory, BothEngines]
    public async Task A_run_that_is_overtaken_by_one_that_knew_fewer_rides_leaves_the_month_open(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, card) = (await station.Member(), await station.Card());
        var link = (await station.Link(aoi, card)).Value!;
        await station.Feed([.. Enumerable.Range(1, 5).Select(i => Station.Ride(card.Number, $"2026-06-0{i} 12:00"))]);
        station.Clock.Set("2026-07-02 12:00");
        var ledger = station.Get<Ensen.Ledger.GeneralLedger>();
        var clock = new Meanwhile(station.Clock, secondTime: () =>
            ledger.Post(new PostRidePoints.RidePointsDraft(link, 202606, 1, new PointAmount(17),
                new Ensen.Ledger.EntryId(Id.New(station.Clock)), station.Clock.Now()), Ct));
        var overtaken = new PostRidePoints(station.Db, ledger, new Programme(), clock,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<PostRidePoints>.Instance);
        (await overtaken.Run(Ct)).Cards.ShouldBe(0);

        (await station.Post()).ShouldBe(new RidePointsPosted(1, new PointAmount(17)));
        (await station.Points(aoi)).ShouldBe(2 * 17);
        (await station.Count("select count(*) from ride_month where read_version <> posted_version")).ShouldBe(0);
    }

    /// <summary>A clock before whose second answer something else happens: between what a run reads and what it posts.</summary>
    sealed class Meanwhile(TimeProvider clock, Func<Task> secondTime) : TimeProvider
    {
        int _asked;

        public override DateTimeOffset GetUtcNow()
        {
            if (Interlocked.Increment(ref _asked) == 2)
                Task.Run(secondTime, Ct).Wait(Ct);
            return clock.GetUtcNow();
        }
    }
}
