using System.Data.Common;
using Ensen.Storage;

namespace Ensen.Tests.Support;

/// <summary>
/// A real database to which the next ways fail as planned: reading, writing, or both, with whatever a database may throw.
/// </summary>
sealed class FaultyDatabase(Database real) : Database(real.Catalogue)
{
    readonly Queue<Exception> _faults = new();
    readonly Lock _lock = new();

    /// <summary>How many of the planned failures are still to come.</summary>
    public int Left
    {
        get
        {
            lock (_lock)
                return _faults.Count;
        }
    }

    public override Engine Engine => real.Engine;
    public override Notifications Notifications => real.Notifications;

    public void Fail(params IEnumerable<Exception> faults)
    {
        lock (_lock)
            foreach (var fault in faults)
                _faults.Enqueue(fault);
    }

    void Strike()
    {
        lock (_lock)
            if (_faults.TryDequeue(out var fault))
                throw fault;
    }

    public override async Task<DbConnection> Connect(CancellationToken ct = default)
    {
        Strike();
        return await real.Connect(ct);
    }

    public override async Task<T> TransactOnce<T>(Func<DbTransaction, Task<T>> work, CancellationToken ct = default)
    {
        Strike();
        return await real.TransactOnce(work, ct);
    }

    internal override Task<DateTimeOffset?> TimeOf(DbConnection connection, CancellationToken ct) => real.TimeOf(connection, ct);
    public override IAsyncDisposable RelaxDurability() => real.RelaxDurability();
    public override bool IsConflict(DbException e) => real.IsConflict(e);
    public override bool IsDuplicate(DbException e) => real.IsDuplicate(e);
    internal override Task Migrating(Func<DbConnection, Task> work, CancellationToken ct) => real.Migrating(work, ct);
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
