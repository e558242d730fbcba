using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Sandbox.Gateways;
using Ensen.Sandbox.Town;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Tests.Transit;
using Ensen.Transit;

namespace Ensen.Tests.Gateways;

/// <summary>Gates to play with: what they saw is a ride in the product's own feed, also where something went wrong.</summary>
public class SandboxGatesTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task In_at_one_station_and_out_at_another_is_a_ride_with_its_fare(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (gates, aoi) = (GatesOf(station), await station.Member());
        var card = await gates.Issue(TransitCardForm.Plastic, Ct);
        await station.Link(aoi, card);
        station.Clock.Set("2026-06-10 12:00");
        (await gates.Enter(card.Number, "大阪", Ct)).ShouldBe([]);
        (await gates.Find(card.Number, Ct))!.Station.ShouldBe("大阪");
        station.Clock.Set("2026-06-10 12:20");
        var told = (await gates.Leave(card.Number, "天王寺", Ct)).ShouldNotBeNull().ShouldHaveSingleItem();
        (told.From, told.To, told.Fare, told.Said).ShouldBe(("大阪", "天王寺", 210, "accepted"));
        (await gates.Find(card.Number, Ct))!.Station.ShouldBeNull();

        var ride = (await station.Month(aoi, 202606)).Rides.ShouldHaveSingleItem().Judged;
        (ride.Ride.FromStation, ride.Ride.ToStation, ride.Ride.Fare, ride.Why).ShouldBe(("大阪", "天王寺", 210, RideWhy.GroupBefore));
    }

    [Theory, BothEngines]
    public async Task What_goes_wrong_at_gates_is_told_as_gates_tell_it(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (gates, aoi) = (GatesOf(station), await station.Member());
        var card = await gates.Issue(TransitCardForm.Mobile, Ct);
        station.Clock.Set("2026-06-01 05:00");
        await station.Link(aoi, card);
        station.Clock.Set("2026-07-01 10:00");
        Task<IReadOnlyList<GateRide>?> Play(GateCase what, int days = 3) => gates.Play(what, card.Number, "京橋", "鶴橋", days, Ct);

        (await Play(GateCase.ToldTwice)).ShouldBeNull("nothing was told yet");
        (await Play(GateCase.MissedOut)).ShouldNotBeNull().ShouldHaveSingleItem().To.ShouldBeNull();
        station.Clock.Move(TimeSpan.FromMinutes(1));
        (await Play(GateCase.Late, 2)).ShouldNotBeNull().ShouldHaveSingleItem().Said.ShouldBe("accepted");
        (await Play(GateCase.ToldTwice)).ShouldNotBeNull().ShouldHaveSingleItem().Said.ShouldBe("duplicate");
        var night = (await Play(GateCase.OverMidnight)).ShouldNotBeNull().ShouldHaveSingleItem();
        (night.InAt!.Value.Day, night.OutAt!.Value.Day).ShouldBe((30, 1));

        (await station.Month(aoi, 202606)).Rides.Select(r => (r.Judged.Ride.Day, r.Judged.Why)).ShouldBe(
            [(20260630, RideWhy.FareBefore), (20260629, RideWhy.FareBefore)], ignoreOrder: true);
        (await station.Month(aoi, 202607)).Rides.ShouldHaveSingleItem().Judged.Why.ShouldBe(RideWhy.MissingGate);
    }

    [Theory, BothEngines]
    public async Task Who_goes_in_twice_or_comes_out_of_nowhere_or_stays_for_days_missed_a_gate(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var gates = GatesOf(station);
        var card = await gates.Issue(TransitCardForm.Plastic, Ct);
        (await Told(gates.Leave(card.Number, "今宮", Ct))).ShouldBe(["— → 今宮 0"]);
        (await Told(gates.Enter(card.Number, "大正", Ct))).ShouldBe([]);
        station.Clock.Move(TimeSpan.FromMinutes(5));
        (await Told(gates.Enter(card.Number, "福島", Ct))).ShouldBe(["大正 → — 0"]);
        station.Clock.Move(TimeSpan.FromDays(2));
        (await Told(gates.Leave(card.Number, "福島", Ct))).ShouldBe(["福島 → — 0", "— → 福島 0"]);

        (await gates.Enter("JW0", "福島", Ct)).ShouldBeNull();
        (await gates.Enter(card.Number, "東京", Ct)).ShouldBeNull();
        (await gates.Play(GateCase.Late, card.Number, "福島", "福島", 3, Ct)).ShouldBeNull();

        static async Task<IEnumerable<string>> Told(Task<IReadOnlyList<GateRide>?> rides) =>
            (await rides)!.Select(r => FormattableString.Invariant($"{r.From ?? "—"} → {r.To ?? "—"} {r.Fare}"));
    }

    [Theory, BothEngines]
    public async Task Of_twenty_who_come_out_with_one_card_at_once_one_has_the_ride(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var gates = GatesOf(station);
        var card = await gates.Issue(TransitCardForm.Plastic, Ct);
        await gates.Enter(card.Number, "大阪", Ct);
        station.Clock.Move(TimeSpan.FromMinutes(9));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => gates.Leave(card.Number, "京橋", Ct), Ct)));
        (await station.Count("select count(*) from ride where in_ms is not null and out_ms is not null")).ShouldBe(1);
        (await station.Count("select count(*) from sandbox_gate_ride where said is null")).ShouldBe(0);
    }

    [Fact]
    public void A_fare_goes_by_the_distance_the_shorter_way_round()
    {
        LoopLine.Stations.Count.ShouldBe(19);
        foreach (var from in LoopLine.Stations)
            foreach (var to in LoopLine.Stations)
            {
                LoopLine.Metres(from, to).ShouldBe(LoopLine.Metres(to, from));
                LoopLine.Metres(from, to).ShouldBeLessThanOrEqualTo(LoopLine.Fares[^1].Metres);
                LoopLine.Fare(from, to).ShouldBe(LoopLine.Fares.First(f => LoopLine.Metres(from, to) <= f.Metres).Yen);
            }
        (LoopLine.Fare("大阪", "福島"), LoopLine.Fare("大阪", "京橋"), LoopLine.Fare("大阪", "天王寺")).ShouldBe((150, 170, 210));
        (LoopLine.Metres("大阪", "京橋"), LoopLine.IsForward("大阪", "京橋"), LoopLine.IsForward("大阪", "西九条")).ShouldBe((4_300, false, true));
    }

    static SandboxGates GatesOf(Station station) =>
        new(station.Db, station.World, station.Get<ReadRides>(), station.Clock);
}
