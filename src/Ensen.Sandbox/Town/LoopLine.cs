namespace Ensen.Sandbox.Town;

/// <summary>The 19 stations of the Osaka Loop Line in the order in which they are passed; the last is beside the first.</summary>
static class LoopLine
{
    public static readonly IReadOnlyList<string> Stations =
    [
        "大阪", "福島", "野田", "西九条", "弁天町", "大正", "芦原橋", "今宮", "新今宮", "天王寺",
        "寺田町", "桃谷", "鶴橋", "玉造", "森ノ宮", "大阪城公園", "京橋", "桜ノ宮", "天満",
    ];

    /// <summary>How many stops lie between two stations, the shorter way round.</summary>
    public static int Stops(string from, string to)
    {
        var apart = Math.Abs(Place(from) - Place(to));
        return Math.Min(apart, Stations.Count - apart);
    }

    /// <summary>The station that is farthest on the line.</summary>
    public static string Across(string station) => Stations[(Place(station) + Stations.Count / 2) % Stations.Count];

    /// <summary>What a ride costs, yen: by how many stops it is the shorter way round.</summary>
    public static long Fare(string from, string to) => Stops(from, to) switch { <= 2 => 150, <= 6 => 170, _ => 210 };

    static int Place(string station)
    {
        for (var place = 0; place < Stations.Count; place++)
            if (Stations[place] == station)
                return place;
        throw new ArgumentException($"{station} is not on the line.", nameof(station));
    }
}
