using System.Data;
using System.Data.Common;
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
        return new Snapshot(connection, connection is Microsoft.Data.Sqlite.SqliteConnection sqlite
            ? sqlite.BeginTransaction(deferred: true)
            : await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct));
    }

    public async ValueTask DisposeAsync()
    {
        await Tx.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
