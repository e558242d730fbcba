using System.Text.Json;
using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Campaigns;

/// <summary>
/// What a campaign would have given for the payments of the days before it was proposed: with its caps, and as if its budget had no end.
/// </summary>
/// <param name="Days">How many days were looked through.</param>
/// <param name="ByHour">Points by the hour of the day in Japan, 24 of them.</param>
/// <param name="BusiestHour">The points of the hour of all those days in which most would have been given.</param>
/// <param name="LastsDays">For how many days the budget would be enough at that pace; null when nothing would be given.</param>
public sealed record DryRun(
    DateTimeOffset At, int Days, long Payments, long Members, PointAmount Points, IReadOnlyList<long> ByHour, long BusiestHour,
    long? LastsDays)
{
    /// <summary>Points a minute that are expected when most is going on.</summary>
    [JsonIgnore]
    public decimal PerMinute => BusiestHour / 60m;

    public string ToJson() => JsonSerializer.Serialize(this, CampaignsJson.Default.DryRun);
}
