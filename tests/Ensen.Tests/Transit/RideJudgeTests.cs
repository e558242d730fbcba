using System.Globalization;
using Ensen.Basics;
using Ensen.Transit;

namespace Ensen.Tests.Transit;

/// <summary>What a month's rides of a card bring, by a table that somebody can work out by hand.</summary>
public class RideJudgeTests
{
    static readonly Guid s_card = Guid.Parse("00000000-0000-7000-8000-000000000001");

    /// <summary>Day and time of the gate in, stations, fare; what it brings and why.</summary>
    const string November = """
        11-02 10:00  大阪    天王寺  200   0  GroupBefore  1
        11-02 17:00  天王寺  大阪    200   0  FareBefore   1
        11-02 09:59  大阪    天王寺  200   0  FareBefore   2
        11-03 08:00  大阪    京橋    170   0  GroupBefore  2
        11-04 16:59  京橋    大阪    170   0  GroupBefore  3
        11-05 12:00  大阪    天王寺  200  20  GroupPoints  4
        11-07 23:30  鶴橋    天王寺  135  13  GroupPoints  5
        11-08 25:10  天王寺  鶴橋    135  13  GroupPoints  6
        11-09 12:00  大阪    三ノ宮  460   0  FareBefore   1
        11-10 12:00  大阪    -       0     0  MissingGate  0
        11-11 12:00  大阪    大阪    150   0  SameStation  0
        """;

    [Fact]
    public void Each_ride_brings_what_the_table_says()
    {
        var rows = November.Split('\n', StringSplitOptions.TrimEntries).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var rides = rows.Select(r => Ride($"2026-{r[0]}", r[1], r[2], r[3] == "-" ? null : r[3], long.Parse(r[4], CultureInfo.InvariantCulture))).ToList();

        var judged = Judge().Judge(rides.AsEnumerable().Reverse()).ToDictionary(j => j.Ride);

        foreach (var (row, ride) in rows.Zip(rides))
        {
            var it = judged[ride];
            // The second of the table comes after the third on that morning.
            var nth = row[6] == "FareBefore" && row[4] == "200" ? 3 - int.Parse(row[7], CultureInfo.InvariantCulture) : int.Parse(row[7], CultureInfo.InvariantCulture);
            $"{row[0]} {it.Points.Value} {it.Why} {it.Nth}".ShouldBe($"{row[0]} {row[5]} {row[6]} {nth}");
        }
    }

    [Fact]
    public void From_the_eleventh_ride_at_one_fare_on_each_brings_a_tenth()
    {
        var rides = Enumerable.Range(2, 12).Select(day => Ride($"2026-11-{day:00}", "08:00", "大阪", "三ノ宮", 460))
            .Append(Ride("2026-11-20", "08:00", "大阪", "神戸", 450)).ToList();
        Judge().Judge(rides).Where(j => j.Ride.Fare == 460).Select(j => j.Points.Value)
            .ShouldBe([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 46, 46]);
        Judge().Total(rides).Value.ShouldBe(92);
    }

    [Theory]
    [InlineData("2026-11-03", "08:00", RideWhy.GroupBefore)]
    [InlineData("2026-11-04", "08:00", RideWhy.FareBefore)]
    [InlineData("2026-12-29", "08:00", RideWhy.FareBefore)]
    [InlineData("2026-12-30", "08:00", RideWhy.GroupBefore)]
    [InlineData("2027-01-03", "08:00", RideWhy.GroupBefore)]
    [InlineData("2027-01-04", "08:00", RideWhy.FareBefore)]
    [InlineData("2026-11-27", "25:30", RideWhy.FareBefore)]
    [InlineData("2026-11-29", "25:30", RideWhy.GroupBefore)]
    public void The_window_is_of_the_railways_day(string day, string time, RideWhy why) =>
        Judge().Judge([Ride(day, time, "大阪", "京橋", 170)]).ShouldHaveSingleItem().Why.ShouldBe(why);

    [Fact]
    public void One_more_ride_never_makes_it_less()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var rides = new List<Ride>();
            var before = 0L;
            for (var n = 0; n < 25; n++)
            {
                rides.Add(Ride($"2026-11-{random.Next(1, 31):00}", $"{random.Next(5, 24):00}:{random.Next(60):00}", "大阪",
                    random.Next(3) == 0 ? "三ノ宮" : "京橋", random.Next(1, 4) * 105));
                var now = Judge().Total(rides).Value;
                now.ShouldBeGreaterThanOrEqualTo(before);
                before = now;
            }
        }
    }

    static RideJudge Judge() => new(RideRules.Of(new Programme()));

    /// <summary>Hours from 24 on are of the night after the day.</summary>
    static Ride Ride(string day, string time, string from, string? to, long fare)
    {
        var (date, parts) = (JapanDay.Parse(day), time.Split(':').Select(t => int.Parse(t, CultureInfo.InvariantCulture)).ToList());
        var at = date.Start.AddHours(parts[0]).AddMinutes(parts[1]);
        ServiceDay.Of(at, new TransitRules()).ShouldBe(date);
        var ms = at.ToUnixTimeMilliseconds();
        return new Ride(date.Month, s_card, Guid.NewGuid(), date.Number, from, to, fare, ms, to is null ? null : ms + 900_000);
    }
}
