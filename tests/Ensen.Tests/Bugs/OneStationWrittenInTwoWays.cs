using System.Text;
using Ensen.Basics;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Tests.Transit;
using Ensen.Transit;

namespace Ensen.Tests.Bugs;

/// <summary>
/// One name can be written in several ways that look the same, or nearly: a station whose voiced kana came in two parts, or whose letters
/// came half as wide, was another station, so one ride was two, and none was in its section group.
/// </summary>
public class OneStationWrittenInTwoWays
{
    const string Whole = "ユニバーサルシティ";
    const string Half = "ﾕﾆﾊﾞｰｻﾙｼﾃｨ";

    [Theory, BothEngines]
    public async Task It_is_one_ride_however_its_station_is_written(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var card = await station.Card();
        FedRide Ride(string from) => Station.Ride(card.Number, "2026-05-04 12:00", from, "桜島");

        var first = await station.Feed(Ride(Whole), Ride(Whole.Normalize(NormalizationForm.FormD)));
        var again = await station.Feed(Ride(Half), Ride(" " + Whole + "　"));

        (first.Accepted, first.Duplicates, again.Accepted, again.Duplicates).ShouldBe((1, 1, 0, 2));
        (await station.Feed(Ride(new string('ﷺ', 40)))).Shown.Single().Fault.ShouldBe(RideFault.InvalidStation, "it would be 720 letters");
    }

    [Theory, BothEngines]
    public async Task It_is_in_its_section_group_however_either_was_written(Engine engine)
    {
        var rules = new TransitRules { Groups = $"ゆめ咲線:{Whole.Normalize(NormalizationForm.FormD)},桜島" };
        await using var station = await Station.Open(engine, new Programme { Transit = rules });
        var (member, card) = (await station.Member(), await station.Card());
        (await station.Link(member, card)).Accepted.ShouldBeTrue();
        string[] names = [Whole, Half, Whole.Normalize(NormalizationForm.FormD), Whole];
        await station.Feed([.. names.Select((name, i) => Station.Ride(card.Number, $"2026-06-0{i + 1} 12:00", name, "桜島"))]);

        var month = await station.Month(member, 202606);

        month.Rides.Select(r => r.Judged.Why).ShouldBe(
            [RideWhy.GroupPoints, RideWhy.GroupBefore, RideWhy.GroupBefore, RideWhy.GroupBefore]);
        month.Rides.Select(r => r.Judged.Ride.FromStation).ShouldAllBe(name => name == Whole);
    }

    // Month and day are told apart by nobody who reads 04/05: only the form of the standard is an instant.
    [Theory]
    [InlineData("04/05/2026T12:00:00+09:00")]
    [InlineData("2026/04/05T12:00:00+09:00")]
    [InlineData("2026-04-05 12:00:00+09:00")]
    [InlineData("2026-04-05T12:00:00")]
    [InlineData("2026-02-29T12:00:00+09:00")]
    [InlineData("2026-04-05T24:00:00+09:00")]
    public void Only_the_standards_form_is_an_instant(string at) =>
        RideFile.Of(1, $"JW000000000000001,大阪,京橋,170,{at},2026-04-05T12:30:00+09:00").Fault.ShouldBe(RideFault.InvalidTime);
}
