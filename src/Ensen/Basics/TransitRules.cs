namespace Ensen.Basics;

/// <summary>
/// Points for rides, per calendar month of service days: from the so-many-th ride in a section group within the time windows, and from the
/// so-many-th ride at the same fare among the others, so much of the fare.
/// </summary>
public sealed record TransitRules
{
    /// <summary>Section groups: <c>NAME:STATION,STATION</c> with a semicolon between; a ride is in a group with both its
    /// stations.</summary>
    public string Groups { get; init; } =
        "大阪環状線:大阪,福島,野田,西九条,弁天町,大正,芦原橋,今宮,新今宮,天王寺,寺田町,桃谷,鶴橋,玉造,森ノ宮,大阪城公園,京橋,桜ノ宮,天満";

    public int GroupFrom { get; init; } = 4;
    public long GroupPercent { get; init; } = 10;
    public int FareFrom { get; init; } = 11;
    public long FarePercent { get; init; } = 10;

    /// <summary>The window of weekdays, whole hours of the gate in: from the first up to and without the second.</summary>
    public int WindowFromHour { get; init; } = 10;
    public int WindowToHour { get; init; } = 17;

    /// <summary>When a service day begins: what is ridden before that belongs to the day before.</summary>
    public int DayStartsHour { get; init; } = 4;

    /// <summary>From this day of the following month on a month's points are posted, so that the last days' rides are there.</summary>
    public int PostsOnDay { get; init; } = 2;

    /// <summary>After so many months without a ride the registration of a card lapses; its points do not.</summary>
    public int LapseMonths { get; init; } = 25;

    /// <summary>Most points of one charge to a card, and most cards of one member.</summary>
    public long MostPerCharge { get; init; } = 20_000;
    public int MostCards { get; init; } = 5;

    internal static bool AreGroups(string text) => text.Length <= 4_000 && text.Split(';').All(group =>
        group.Split(':') is [{ Length: > 0 }, { Length: > 0 } stations] && stations.Split(',').All(s => s.Length > 0 && s.Trim() == s));
}
