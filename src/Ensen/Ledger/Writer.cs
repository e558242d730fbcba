using System.Data.Common;
using System.Diagnostics;
using Ensen.Basics;
using Ensen.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ensen.Ledger;

/// <summary>
/// Takes all that wait, reads what they need at once, decides each in order in memory, and writes the batch in one transaction.
/// The database is the authority: when a row is not as it was read, the batch is rolled back and decided again.
/// </summary>
sealed class Writer(CommitQueue queue, LedgerStore store, Database db, TimeProvider clock, LedgerMeter meter, ILogger log,
    TimeSpan decidedWithin)
{
    const int MostInBatch = 512;
    const int MostTries = 5;

    /// <summary>Two nodes that decide about the same owner give way to each other so often: one of them always gets on.</summary>
    const int Collisions = 20;

    long _posted;
    long _batches;

    public long Posted => Interlocked.Read(ref _posted);
    public long Batches => Interlocked.Read(ref _batches);

    public async Task Run()
    {
        while (await queue.Take(MostInBatch) is { } batch)
        {
            try
            {
                await Write(batch);
            }
            catch (Exception e)
            {
                // Not even giving up went well. The writer lives on, and nobody waits for ever: who has an answer keeps it.
                log.LogError(e, "A writer of the ledger met what nobody foresaw; its {Drafts} callers are told that it failed",
                    batch.Count);
                foreach (var waiting in batch)
                    waiting.Fail(e);
            }
            finally
            {
                queue.Release(batch);
            }
            // Those who were just answered ask again at once: let them come back into the line before it is taken, for fuller batches.
            await Task.Yield();
        }
    }

    async Task Write(List<PendingPost> batch)
    {
        using var span = LedgerTrace.Batch(batch);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var writes = await Try(batch, again: attempt > 1);
                foreach (var waiting in batch)
                    waiting.Answer();
                meter.Answered(batch);
                if (writes.Topics.Count > 0)
                    db.Notifications.Raise(writes.Topics);
                return;
            }
            catch (Exception e) when (attempt < Collisions
                && (e is MovedException || e is DbException d && (db.IsDuplicate(d) || db.IsConflict(d))))
            {
                // Somebody else was first. Look again.
                Note(span, e is MovedException ? RetryReason.Moved
                    : db.IsDuplicate((DbException)e) ? RetryReason.Duplicate
                    : RetryReason.Conflict);
                if (attempt > 1)
                    await Task.Delay(TimeSpan.FromMilliseconds(RandomSource.Source.Next(1, 10) * Math.Min(attempt, MostTries)), clock);
            }
            catch (Exception e) when (attempt < MostTries && IsTransient(e))
            {
                // Nobody knows whether the commit arrived. The next try looks for its entries first.
                Note(span, RetryReason.Connection);
                foreach (var waiting in batch)
                    waiting.Doubt();
                await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt), clock);
            }
            catch (Exception e)
            {
                await GiveUp(batch, e);
                return;
            }
        }
    }

    async Task<WriteSet> Try(List<PendingPost> batch, bool again)
    {
        var reads = new ReadSet { At = clock.GetUtcNow() };
        foreach (var waiting in batch)
        {
            waiting.AddReads(reads);
            if (again)
                reads.Entries.Add(waiting.Id);
        }
        var from = Stopwatch.GetTimestamp();
        LoadedState loaded;
        using (LedgerTrace.Step("load"))
            loaded = await store.Load(reads, CancellationToken.None);
        from = meter.Took(BatchStep.Load, from);
        var writes = new WriteSet();
        var now = clock.GetUtcNow();
        using (LedgerTrace.Step("decide"))
            foreach (var waiting in batch)
                waiting.Decide(loaded, writes, now, isLate: Stopwatch.GetElapsedTime(waiting.Since) > decidedWithin);
        from = meter.Took(BatchStep.Decide, from);
        if (writes.IsEmpty)
            return writes;
        foreach (var position in loaded.AccountState.Positions)
            position.CollectInto(writes);
        foreach (var pool in loaded.AccountState.Pools)
            pool.CollectInto(writes);
        writes.Sort();
        writes.SealAs(loaded.Lane, loaded.Head, now);
        using (LedgerTrace.Step("commit"))
            await store.Commit(writes, writes.Alongside, CancellationToken.None);
        meter.Took(BatchStep.Commit, from);
        meter.Committed(batch, writes);
        Interlocked.Add(ref _posted, writes.Entries.Count);
        Interlocked.Increment(ref _batches);
        return writes;
    }

    /// <summary>One bad draft must not take its neighbours down: each is tried alone before it is told that it failed.</summary>
    async Task GiveUp(List<PendingPost> batch, Exception e)
    {
        if (batch.Count > 1 && !IsTransient(e) && e is not HistoryLostException)
        {
            foreach (var waiting in batch)
                await Write([waiting]);
            return;
        }
        var failure =
            e is DbException or IOException or TimeoutException or TransientFailureException or MovedException or HistoryLostException
                ? new LedgerUnavailableException(e)
                : e;
        if (failure is LedgerUnavailableException)
        {
            meter.Unavailable(batch.Count, e is HistoryLostException);
            log.LogWarning("The ledger gave up a batch of {Drafts}; its callers are told to ask again with the same key: {Error}",
                batch.Count, Said(e));
        }
        else
            log.LogWarning("The ledger gave up a draft; its caller is told that it failed: {Error}", Said(e));
        foreach (var waiting in batch)
            waiting.Fail(failure);
    }

    /// <summary>What happened, without anything of what was to be written: a database's message may quote rows.</summary>
    static string Said(Exception e) => e switch
    {
        HistoryLostException => e.Message,
        PostgresException p => $"PostgreSQL {p.SqlState}",
        SqliteException s => FormattableString.Invariant($"SQLite {s.SqliteExtendedErrorCode}"),
        { InnerException: { } inner } => $"{e.GetType().Name}, {inner.GetType().Name}",
        _ => e.GetType().Name,
    };

    void Note(Activity? span, RetryReason reason)
    {
        meter.Retried(reason);
        LedgerTrace.Retried(span, reason);
    }

    /// <summary>
    /// A failure of the database and not of one draft. A conflict is the database's too, but may concern one draft only, and so does what
    /// somebody else holds: that one asks again, and nobody else waits meanwhile.
    /// </summary>
    bool IsTransient(Exception e) => TransientFailure.IsInBackground(e) && !(e is DbException d && db.IsConflict(d))
        && e is not PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };
}
