using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Tests.Transit;
using Ensen.Transit;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A gate whose clock was wrong told its rides again with the right time: each was another ride, so the fourth was reached with two, and a
/// ride without its gate out stayed listed beside the whole one. Rides of one card that overlap are one ride, and the last word stands.
/// </summary>
public class ARideToldAnewWasASecondOne
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Put_right_by_a_second_it_brings_points_once(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, card) = await Linked(station);
        var rides = Enumerable.Range(1, 5).Select(i => Station.Ride(card, $"2026-06-0{i} 12:00")).ToArray();
        await station.Feed(rides);
        (await station.Feed([.. rides.Select(r => Moved(r, seconds: 1))])).ShouldSatisfyAllConditions(
            r => r.Accepted.ShouldBe(5), r => r.Refused.ShouldBe(0));
        (await station.Month(aoi, 202606)).Rides.Select(r => r.Judged.Ride.InMs % 60_000).ShouldBe(Enumerable.Repeat<long?>(1_000, 5), "the last word");
        station.Clock.Set("2026-07-02 12:00");
        (await station.Post()).Points.Value.ShouldBe(34);
        await Holds(station);

        // Once more after they are posted, and the first word again.
        await station.Feed([.. rides.Select(r => Moved(r, seconds: 90))]);
        await station.Feed(rides);
        (await station.Post()).Cards.ShouldBe(0);
        (await station.Points(aoi)).ShouldBe(34);
        await Holds(station);
    }

    [Theory, BothEngines]
    public async Task A_whole_ride_takes_the_place_of_the_half_one_in_whatever_order(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, card) = await Linked(station);
        var whole = Station.Ride(card, "2026-06-01 12:00");
        await station.Feed(whole with { To = null, OutAt = null, Fare = 0 });
        (await station.Month(aoi, 202606)).Rides.ShouldHaveSingleItem().Judged.Why.ShouldBe(RideWhy.MissingGate);
        await station.Feed(whole);
        (await station.Month(aoi, 202606)).Rides.ShouldHaveSingleItem().Judged.Why.ShouldBe(RideWhy.GroupBefore);
        await station.Feed(whole with { From = null, InAt = null, Fare = 0 });
        (await station.Month(aoi, 202606)).Rides.Count.ShouldBe(1);

        // Who comes out and goes in again at once rides twice; who left by no gate did not ride this.
        await station.Feed(Moved(whole, seconds: 30 * 60), whole with { InAt = whole.InAt!.Value.AddHours(1), To = null, OutAt = null });
        (await station.Month(aoi, 202606)).Rides.Count.ShouldBe(3);
    }

    [Theory, BothEngines]
    public async Task What_was_posted_for_it_stays_and_nothing_comes_on_top(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, card) = await Linked(station);
        await station.Feed([.. Enumerable.Range(1, 5).Select(i => Station.Ride(card, $"2026-06-0{i} 12:00"))]);
        station.Clock.Set("2026-07-02 12:00");
        (await station.Post()).Points.Value.ShouldBe(34);

        // The fifth went to another station and cost another fare: then the month comes to less than was posted.
        await station.Feed(Station.Ride(card, "2026-06-05 12:01", to: "三ノ宮", fare: 420));
        (await station.Post()).Cards.ShouldBe(0);
        await Holds(station);
        await station.Feed(Station.Ride(card, "2026-06-08 12:00"), Station.Ride(card, "2026-06-09 12:00"));
        (await station.Post()).Points.Value.ShouldBe(17, "51 less what was posted");
        (await station.Points(aoi)).ShouldBe(51);
        await Holds(station);
    }

    [Theory, BothEngines]
    public async Task Thirty_words_of_five_rides_at_once_are_five_rides(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, card) = await Linked(station);
        await Task.WhenAll(Enumerable.Range(0, 30).Select(n => Task.Run(() => station.Feed(
            [.. Enumerable.Range(1, 5).Select(i => Moved(Station.Ride(card, $"2026-06-0{i} 12:00"), seconds: n))]), Ct)));
        station.Clock.Set("2026-07-02 12:00");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(station.Post, Ct)));
        (await station.Points(aoi)).ShouldBe(34);
        (await station.Month(aoi, 202606)).Rides.Count.ShouldBe(5);
        await Holds(station);
    }

    /// <summary>Of two thousand random sets no two rides that stand overlap, and whatever does not stand overlaps one that does.</summary>
    [Fact]
    public void No_two_that_stand_overlap()
    {
        var random = new Random(5);
        for (var round = 0; round < 2_000; round++)
        {
            var told = Enumerable.Range(0, random.Next(1, 12)).Select(i =>
            {
                var inMs = random.Next(60);
                return new Ride(202606, Guid.Empty, Guid.NewGuid(), 20260601, "a", "b", 170, inMs, inMs + random.Next(12),
                    Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddSeconds(random.Next(5))), i);
            }).ToList();
            var standing = RideVersions.Standing(told);
            foreach (var one in standing)
                standing.Any(other => other != one && Overlap(one, other)).ShouldBeFalse();
            foreach (var fallen in told.Except(standing))
                standing.Any(other => Overlap(fallen, other) && (other.Feed, other.Line).CompareTo((fallen.Feed, fallen.Line)) > 0).ShouldBeTrue();
        }
    }

    static bool Overlap(Ride one, Ride other) => one.InMs < other.OutMs && other.InMs < one.OutMs;

    static FedRide Moved(FedRide ride, int seconds) =>
        ride with { InAt = ride.InAt!.Value.AddSeconds(seconds), OutAt = ride.OutAt!.Value.AddSeconds(seconds) };

    static async Task<(MemberId Member, string Card)> Linked(Station station)
    {
        var (aoi, card) = (await station.Member(), await station.Card());
        await station.Link(aoi, card);
        return (aoi, card.Number);
    }

    static async Task Holds(Station station)
    {
        await using var connection = await station.Db.Connect(Ct);
        (await RideCheck.Broken(connection)).ShouldBeEmpty();
    }
}
