using System.Globalization;
using System.Text.RegularExpressions;

namespace Ensen.Campaigns;

/// <summary>The breaker stopped a campaign: what it gave in 60 seconds, and the most that it was to give. Kept as why it ended.</summary>
public readonly partial record struct BreakerTrip(long Given, long Most)
{
    /// <summary>Of a campaign; null when it runs, ended by itself or was stopped by a person.</summary>
    public static BreakerTrip? Of(Campaign campaign) =>
        campaign is { State: CampaignState.Stopped, EndedBy: null, Why: { } why } && Kept().Match(why) is { Success: true } match
            ? new BreakerTrip(Number(match.Groups[1]), Number(match.Groups[2])) : null;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"breaker: {Given} points in 60 s, at most {Most}");

    static long Number(Group digits) => long.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^breaker: (\d{1,18}) points in 60 s, at most (\d{1,18})$")]
    private static partial Regex Kept();
}
