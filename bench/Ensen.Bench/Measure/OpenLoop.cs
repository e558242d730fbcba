using System.Diagnostics;

namespace Ensen.Bench.Measure;

/// <summary>
/// An open loop: requests are due at a steady rate, whatever the answers do, and each is timed from when it was due and not from when it
/// could be sent. So a server that stalls is charged for everybody who had to wait behind the stall.
/// </summary>
sealed class OpenLoop(int connections, double perSecond, Func<int, Random, Task<bool>> ask)
{
    long _next;
    long _refused;

    public async Task<Measured> For(TimeSpan warmUp, TimeSpan measured, CancellationToken ct)
    {
        var latencies = new LatencyLog(connections);
        var start = Stopwatch.GetTimestamp();
        var all = (long)((warmUp + measured).TotalSeconds * perSecond);
        var first = (long)(warmUp.TotalSeconds * perSecond);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(connection => Task.Run(async () =>
        {
            var random = new Random(connection);
            while (Interlocked.Increment(ref _next) - 1 is var number && number < all && !ct.IsCancellationRequested)
            {
                var due = start + (long)(number / perSecond * Stopwatch.Frequency);
                if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } early)
                    await Task.Delay(early, ct);
                var accepted = await ask(connection, random);
                if (!accepted)
                    Interlocked.Increment(ref _refused);
                else if (number >= first)
                    latencies.Add(connection, Math.Max(0, Stopwatch.GetTimestamp() - due));
            }
        }, ct)));
        // The rate that was kept, not the one that was asked for: what was late ends late.
        var taken = Stopwatch.GetElapsedTime(start) - warmUp;
        return new Measured(latencies.Count, Math.Max(taken.TotalSeconds, measured.TotalSeconds), _refused, latencies);
    }
}
