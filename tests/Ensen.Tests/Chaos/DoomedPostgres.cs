using System.Diagnostics;
using Dapper;
using Ensen.Tests.Support;
using Npgsql;

namespace Ensen.Tests.Chaos;

/// <summary>
/// A PostgreSQL of its own that may be killed, stopped and left without disk. A script (<c>tests/doomed-postgres.sh</c>) holds it and ends
/// it when this process is gone, however it went.
/// </summary>
sealed class DoomedPostgres : IAsyncDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    static int s_count;

    readonly Process _script;
    string _connection = "";

    DoomedPostgres(int? megabytes)
    {
        var start = new ProcessStartInfo(
            "bash", [Path.Combine(Repository.Root, "tests", "doomed-postgres.sh"), .. megabytes is { } size ? [$"{size}"]
            : Array.Empty<string>()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["ENSEN_OWN_MOUNTS"] = "";
        _script = Process.Start(start)!;
    }

    /// <param name="megabytes">The size of its disk, which can then be filled.</param>
    public static async Task<DoomedPostgres> Begin(int? megabytes = null)
    {
        var postgres = new DoomedPostgres(megabytes);
        try
        {
            postgres._connection = (await postgres.Order("start"))["ok ".Length..];
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    public Task Start() => Order("start");

    /// <summary>Every process of it at once (SIGKILL), as in a power cut.</summary>
    public Task Kill() => Order("kill");

    /// <summary>One of the processes that serve a client (SIGKILL). PostgreSQL then throws out everybody else, and recovers.</summary>
    public Task KillBackend() => Order("backend");

    /// <summary>SIGSTOP to all of it: connections stay open, and nothing is answered.</summary>
    public Task Freeze() => Order("freeze");

    public Task Thaw() => Order("thaw");

    public Task FillDisk() => Order("fill");

    public Task EmptyDisk() => Order("empty");

    /// <summary>An empty database; the connection string that leads to it.</summary>
    public async Task<string> NewDatabase()
    {
        var name = $"doomed_{Interlocked.Increment(ref s_count)}";
        await using var connection = await Open("postgres");
        await connection.ExecuteAsync($"create database {name} template template0", commandTimeout: 60);
        return To(name);
    }

    public async Task Drop(string connection)
    {
        await using var any = await Open("postgres");
        await any.ExecuteAsync($"drop database {new NpgsqlConnectionStringBuilder(connection).Database} with (force)", commandTimeout: 60);
    }

    /// <summary>
    /// Waits until it takes connections and writes: after it was killed it recovers first. Whoever ended itself is started.
    /// </summary>
    public async Task Serving()
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await Start();
                await using var connection = await Open("postgres");
                await connection.ExecuteAsync("create temporary table room (x integer) on commit drop");
                return;
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException && waited.Elapsed < s_patience)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>
    /// On a full disk: uses up what its log has set aside, until it cannot write it and ends itself, as it must. Returns false when it
    /// found room again each time.
    /// </summary>
    public async Task<bool> ExhaustLog()
    {
        for (var i = 0; i < 100; i++)
        {
            await FillDisk();
            try
            {
                await using var connection = await Open("postgres");
                await connection.ExecuteAsync("select pg_logical_emit_message(false, 'chaos', repeat('x', 1000)), pg_switch_wal()");
            }
            catch (NpgsqlException)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// Whether a commit is on the disk before it is acknowledged. It should be; without, and with nobody who writes the log beside the
    /// commits, the next kill takes back what was answered.
    /// </summary>
    public async Task CommitHonestly(bool honestly)
    {
        await using var connection = await Open("postgres");
        await connection.ExecuteAsync(honestly ? "alter system reset synchronous_commit" : "alter system set synchronous_commit = off");
        await connection.ExecuteAsync("select pg_reload_conf()");
        while (await connection.ExecuteScalarAsync<string>("show synchronous_commit") != (honestly ? "on" : "off"))
            await Task.Delay(10);
        if (!honestly)
            await Order("hold");
    }

    string To(string database) => new NpgsqlConnectionStringBuilder(_connection) { Database = database }.ConnectionString;

    async Task<NpgsqlConnection> Open(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(To(database)) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    async Task<string> Order(string order)
    {
        await _script.StandardInput.WriteLineAsync(order);
        await _script.StandardInput.FlushAsync();
        var answer = await _script.StandardOutput.ReadLineAsync().WaitAsync(s_patience);
        return answer?.StartsWith("ok", StringComparison.Ordinal) == true
            ? answer
            : throw new InvalidOperationException($"PostgreSQL was asked to '{order}' and answered '{answer}'.");
    }

    public async ValueTask DisposeAsync()
    {
        _script.StandardInput.Close();
        await _script.WaitForExitAsync().WaitAsync(s_patience);
        _script.Dispose();
    }
}
