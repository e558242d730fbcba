using System.Data.Common;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Ledger;

/// <summary>A real store whose commits can be held back, or fail as planned before they reach the database.</summary>
sealed class StalledStore(LedgerStore store) : LedgerStore(store.Catalogue)
{
    readonly Queue<Exception> _failures = new();
    volatile TaskCompletionSource _open = OpenedStore();

    /// <summary>How often a commit was tried.</summary>
    public int Tries { get; private set; }

    public static LedgerStore Real(Database db) => db switch
    {
        PostgresDatabase postgres => new PostgresStore(postgres, new OwnSeals()),
        SqliteDatabase sqlite => new SqliteStore(sqlite, new OwnSeals()),
        _ => throw new NotSupportedException(),
    };

    /// <summary>From now on commits wait, until this is disposed.</summary>
    public IDisposable Stall()
    {
        _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new GoOn(this);
    }

    /// <summary>The next commits fail with these, one each.</summary>
    public void Fail(params IEnumerable<Exception> failures)
    {
        foreach (var failure in failures)
            _failures.Enqueue(failure);
    }

    public override Task<LoadedState> Load(ReadSet reads, CancellationToken ct) => store.Load(reads, ct);

    public override async Task Commit(WriteSet writes, Func<DbTransaction, CancellationToken, Task>? alongside, CancellationToken ct)
    {
        Tries++;
        if (_failures.TryDequeue(out var failure))
            throw failure;
        await _open.Task;
        await store.Commit(writes, alongside, ct);
    }

    public override ValueTask DisposeAsync() => store.DisposeAsync();

    static TaskCompletionSource OpenedStore()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    sealed class GoOn(StalledStore store) : IDisposable
    {
        public void Dispose() => store._open.TrySetResult();
    }
}
