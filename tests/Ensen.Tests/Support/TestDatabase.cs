using Ensen.Basics;
using Ensen.Sandbox;
using Ensen.Storage;

namespace Ensen.Tests.Support;

/// <summary>
/// A fresh, migrated database for one test; gone when the test is. <see cref="Address"/> opens it for a second node or a real process.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    // ./test gives its own folder, in memory where the machine has room, so that a commit costs no disk.
    static readonly string s_folder = Environment.GetEnvironmentVariable("ENSEN_TEST_FOLDER") is { Length: > 0 } given ? given
        : Path.GetTempPath();
    static int s_count;

    readonly Func<Task> _remove;

    TestDatabase(string address, Func<Task> remove, Catalogue? catalogue = null)
    {
        Address = address;
        _remove = remove;
        Database = Database.Open(address, catalogue ?? SandboxModule.Catalogue);
    }

    public string Address { get; }
    public Database Database { get; }

    /// <param name="catalogue">What the program declares that opens it; the product with its sandbox when null.</param>
    public static async Task<TestDatabase> Create(Engine engine, Catalogue? catalogue = null) => engine switch
    {
        Engine.Sqlite => await Sqlite(migrated: true, catalogue),
        Engine.Postgres => await Postgres(migrated: true, catalogue: catalogue),
    };

    /// <summary>A database without a single table, for tests of the migrations.</summary>
    public static async Task<TestDatabase> CreateEmpty(Engine engine) => engine switch
    {
        Engine.Sqlite => await Sqlite(migrated: false),
        Engine.Postgres => await Postgres(migrated: false),
    };

    /// <summary>A database of PostgreSQL without a table, in another encoding than ours.</summary>
    public static async Task<TestDatabase> CreateEncoded(string encoding) => await Postgres(migrated: false, encoding);

    static async Task<TestDatabase> Sqlite(bool migrated, Catalogue? catalogue = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(s_folder, $"ensen-test-{Guid.NewGuid():N}")).FullName;
        var file = Path.Combine(folder, "test.db");
        if (migrated)
            await SqliteTemplate.CopyTo(file);
        return new TestDatabase($"sqlite:{file}", () =>
        {
            Directory.Delete(folder, recursive: true);
            return Task.CompletedTask;
        }, catalogue);
    }

    static async Task<TestDatabase> Postgres(bool migrated, string? encoding = null, Catalogue? catalogue = null)
    {
        var name = $"ensen_test_{Environment.ProcessId}_{Interlocked.Increment(ref s_count)}";
        await PostgresCluster.CreateDatabase(name, migrated, encoding);
        return new TestDatabase($"postgres:{PostgresCluster.ConnectionTo(name)}", () => PostgresCluster.Drop(name), catalogue);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _remove();
    }
}
