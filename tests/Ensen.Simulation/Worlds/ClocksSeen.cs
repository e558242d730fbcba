namespace Ensen.Simulation.Worlds;

/// <summary>Between these two instants a clock stood while something was going on.</summary>
readonly record struct Window(DateTimeOffset From, DateTimeOffset To)
{
    public static Window At(DateTimeOffset instant) => new(instant, instant);
}

/// <summary>
/// How far the nodes' clocks were ahead of the world's, and from when to when. Somebody may move a clock while others ask a third time:
/// what they asked for may then have happened as any of the clocks stood, and the earliest and the latest of them say little.
/// </summary>
sealed class ClocksSeen(LoopClock world)
{
    readonly List<(long Ahead, long From, long To)> _seen = [];
    long _looked = world.Ticks;

    public void Look(IEnumerable<Node?> nodes)
    {
        foreach (var node in nodes)
            if (node is { IsDead: false, Clock: { } clock })
            {
                var ahead = clock.GetUtcNow().Ticks - world.Ticks;
                var at = _seen.FindLastIndex(s => s.Ahead == ahead);
                if (at < 0)
                    _seen.Add((ahead, _looked, world.Ticks));
                else if (_seen[at].To < world.Ticks)
                    _seen[at] = _seen[at] with { To = world.Ticks };
            }
        _looked = world.Ticks;
    }

    /// <summary>How the clocks stood since a moment of the world's time: a window for each of them, the earliest first.</summary>
    public IReadOnlyList<Window> Since(long began) =>
    [
        .. _seen.Where(s => s.To >= began)
            .Select(s => new Window(Instant(Math.Max(s.From, began) + s.Ahead), Instant(s.To + s.Ahead))).OrderBy(w => w.From),
    ];

    static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);
}
