using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Simulation;

/// <summary>A database for a seed. In memory where the machine has a folder there, so that a commit costs no disk.</summary>
static class Grounds
{
    static readonly string s_memory = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    public static async Task<T> InMemory<T>(Func<Database, T> play)
    {
        var folder = Directory.CreateDirectory(Path.Combine(s_memory, $"ensen-simulation-{Guid.NewGuid():N}")).FullName;
        try
        {
            var file = Path.Combine(folder, "seed.db");
            await SqliteTemplate.CopyTo(file);
            await using var database = Database.Open($"sqlite:{file}");
            return play(database);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static async Task<T> On<T>(Engine engine, Func<Database, T> play)
    {
        await using var test = await TestDatabase.Create(engine);
        return play(test.Database);
    }
}
