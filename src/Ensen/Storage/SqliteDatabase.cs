using System.Data;
using System.Data.Common;
using Ensen.Basics;
using Microsoft.Data.Sqlite;

namespace Ensen.Storage;

/// <summary>The embedded database: one file, one process, one writer at a time.</summary>
public sealed class SqliteDatabase : Database
{
    const int Busy = 5;
    const int ConstraintUnique = 2067;
    const int ConstraintPrimaryKey = 1555;

    const string Waits = "pragma busy_timeout = 10000; pragma cache_size = -65536;";
    const string Patient = Waits + "pragma temp_store = memory;";

    // What is deleted is overwritten in the file, so that nothing of a member who has left can be found there with other tools.
    const string Forgets = "pragma secure_delete = on;";

    // A checkpoint writes pages all over the file and waits for the disk: every 40 MB of log, not every 4.
    const string Settings = "pragma journal_mode = wal; pragma wal_autocheckpoint = 10000;" + Patient + Forgets;

    const string Durable = Settings + "pragma synchronous = full;";
    const string Hurried = Settings + "pragma synchronous = normal;";

    readonly string _path;
    readonly string _connection;
    readonly bool _toRead;
    readonly bool _isAlone;
    readonly (long Length, DateTime Written) _found;
    readonly SemaphoreSlim _door = new(1, 1);
    int _hurrying;

    /// <param name="toRead">The file has to be there, and stays as it is: not even its log is brought into it.</param>
    public SqliteDatabase(string path, Catalogue catalogue, bool toRead = false) : base(catalogue)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is not null && !toRead)
            Directory.CreateDirectory(folder);
        (_path, _toRead) = (Path.GetFullPath(path), toRead);
        // Without a log nobody has it open. Then it is read without one: a copy on a medium that cannot be written to, and nothing is left
        // beside it.
        _isAlone = toRead && File.Exists(path) && !File.Exists(path + "-wal") && !File.Exists(path + "-shm");
        _found = Found();
        _connection = new SqliteConnectionStringBuilder
        {
            DataSource = _isAlone ? $"file:{string.Join('/', _path.Split('/').Select(Uri.EscapeDataString))}?immutable=1" : path,
            Pooling = true,
            DefaultTimeout = 30,
            Mode = toRead ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
        }.ConnectionString;
    }

    public override Engine Engine => Engine.Sqlite;
    public override Notifications Notifications { get; } = new();

    /// <summary>Writers in this process queue here, fairly, instead of meeting as SQLITE_BUSY and sleeping.</summary>
    internal async Task<IDisposable> EnterDoor(CancellationToken ct)
    {
        await _door.WaitAsync(ct);
        return new Exit(_door);
    }

    public override async Task<DbConnection> Connect(CancellationToken ct = default)
    {
        var connection = new SqliteConnection(_connection);
        await connection.OpenAsync(ct);
        using var pragma = connection.CreateCommand();
        pragma.CommandText = Durable;
        if (_toRead)
            pragma.CommandText = Waits; // All of history is sorted to be judged, which need not fit into memory.
        else if (Volatile.Read(ref _hurrying) > 0)
            pragma.CommandText = Hurried;
        await pragma.ExecuteNonQueryAsync(ct);
        return connection;
    }

    public override async Task<T> TransactOnce<T>(Func<DbTransaction, Task<T>> work, CancellationToken ct = default)
    {
        using var door = await EnterDoor(ct);
        await using var connection = (SqliteConnection)await Connect(ct);
        await using var tx = connection.BeginTransaction(IsolationLevel.Serializable, deferred: false);
        var result = await work(tx);
        await tx.CommitAsync(ct);
        return result;
    }

    public override void MustNotHaveChanged()
    {
        if (_isAlone && (Found() != _found || File.Exists(_path + "-wal")))
            throw new IOException(
                $"Somebody opened {_path} while it was looked at, so what was read may belong to two states of it: ask again.");
    }

    (long, DateTime) Found() => new FileInfo(_path) is { Exists: true } file ? (file.Length, file.LastWriteTimeUtc) : default;

    public override IAsyncDisposable RelaxDurability()
    {
        Interlocked.Increment(ref _hurrying);
        return new RelaxedDurability(this);
    }

    public override bool IsConflict(DbException e) => e is SqliteException { SqliteErrorCode: Busy };

    public override bool IsDuplicate(DbException e) =>
        e is SqliteException { SqliteExtendedErrorCode: ConstraintUnique or ConstraintPrimaryKey };

    internal override async Task Migrating(Func<DbConnection, Task> work, CancellationToken ct)
    {
        using var door = await EnterDoor(ct);
        await using var connection = await Connect(ct);
        await work(connection);
    }

    public override ValueTask DisposeAsync()
    {
        using (var connection = new SqliteConnection(_connection))
            SqliteConnection.ClearPool(connection);
        Notifications.Dispose();
        _door.Dispose();
        return ValueTask.CompletedTask;
    }

    sealed class RelaxedDurability(SqliteDatabase db) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref db._hurrying);
            return ValueTask.CompletedTask;
        }
    }

    sealed class Exit(SemaphoreSlim door) : IDisposable
    {
        public void Dispose() => door.Release();
    }
}
