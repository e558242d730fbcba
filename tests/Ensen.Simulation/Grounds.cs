using System.Collections.Concurrent;
using Ensen.Basics;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Simulation;

/// <summary>A database for a seed. In memory where the machine has a folder there, so that a commit costs no disk.</summary>
static class Grounds
{
    static readonly string s_memory = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    // A few addresses, used again and again: what Dapper learns of a statement it keeps by address.
    static readonly ConcurrentBag<int> s_free = [.. Enumerable.Range(1, 16)];
    static int s_played;

    /// <param name="catalogue">What the programs of this seed declare; the product with its sandbox when null.</param>
    public static async Task<T> InMemory<T>(Func<Database, T> play, Catalogue? catalogue = null)
    {
        if (!s_free.TryTake(out var number))
            throw new InvalidOperationException("More seeds are played at once than there are places.");
        var address = Path.Combine(s_memory, FormattableString.Invariant($"ensen-simulation-{Environment.ProcessId}-{number}"));
        // The address leads to a folder of its own each time. A connection that a node of an earlier year left open when it died is closed
        // whenever the collector finds it, and takes the log of its own folder away, never that of a year which has the address by then.
        var folder = FormattableString.Invariant($"{address}.{Interlocked.Increment(ref s_played)}");
        try
        {
            Directory.CreateDirectory(folder);
            Directory.CreateSymbolicLink(address, folder);
            var file = Path.Combine(address, "seed.db");
            await SqliteTemplate.CopyTo(file);
            await using var database = Database.Open($"sqlite:{file}", catalogue ?? SandboxModule.Catalogue);
            if (catalogue is not null)
                await database.Migrate();
            return play(database);
        }
        finally
        {
            Directory.Delete(address);
            Directory.Delete(folder, recursive: true);
            s_free.Add(number);
        }
    }

    public static async Task<T> On<T>(Engine engine, Func<Database, T> play)
    {
        await using var test = await TestDatabase.Create(engine);
        return play(test.Database);
    }
}
