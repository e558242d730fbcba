using System.Diagnostics;
using Dapper;
using Ensen.Storage;

namespace Ensen.Bench.Measure;

/// <summary>
/// What figures depend on beside the program: the disk's flushes, the database's promises, and what the program itself took.
/// </summary>
static class Machine
{
    const int Block = 8_192;

    /// <summary>How many 8 KiB writes with a flush to disk this machine makes in a second, one after the other, just now.</summary>
    public static double FlushRate()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "flush-rate.bin");
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose);
        var block = new byte[Block];
        var flushes = 0;
        var watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < 500)
        {
            RandomAccess.Write(file, block, flushes * (long)Block);
            RandomAccess.FlushToDisk(file);
            flushes++;
        }
        return flushes / watch.Elapsed.TotalSeconds;
    }

    /// <summary>The durability the database promises: fsync and synchronous_commit, or SQLite's synchronous.</summary>
    public static async Task<string> Promises(Database db)
    {
        await using var connection = await db.Connect();
        return db.Engine == Engine.Postgres
            ? $"fsync {await connection.ExecuteScalarAsync<string>("show fsync")}, synchronous_commit {await connection.ExecuteScalarAsync<string>("show synchronous_commit")}"
            : $"synchronous {await connection.ExecuteScalarAsync<long>("pragma synchronous")} (2 = full)";
    }

    /// <summary>The most memory that a process ever had, MB of 1,000,000 bytes.</summary>
    public static double PeakMemoryMb(Process process)
    {
        process.Refresh();
        return process.PeakWorkingSet64 / 1_000_000.0;
    }

    public static double PeakMemoryMb()
    {
        using var process = Process.GetCurrentProcess();
        return PeakMemoryMb(process);
    }

    /// <summary>The processor time that a process has taken so far; nothing when there is none.</summary>
    public static TimeSpan Cpu(Process? process)
    {
        process?.Refresh();
        return process?.TotalProcessorTime ?? TimeSpan.Zero;
    }

    public static TimeSpan Cpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
