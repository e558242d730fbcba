using System.Data;
using System.Data.Common;
using Dapper;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>One look at the database: everything that is read through it belongs to the same instant, while payments go on.</summary>
sealed class Snapshot : IAsyncDisposable
{
    readonly Database _db;
    readonly string? _name;
    readonly List<Snapshot> _others = [];

    Snapshot(Database db, DbConnection connection, DbTransaction tx, string? name) =>
        (_db, Connection, Tx, _name) = (db, connection, tx, name);

    public DbConnection Connection { get; }
    public DbTransaction Tx { get; }
    public Engine Engine => _db.Engine;

    public static async Task<Snapshot> Take(Database db, CancellationToken ct = default)
    {
        var connection = await db.Connect(ct);
        if (connection is Microsoft.Data.Sqlite.SqliteConnection sqlite)
            return new Snapshot(db, connection, sqlite.BeginTransaction(deferred: true), null);
        var tx = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        // No month leaves while it is looked at (Months): a snapshot holds rows, not tables. The lock comes first; it takes no snapshot
        // yet.
        await connection.ExecuteAsync(
            new CommandDefinition("lock table entry, posting in access share mode", transaction: tx, cancellationToken: ct));
        return new Snapshot(
            db, connection, tx, await connection.ExecuteScalarAsync<string>("select pg_export_snapshot()", transaction: tx));
    }

    /// <summary>
    /// The same instant for one more result that is read beside the others: PostgreSQL has one at a time on a connection.
    /// </summary>
    public async Task<Snapshot> Again(CancellationToken ct = default)
    {
        if (_name is null)
            return this;
        var connection = await _db.Connect(ct);
        var tx = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        // A whole history is sorted: in memory as far as a machine for accounts has some to spare.
        await connection.ExecuteAsync(
            new CommandDefinition($"set transaction snapshot '{_name}'; set local work_mem = '64MB'", transaction: tx,
            cancellationToken: ct));
        _others.Add(new Snapshot(_db, connection, tx, null));
        return _others[^1];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var other in _others)
            await other.DisposeAsync();
        await Tx.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
