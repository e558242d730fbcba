using System.Diagnostics;

namespace Ensen.Bench.Measure;

/// <summary>What the callers of a loop saw in the measured time.</summary>
sealed record Measured(long Answers, double Seconds, long Refused, LatencyLog Latencies)
{
    public double PerSecond => Seconds == 0 ? 0 : Answers / Seconds;
}

/// <summary>
/// A closed loop: every caller waits for its durable answer before it asks again, so the load is what the callers can bear, and a slow
/// answer is paid for by the one who waits. <paramref name="ask"/> gets the caller's number and its own randomness, and says whether it was
/// accepted.
/// </summary>
sealed class ClosedLoop(int callers, Func<int, Random, Task<bool>> ask)
{
    long _refused;
    long _asked;

    /// <summary>Warms up, then measures for so long.</summary>
    public Task<Measured> For(TimeSpan warmUp, TimeSpan measured, CancellationToken ct)
    {
        var from = Stopwatch.GetTimestamp() + Ticks(warmUp);
        var until = from + Ticks(measured);
        return Run(from, until, () => Stopwatch.GetTimestamp() < until && !ct.IsCancellationRequested);
    }

    /// <summary>Measures until something else has ended.</summary>
    public Task<Measured> During(Task work, CancellationToken ct) =>
        Run(Stopwatch.GetTimestamp(), long.MaxValue, () => !work.IsCompleted && !ct.IsCancellationRequested);

    /// <summary>Asks so many times, as fast as the callers can.</summary>
    public Task<Measured> Times(long count, CancellationToken ct) =>
        Run(Stopwatch.GetTimestamp(), long.MaxValue, () => Interlocked.Increment(ref _asked) <= count && !ct.IsCancellationRequested);

    async Task<Measured> Run(long from, long until, Func<bool> goOn)
    {
        var latencies = new LatencyLog(callers);
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            while (goOn())
            {
                var asked = Stopwatch.GetTimestamp();
                var accepted = await ask(caller, random);
                var answered = Stopwatch.GetTimestamp();
                if (!accepted)
                    Interlocked.Increment(ref _refused);
                else if (answered >= from && answered <= until)
                    latencies.Add(caller, answered - asked);
            }
        })));
        var end = until == long.MaxValue ? Stopwatch.GetTimestamp() : until;
        return new Measured(latencies.Count, (end - from) / (double)Stopwatch.Frequency, _refused, latencies);
    }

    static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
