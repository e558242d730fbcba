using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Transit;

/// <summary>The rules of a month: kept as they were when its points were first computed, so that a late ride is judged as the others
/// were.</summary>
public sealed record RideRules(TransitRules Transit, CalendarRules Calendar)
{
    public static RideRules Of(Programme programme) => new(programme.Transit, programme.Calendar);

    internal string Write() => JsonSerializer.Serialize(this, TransitJson.Default.RideRules);

    internal static RideRules Read(string text) => JsonSerializer.Deserialize(text, TransitJson.Default.RideRules)!;
}

/// <summary>Why a ride brought points, or none.</summary>
public enum RideWhy
{
    /// <summary>From the so-many-th in its section group within the time windows.</summary>
    GroupPoints = 1,

    /// <summary>In a section group within the time windows, and not the so-many-th yet.</summary>
    GroupBefore = 2,

    /// <summary>From the so-many-th at the same fare.</summary>
    FarePoints = 3,

    /// <summary>Not the so-many-th at that fare yet.</summary>
    FareBefore = 4,

    /// <summary>A gate was missed: where the ride went is not known.</summary>
    MissingGate = 5,

    /// <summary>In and out at one station: somebody was on the platform and rode nowhere.</summary>
    SameStation = 6,
}

/// <summary>A ride, the points it brought and why; <paramref name="Nth"/>: which it was of those that are counted together.</summary>
public sealed record JudgedRide(Ride Ride, RideWhy Why, int Nth, PointAmount Points);

/// <summary>
/// What the rides of one card in one month bring. A ride between two stations of a section group, within the windows, counts there; every
/// other one between two stations with those at the same fare. So no ride brings points twice. Rounded down per ride.
/// </summary>
public sealed class RideJudge
{
    readonly TransitRules _rules;
    readonly JapaneseCalendar _calendar;
    readonly Dictionary<string, List<int>> _groups = [];
    readonly ConcurrentDictionary<int, JapanDayKind?> _days = [];

    public RideJudge(RideRules rules)
    {
        (_rules, _calendar) = (rules.Transit, new JapaneseCalendar(rules.Calendar));
        foreach (var (stations, group) in rules.Transit.Groups.Split(';').Select((text, n) => (text.Split(':')[1].Split(','), n)))
            foreach (var station in stations.Select(StationName.Of).Distinct())
            {
                if (!_groups.TryGetValue(station, out var of))
                    _groups.Add(station, of = []);
                of.Add(group);
            }
    }

    public List<JudgedRide> Judge(IEnumerable<Ride> rides)
    {
        var (counts, judged) = (new Dictionary<(int Group, long Fare), int>(), new List<JudgedRide>());
        foreach (var ride in rides.OrderBy(r => r.AtMs).ThenBy(r => r.Id))
        {
            if (!ride.IsWhole || ride.FromStation == ride.ToStation)
            {
                judged.Add(new JudgedRide(ride, ride.IsWhole ? RideWhy.SameStation : RideWhy.MissingGate, 0, PointAmount.Zero));
                continue;
            }
            var group = IsInWindow(ride) ? GroupOf(ride) : null;
            var key = group is { } n ? (n, 0L) : (-1, ride.Fare);
            var nth = counts[key] = counts.GetValueOrDefault(key) + 1;
            var (from, percent) = group is null ? (_rules.FareFrom, _rules.FarePercent) : (_rules.GroupFrom, _rules.GroupPercent);
            var why = (group is not null, nth >= from) switch
            {
                (true, true) => RideWhy.GroupPoints,
                (true, false) => RideWhy.GroupBefore,
                (false, true) => RideWhy.FarePoints,
                (false, false) => RideWhy.FareBefore,
            };
            judged.Add(new JudgedRide(
                ride, why, nth, nth >= from ? new PointAmount(new Rate(percent, 100).Of(ride.Fare, Rounding.Down)) : PointAmount.Zero));
        }
        return judged;
    }

    public PointAmount Total(IEnumerable<Ride> rides) => new(Judge(rides).Sum(r => r.Points.Value));

    int? GroupOf(Ride ride)
    {
        if (!_groups.TryGetValue(ride.FromStation!, out var from) || !_groups.TryGetValue(ride.ToStation!, out var to))
            return null;
        foreach (var group in from)
            if (to.Contains(group))
                return group;
        return null;
    }

    /// <summary>Weekdays within their hours of the gate in; other days whole. Days are the railway's.</summary>
    bool IsInWindow(Ride ride)
    {
        var kind = _days.GetOrAdd(ride.Day, static (day, calendar) => calendar.KindOf(JapanDay.FromNumber(day)), _calendar);
        if (kind != JapanDayKind.Weekday)
            return kind is not null;
        var hour = JapanDay.InTokyo(Instant.OfMilliseconds(ride.InMs!.Value)).Hour;
        return hour >= _rules.WindowFromHour && hour < _rules.WindowToHour;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RideRules))]
[JsonSerializable(typeof(RidePointsPosted))]
[JsonSerializable(typeof(TransitCharged))]
[JsonSerializable(typeof(TransitReturned))]
sealed partial class TransitJson : JsonSerializerContext;
