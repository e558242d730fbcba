using System.Diagnostics;

namespace Ensen.Bench.Measure;

/// <summary>
/// How long each answer took, counted in steps of about 1 %, so that millions of answers take no memory that would disturb the figures.
/// </summary>
sealed class LatencyLog(int callers)
{
    const int StepsPerDoubling = 64;
    const int Doublings = 24;

    readonly int[][] _counts = [.. Enumerable.Range(0, callers).Select(_ => new int[StepsPerDoubling * Doublings])];
    readonly long[] _answers = new long[callers * 8];

    public long Count => _answers.Sum();

    /// <summary>The answers of several logs in one.</summary>
    public static LatencyLog Of(IEnumerable<LatencyLog> logs)
    {
        var all = new LatencyLog(1);
        foreach (var log in logs)
        {
            all._answers[0] += log.Count;
            foreach (var caller in log._counts)
                for (var step = 0; step < caller.Length; step++)
                    all._counts[0][step] += caller[step];
        }
        return all;
    }

    /// <summary>Each caller writes to what is its own: nobody waits for anybody.</summary>
    public void Add(int caller, long ticks)
    {
        var microseconds = ticks * 1_000_000.0 / Stopwatch.Frequency;
        var step = (int)(Math.Log2(Math.Max(1, microseconds)) * StepsPerDoubling);
        _counts[caller][Math.Min(step, StepsPerDoubling * Doublings - 1)]++;
        _answers[caller * 8]++;
    }

    /// <summary>Milliseconds within which this share of the answers came.</summary>
    public double Percentile(double share)
    {
        var reads = (long)(Count * share);
        long seen = 0;
        for (var step = 0; step < StepsPerDoubling * Doublings; step++)
        {
            foreach (var caller in _counts)
                seen += caller[step];
            if (seen > reads)
                return Math.Pow(2, (step + 1.0) / StepsPerDoubling) / 1_000;
        }
        return 0;
    }
}
