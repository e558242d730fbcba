using System.Diagnostics;
using Ensen.Basics;
using Ensen.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Ledger;

/// <summary>
/// The books. Callers hand in drafts; writers take what waits, decide, and commit in batches (group commit), so that a popular shop
/// costs no more than a quiet one. An answer is given only when it is durable.
/// </summary>
public sealed class GeneralLedger : IAsyncDisposable
{
    /// <summary>
    /// A draft that waited for longer is not decided any more; patient ones (a night's work) are. With what a batch may take from its
    /// decision to its commit this bounds <see cref="OutcomeKnownWithin"/>.
    /// </summary>
    internal static readonly TimeSpan DecidedWithin = TimeSpan.FromSeconds(20);

    /// <summary>
    /// So long after it was asked for, a draft is in the books or never will be. Pages that say "not paid" wait for longer than this.
    /// </summary>
    public static readonly TimeSpan OutcomeKnownWithin = DecidedWithin + 2 * PostgresStore.Patience;

    readonly CommitQueue _queue;
    readonly IReadOnlyList<LedgerStore> _stores;
    readonly List<Writer> _writers;
    readonly Task _writing;
    readonly LedgerMeter _meter;
    readonly Database _db;

    /// <param name="writers">Writers of this node; on SQLite there is always one.</param>
    public GeneralLedger(Database db, TimeProvider clock, int writers = 2, ILogger? log = null)
        : this(db, clock, Stores(db, writers), log: log)
    {
    }

    /// <summary>
    /// One writer for each of these stores. <paramref name="start"/>: how a writer is set going, on a thread of the pool when null.
    /// </summary>
    internal GeneralLedger(Database db, TimeProvider clock, IReadOnlyList<LedgerStore> stores, Func<Func<Task>, Task>? start = null,
        ILogger? log = null, TimeSpan? decidedWithin = null)
    {
        _queue = new CommitQueue(clock);
        _stores = stores;
        _db = db;
        _meter = new LedgerMeter(this, db.Catalogue);
        _writers = [.. stores.Select(store => new Writer(
            _queue, store, db, clock, _meter, log ?? NullLogger.Instance, decidedWithin ?? DecidedWithin))];
        _writing = Task.WhenAll(_writers.Select(writer => (start ?? Task.Run)(writer.Run)));
    }

    static IReadOnlyList<LedgerStore> Stores(Database db, int writers)
    {
        var own = new OwnSeals();
        return db switch
        {
            PostgresDatabase postgres => [.. Enumerable.Range(0, writers).Select(_ => new PostgresStore(postgres, own))],
            SqliteDatabase sqlite => [new SqliteStore(sqlite, own)],
            _ => throw new NotSupportedException($"No ledger on {db.GetType().Name}."),
        };
    }

    /// <summary>How many callers wait for a writer now.</summary>
    public int QueueLength => _queue.Length;

    /// <summary>Entries and batches that this node has committed since it started.</summary>
    public long Posted => _writers.Sum(w => w.Posted);
    public long Batches => _writers.Sum(w => w.Batches);

    /// <summary>
    /// How long the oldest draft without an answer has waited, in the line or in a writer's hands; zero when there is none.
    /// </summary>
    public TimeSpan OldestWaiting => _queue.Oldest is { } since ? Stopwatch.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>The last batch that was to be written could not be, for no fault of its own.</summary>
    public bool Fails => _meter.Fails;

    /// <summary>
    /// The last batch failed because the database does not hold what this node committed to it: an old state was restored under the node.
    /// </summary>
    public bool HistoryLost => _meter.HistoryLost;

    /// <summary>While somebody has waited for longer than this, nobody new is taken; without it everybody is.</summary>
    public TimeSpan? MostWait { get; set; }

    /// <summary>How long closing waits for the last answers at most.</summary>
    public TimeSpan MostClosing { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// Decides and posts. Cancelling stops the waiting, not the posting: ask again with the same key to learn what became of it.
    /// Throws <see cref="LedgerUnavailableException"/> when the outcome could not be learned, and <see cref="LedgerBusyException"/> when
    /// too many wait and it was not even taken.
    /// </summary>
    public Task<Answer<TValue, TRefusal>> Post<TValue, TRefusal>(Draft<TValue, TRefusal> draft, CancellationToken ct = default)
        where TValue : class
        where TRefusal : struct, Enum
    {
        if (MostWait is { } most && !draft.IsPatient && OldestWaiting > most)
            return PostLate(draft, ct);
        return LedgerTrace.Wait() is { } span ? Traced(draft, span, ct) : Join(new PendingPost<TValue, TRefusal>(draft), ct);
    }

    Task<Answer<TValue, TRefusal>> Join<TValue, TRefusal>(PendingPost<TValue, TRefusal> waiting, CancellationToken ct)
        where TValue : class
        where TRefusal : struct, Enum
    {
        waiting.WaitUntil(ct);
        _queue.Join(waiting);
        return waiting.Promise;
    }

    async Task<Answer<TValue, TRefusal>> Traced<TValue, TRefusal>(Draft<TValue, TRefusal> draft, Activity span, CancellationToken ct)
        where TValue : class
        where TRefusal : struct, Enum
    {
        using (span)
            return await Join(new PendingPost<TValue, TRefusal>(draft) { Span = span }, ct);
    }

    /// <summary>
    /// Others wait for too long already. What was answered before is answered again, what is under way is waited for, and what is new is
    /// turned away.
    /// </summary>
    async Task<Answer<TValue, TRefusal>> PostLate<TValue, TRefusal>(Draft<TValue, TRefusal> draft, CancellationToken ct)
        where TValue : class
        where TRefusal : struct, Enum
    {
        if (_queue.Knows(draft.IdempotencyKeys))
            return await Join(new PendingPost<TValue, TRefusal>(draft), ct);
        if (await draft.FindStoredAnswer(_db, ct) is { } earlier)
            return earlier;
        _meter.TurnedAway();
        throw new LedgerBusyException();
    }

    /// <summary>Serves everybody who waits, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        _meter.Dispose();
        if (await Task.WhenAny(_writing, Task.Delay(MostClosing)) != _writing)
            return; // The database does not answer. Nobody was told that anything was done.
        await _writing;
        foreach (var store in _stores)
            await store.DisposeAsync();
    }
}
