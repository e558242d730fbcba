using System.Globalization;

namespace Ensen.Sandbox.Town;

/// <summary>A fare of the loop: up to so many metres.</summary>
sealed record LoopFare(int Metres, long Yen);

/// <summary>
/// The 19 stations of the Osaka Loop Line in the order in which they are passed, the last beside the first, and what a ride costs. All of
/// it stands in two small tables beside this file.
/// </summary>
static class LoopLine
{
    static readonly (string Name, int Metres)[] s_line = [.. Table("loop-line.csv")];
    static readonly Dictionary<string, int> s_places = s_line.Select((s, place) => (s.Name, place)).ToDictionary(s => s.Name, s => s.place);

    public static readonly IReadOnlyList<string> Stations = [.. s_line.Select(s => s.Name)];

    public static readonly IReadOnlyList<LoopFare> Fares =
        [.. Table("loop-fares.csv").Select(f => new LoopFare(int.Parse(f.Name, CultureInfo.InvariantCulture), f.Metres))];

    public static bool Has(string? station) => station is not null && s_places.ContainsKey(station);

    /// <summary>How many stops lie between two stations, the shorter way round.</summary>
    public static int Stops(string from, string to)
    {
        var apart = Math.Abs(Place(from) - Place(to));
        return Math.Min(apart, Stations.Count - apart);
    }

    /// <summary>How many metres lie between two stations, the shorter way round.</summary>
    public static int Metres(string from, string to)
    {
        var (near, far) = (Math.Min(Place(from), Place(to)), Math.Max(Place(from), Place(to)));
        var there = s_line[near..far].Sum(s => s.Metres);
        return Math.Min(there, s_line.Sum(s => s.Metres) - there);
    }

    /// <summary>Whether the shorter way leads along the order of the stations, and not against it.</summary>
    public static bool IsForward(string from, string to)
    {
        var along = 0;
        for (var place = Place(from); place != Place(to); place = (place + 1) % s_line.Length)
            along += s_line[place].Metres;
        return 2 * along <= s_line.Sum(s => s.Metres);
    }

    /// <summary>The station that is farthest on the line.</summary>
    public static string Across(string station) => Stations[(Place(station) + Stations.Count / 2) % Stations.Count];

    /// <summary>What a ride costs, yen: by how far it is, the shorter way round.</summary>
    public static long Fare(string from, string to)
    {
        var metres = Metres(from, to);
        return (Fares.FirstOrDefault(f => metres <= f.Metres) ?? Fares[^1]).Yen;
    }

    public static int Place(string station) => s_places.TryGetValue(station, out var place) ? place
        : throw new ArgumentException($"{station} is not on the line.", nameof(station));

    /// <summary>
    /// The lines of a table: a name and a number. Lines that begin with # say whence it is, and the one after them names the columns.
    /// </summary>
    static IEnumerable<(string Name, int Metres)> Table(string name)
    {
        using var file = new StreamReader(typeof(LoopLine).Assembly.GetManifestResourceStream("town/" + name)!);
        var said = file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var line in said.SkipWhile(l => l[0] == '#').Skip(1))
            if (line.Split(',') is [var first, var number])
                yield return (first, int.Parse(number, CultureInfo.InvariantCulture));
    }
}
