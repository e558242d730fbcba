using System.Data;
using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Npgsql;

namespace Ensen.Storage;

/// <summary>The database for production; several nodes may share one.</summary>
public sealed class PostgresDatabase : Database
{
    const long MigrationLock = 0x456e73656e; // "Ensen"

    /// <summary>
    /// Our joins are written in the order in which they are to be made, from few rows to their like by key. To look for a better order took
    /// the planner six times as long as reading a page of history takes, each time.
    /// </summary>
    const string JoinAsWritten = "-c join_collapse_limit=1";

    readonly PostgresNotifications _signals;
    readonly NpgsqlDataSource _source;
    readonly string _inHurry;
    NpgsqlDataSource? _hurrying;

    /// <param name="toRead">Whatever is tried, nothing is written.</param>
    public PostgresDatabase(string connection, Catalogue catalogue, bool toRead = false) : base(catalogue)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection)
        {
            ApplicationName = "ensen",
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = false,
            Encoding = "UTF8",
            ClientEncoding = "UTF8",
        };
        // Tried first and given up, it is a second way to the server at each connection, and hides the error of the first.
        if (!settings.ShouldSerialize("GSS Encryption Mode"))
            settings.GssEncryptionMode = GssEncryptionMode.Disable;
        settings.Options = $"{settings.Options} {JoinAsWritten}".Trim();
        if (toRead)
            settings.Options += " -c default_transaction_read_only=on";
        _source = NpgsqlDataSource.Create(settings);
        _signals = new PostgresNotifications(_source);
        settings.Options = $"{settings.Options} -c synchronous_commit=off".Trim();
        _inHurry = settings.ConnectionString;
    }

    internal NpgsqlDataSource Source => Volatile.Read(ref _hurrying) ?? _source;
    public override Engine Engine => Engine.Postgres;
    public override Notifications Notifications => _signals;

    public override async Task<DbConnection> Connect(CancellationToken ct = default) => await Source.OpenConnectionAsync(ct);

    internal override async Task<DateTimeOffset?> TimeOf(DbConnection connection, CancellationToken ct) =>
        DateTimeOffset.UnixEpoch.AddMicroseconds(await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)", cancellationToken: ct)));

    public override async Task<T> TransactOnce<T>(Func<DbTransaction, Task<T>> work, CancellationToken ct = default)
    {
        await using var connection = await Source.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
        var result = await work(tx);
        await tx.CommitAsync(ct);
        return result;
    }

    public override IAsyncDisposable RelaxDurability()
    {
        var source = NpgsqlDataSource.Create(_inHurry);
        if (Interlocked.CompareExchange(ref _hurrying, source, null) is not null)
            throw new InvalidOperationException("Somebody is in a hurry already.");
        return new RelaxedDurability(this, source);
    }

    public override bool IsConflict(DbException e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    public override bool IsDuplicate(DbException e) => e is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    internal override async Task Migrating(Func<DbConnection, Task> work, CancellationToken ct)
    {
        await using var connection = await Source.OpenConnectionAsync(ct);
        await RequireUtf8(connection);
        await connection.ExecuteAsync("select pg_advisory_lock(@MigrationLock)", new { MigrationLock }, commandTimeout: 300);
        try
        {
            await work(connection);
        }
        finally
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(@MigrationLock)", new { MigrationLock });
        }
    }

    /// <summary>
    /// In another encoding a name that it lacks is refused in the middle of a payment; SQL_ASCII would keep bytes that nobody vouches for.
    /// </summary>
    static async Task RequireUtf8(DbConnection connection)
    {
        var (name, encoding) = await connection.QuerySingleAsync<(string, string)>(
            "select current_database(), current_setting('server_encoding')");
        if (encoding != "UTF8")
            throw new UnusableDatabaseException(
                $"The encoding of the database {name} is {encoding}; allowed is UTF8. Make it anew: create database {name} encoding 'UTF8' template template0.");
    }

    public override async ValueTask DisposeAsync()
    {
        await _signals.DisposeAsync();
        await _source.DisposeAsync();
    }

    sealed class RelaxedDurability(PostgresDatabase db, NpgsqlDataSource source) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Volatile.Write(ref db._hurrying, null);
            await source.DisposeAsync();
        }
    }
}
