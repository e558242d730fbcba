using System.Data;
using System.Data.Common;
using Dapper;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>One look at the database: everything that is read through it belongs to the same instant, while payments go on.</summary>
sealed class Snapshot : IAsyncDisposable
{
    Snapshot(DbConnection connection, DbTransaction tx) => (Connection, Tx) = (connection, tx);

    public DbConnection Connection { get; }
    public DbTransaction Tx { get; }

    public static async Task<Snapshot> Take(Database db, CancellationToken ct = default)
    {
        var connection = await db.Connect(ct);
        if (connection is Microsoft.Data.Sqlite.SqliteConnection sqlite)
            return new Snapshot(connection, sqlite.BeginTransaction(deferred: true));
        var tx = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        // No month leaves while it is looked at (Months): a snapshot holds rows, not tables. The lock comes first; it takes no snapshot yet.
        await connection.ExecuteAsync(new CommandDefinition("lock table entry, posting in access share mode", transaction: tx, cancellationToken: ct));
        return new Snapshot(connection, tx);
    }

    public async ValueTask DisposeAsync()
    {
        await Tx.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
