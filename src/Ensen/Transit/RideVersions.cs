namespace Ensen.Transit;

/// <summary>
/// Nobody rides twice at once: rides of one card that overlap in time are one ride, told in several ways. A whole ride stands before one of
/// which a gate is missing, and otherwise what was told last stands. So a ride whose time, station or fare was put right counts once.
/// </summary>
static class RideVersions
{
    static readonly Comparer<(long In, long Out, Guid Id)> s_order = Comparer<(long In, long Out, Guid Id)>.Default;

    /// <summary>The rides that stand, of all that were told of one card in one month.</summary>
    public static List<Ride> Standing(IReadOnlyCollection<Ride> told)
    {
        var taken = new SortedSet<(long In, long Out, Guid Id)>(s_order);
        var standing = new List<Ride>(told.Count);
        foreach (var ride in told.Where(r => r.IsWhole).OrderByDescending(r => r.Feed).ThenByDescending(r => r.Line).ThenBy(r => r.Id))
        {
            var time = (ride.InMs!.Value, ride.OutMs!.Value, ride.Id);
            if (Overlaps(Before(taken, time), ride) || Overlaps(After(taken, time), ride))
                continue;
            taken.Add(time);
            standing.Add(ride);
        }
        standing.AddRange(told.Where(r => !r.IsWhole && !IsPartOf(taken, r)));
        return standing;
    }

    /// <summary>
    /// The most that a card's rides of a month came to after any delivery: what was posted before a ride was put right is not taken back.
    /// </summary>
    public static long Most(RideJudge judge, IReadOnlyCollection<Ride> told, Func<Ride, bool> counts) =>
        told.Select(r => r.Feed).Distinct().Max(feed =>
            (long?)judge.Total(Standing([.. told.Where(r => r.Feed <= feed)]).Where(counts)).Value) ?? 0;

    static bool Overlaps((long In, long Out, Guid Id)? other, Ride ride) =>
        other is { } of && of.In < ride.OutMs && ride.InMs < of.Out;

    /// <summary>
    /// Somebody is inside from the gate in on, and until the gate out: who goes in at the moment of coming out rides again.
    /// </summary>
    static bool IsPartOf(SortedSet<(long In, long Out, Guid Id)> taken, Ride half)
    {
        var at = half.AtMs;
        return half.InMs is not null
            ? Before(taken, (at, long.MaxValue, Guid.Empty)) is { } before && (at < before.Out || at == before.In)
            : Before(taken, (at, long.MinValue, Guid.Empty)) is { } ended && at <= ended.Out;
    }

    static (long In, long Out, Guid Id)? Before(SortedSet<(long In, long Out, Guid Id)> taken, (long, long, Guid) at) =>
        taken.Count == 0 || s_order.Compare(taken.Min, at) > 0 ? null : taken.GetViewBetween(taken.Min, at).Max;

    static (long In, long Out, Guid Id)? After(SortedSet<(long In, long Out, Guid Id)> taken, (long, long, Guid) at) =>
        taken.Count == 0 || s_order.Compare(taken.Max, at) < 0 ? null : taken.GetViewBetween(at, taken.Max).Min;
}
