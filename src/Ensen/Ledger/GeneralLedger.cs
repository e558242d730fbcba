using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>
/// The books. Callers hand in drafts; writers take what waits, decide, and commit in batches (group commit), so that a popular shop
/// costs no more than a quiet one. An answer is given only when it is durable.
/// </summary>
public sealed class GeneralLedger : IAsyncDisposable
{
    readonly WaitingLine _line = new();
    readonly IReadOnlyList<LedgerStore> _stores;
    readonly List<Writer> _writers;
    readonly Task _writing;

    /// <param name="writers">Writers of this node; on SQLite there is always one.</param>
    public GeneralLedger(Database db, TimeProvider clock, int writers = 2) : this(db, clock, Stores(db, writers))
    {
    }

    /// <summary>One writer for each of these stores. <paramref name="start"/>: how a writer is set going, on a thread of the pool when null.</summary>
    internal GeneralLedger(Database db, TimeProvider clock, IReadOnlyList<LedgerStore> stores, Func<Func<Task>, Task>? start = null)
    {
        _stores = stores;
        _writers = [.. stores.Select(store => new Writer(_line, store, db, clock))];
        _writing = Task.WhenAll(_writers.Select(writer => (start ?? Task.Run)(writer.Run)));
    }

    static IReadOnlyList<LedgerStore> Stores(Database db, int writers) => db switch
    {
        PostgresDatabase postgres => [.. Enumerable.Range(0, writers).Select(_ => new PostgresStore(postgres))],
        SqliteDatabase sqlite => [new SqliteStore(sqlite)],
        _ => throw new NotSupportedException($"No ledger on {db.GetType().Name}."),
    };

    /// <summary>How many callers wait for a writer now.</summary>
    public int Waiting => _line.Length;

    /// <summary>Entries and batches that this node has committed since it started.</summary>
    public long Posted => _writers.Sum(w => w.Posted);
    public long Batches => _writers.Sum(w => w.Batches);

    /// <summary>
    /// Decides and posts. Cancelling stops the waiting, not the posting: ask again with the same key to learn what became of it.
    /// Throws <see cref="LedgerUnavailableException"/> when the outcome could not be learned.
    /// </summary>
    public Task<Answer<TValue, TRefusal>> Post<TValue, TRefusal>(Draft<TValue, TRefusal> draft, CancellationToken ct = default)
        where TValue : class
        where TRefusal : struct, Enum
    {
        var waiting = new Waiting<TValue, TRefusal>(draft);
        _line.Join(waiting);
        return ct.CanBeCanceled ? waiting.Promise.WaitAsync(ct) : waiting.Promise;
    }

    /// <summary>Serves everybody who waits, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _line.Close();
        await _writing;
        foreach (var store in _stores)
            await store.DisposeAsync();
    }
}
