using System.Diagnostics.Metrics;

namespace Ensen.Storage;

/// <summary>
/// Two gauges of something that waits: how many, and since when the oldest of them. They show what was seen at the last look, so that
/// asking costs the database nothing.
/// </summary>
public sealed class BacklogGauge
{
    readonly TimeProvider _clock;
    long _count;
    long _oldestMs;

    public BacklogGauge(Meter meter, TimeProvider clock, (string Name, string Says) count, (string Name, string Says) oldest)
    {
        _clock = clock;
        meter.CreateObservableGauge(count.Name, () => Interlocked.Read(ref _count), null, count.Says);
        meter.CreateObservableGauge(oldest.Name, OldestSeconds, "s", oldest.Says);
    }

    /// <param name="oldestMs">The instant of the oldest, milliseconds; 0 when there is none.</param>
    public void Saw(long count, long oldestMs)
    {
        Interlocked.Exchange(ref _count, count);
        Interlocked.Exchange(ref _oldestMs, oldestMs);
    }

    double OldestSeconds() => Interlocked.Read(ref _oldestMs) is > 0 and var since
        ? Math.Max(0, (_clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(since)).TotalSeconds)
        : 0;
}
