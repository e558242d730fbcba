using System.Diagnostics;
using Dapper;
using Ensen.Storage;

namespace Ensen.Bench;

/// <summary>What each caller saw, without sharing anything while it runs.</summary>
sealed class LatencyLog(int callers)
{
    readonly List<long>[] _ticks = [.. Enumerable.Range(0, callers).Select(_ => new List<long>(1_024))];
    long[]? _sorted;

    public long Count => _ticks.Sum(t => (long)t.Count);

    public void Add(int caller, long ticks) => _ticks[caller].Add(ticks);

    /// <summary>Milliseconds below which this share of the answers came.</summary>
    public double Percentile(double share)
    {
        _sorted ??= [.. _ticks.SelectMany(t => t).Order()];
        return _sorted.Length == 0 ? 0 : _sorted[(int)Math.Min(_sorted.Length - 1, _sorted.Length * share)] * 1_000.0 / Stopwatch.Frequency;
    }
}

/// <summary>How many 8 KiB writes with a flush to disk this machine makes in a second, one after the other, just now.</summary>
static class FlushRate
{
    public static double Measure()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "flush-rate.bin");
        using var handle = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose);
        var block = new byte[8_192];
        var flushes = 0;
        var watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < 500)
        {
            RandomAccess.Write(handle, block, flushes * (long)block.Length);
            RandomAccess.FlushToDisk(handle);
            flushes++;
        }
        return flushes / watch.Elapsed.TotalSeconds;
    }
}

/// <summary>The durability the database promises: fsync and synchronous_commit, or SQLite's synchronous.</summary>
static class FlushSetting
{
    public static async Task<string> Of(Database db)
    {
        await using var connection = await db.Connect();
        return db.Engine == Engine.Postgres
            ? $"fsync {await connection.ExecuteScalarAsync<string>("show fsync")}, synchronous_commit {await connection.ExecuteScalarAsync<string>("show synchronous_commit")}"
            : $"synchronous {await connection.ExecuteScalarAsync<long>("pragma synchronous")} (2 = full)";
    }
}
