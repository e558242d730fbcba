using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Microsoft.Extensions.Logging;

namespace Ensen.Storage;

/// <summary>What became of one try of outside work.</summary>
public enum OutboxResult
{
    Done = 1,

    /// <summary>Not known yet: try (or ask) again later.</summary>
    Later = 2,
}

/// <summary>One piece of outside work: its id is its idempotency key towards the outside.</summary>
public sealed record OutboxItem(Guid Id, string Kind, string Body, int Attempts);

/// <summary>
/// Effects on the outside world. They are written in the transaction that decided them and done after it: at once by whoever wrote
/// them, or by the dispatcher, which also finds what a crash left behind. Work runs at least once; its id makes the outside do it once.
/// Each kind has a loop of its own, and each piece its time: a gateway that hangs holds up nobody but its own. What keeps failing is
/// parked: it is tried once an hour and seen in the metrics. What was to be done is forgotten as soon as it is done; that it was done, a
/// week later.
/// </summary>
public sealed class Outbox(Database db, TimeProvider clock, ILogger<Outbox> log)
{
    const string Topic = "outbox";
    internal const int Waiting = 1;
    const int Ended = 2;
    const int MostDue = 100;
    const int AtOnce = 8;
    const int Bite = 500;

    /// <summary>After so many failures in a row (about three quarters of an hour) a piece is parked.</summary>
    public const int MostFailures = 50;
    const int ParkedMs = 3_600_000;

    static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>How long a piece under way may go on after the node was told to stop.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    readonly Dictionary<string, Func<OutboxItem, CancellationToken, Task<OutboxResult>>> _work = [];

    /// <summary>No piece takes longer than this; by then its lease is nearly over, and it is tried again.</summary>
    public TimeSpan MostForOne { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Names the work that a kind stands for. Called once a kind, at start.</summary>
    public void On(string kind, Func<OutboxItem, CancellationToken, Task<OutboxResult>> work) => _work.Add(kind, work);

    /// <summary>Whether this installation does work of this kind.</summary>
    public bool Takes(string kind) => _work.ContainsKey(kind);

    /// <summary>Writes work into the transaction that decides it.</summary>
    public async Task Add(DbTransaction tx, Guid id, string kind, string body)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await tx.Connection!.ExecuteAsync(
            """
            insert into outbox (id, kind, body, state, attempts, due_ms, created_ms)
            values (@id, @kind, @body, @Waiting, 0, @now, @now)
            """,
            new { id, kind, body, Waiting, now }, tx);
    }

    /// <summary>Whether a piece still waits to be done, and else when it was; null where that is forgotten already.</summary>
    internal static async Task<(bool Waits, DateTimeOffset? Ended)> EndOf(DbConnection connection, Guid id)
    {
        var (state, ended) = await connection.QuerySingleOrDefaultAsync<(int State, long? EndedMs)>(
            "select state, ended_ms from outbox where id = @id", new { id });
        return (state == Waiting, ended is { } ms ? Instant.OfMilliseconds(ms) : null);
    }

    /// <summary>Tells the dispatcher that something was committed.</summary>
    public void Wake() => db.Notifications.Raise(Topic);

    /// <summary>Does one piece now, if nobody else has it. The caller who wrote it need not wait for the dispatcher.</summary>
    public async Task<OutboxResult> RunNow(Guid id, CancellationToken ct)
    {
        var item = await Claim(id, ct);
        return item is null ? OutboxResult.Later : await Run(item, ct);
    }

    /// <summary>
    /// Does everything that is due, and returns how many pieces were tried. Cancelling stops between two pieces: the one under way is
    /// finished, if that takes no longer than a few seconds, so that its outcome is written down and not found out later.
    /// </summary>
    public async Task<int> RunDue(CancellationToken ct)
    {
        var tried = 0;
        using var hurry = new CancellationTokenSource();
        using var told = ct.Register(() => hurry.CancelAfter(Grace));
        while (await Due(kind: null, ct) is { Count: > 0 } ids)
            foreach (var id in ids)
            {
                ct.ThrowIfCancellationRequested();
                if (await RunOne(id, hurry.Token))
                    tried++;
            }
        return tried;
    }

    /// <summary>Runs until stopped, each kind for itself: at every ring, and once a second for what became due.</summary>
    public Task Dispatch(Loops loops, CancellationToken ct) => Task.WhenAll(_work.Keys.Select(kind => Dispatch(loops, kind, ct)));

    async Task Dispatch(Loops loops, string kind, CancellationToken ct)
    {
        using var bell = db.Notifications.Listen(Topic);
        await loops.Run($"outbox {kind}", "outside work of this kind is done", async (loop, stop) =>
        {
            using var hurry = new CancellationTokenSource();
            using var told = stop.Register(() => hurry.CancelAfter(Grace));
            while (await Due(kind, stop) is { Count: > 0 } ids)
            {
                using var free = new SemaphoreSlim(AtOnce);
                await Task.WhenAll(ids.Select(async id =>
                {
                    await free.WaitAsync(stop);
                    try
                    {
                        await RunOne(id, hurry.Token);
                        loop.Lives();
                    }
                    finally
                    {
                        free.Release();
                    }
                }));
            }
            await bell.Wait(TimeSpan.FromSeconds(1), stop);
        }, ct);
    }

    /// <summary>Forgets what was done a week ago. In small bites, so that nobody waits behind it.</summary>
    public async Task<int> Sweep(CancellationToken ct = default)
    {
        var before = clock.GetUtcNow().Add(-Kept).ToUnixTimeMilliseconds();
        for (var swept = 0; ;)
        {
            var some = await db.Transact(tx => tx.Connection!.ExecuteAsync(
                """
                delete from outbox
                where id in (select id from outbox where state = @Ended and ended_ms < @before order by ended_ms limit @Bite)
                """,
                new { Ended, before, Bite }, tx), ct);
            swept += some;
            if (some < Bite)
                return swept;
        }
    }

    async Task<bool> RunOne(Guid id, CancellationToken ct)
    {
        if (await Claim(id, ct) is not { } item)
            return false;
        await Run(item, ct);
        return true;
    }

    async Task<IReadOnlyList<Guid>> Due(string? kind, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<Guid>(
            kind is null
                ? "select id from outbox where state = @Waiting and due_ms <= @now order by due_ms limit @MostDue"
                : "select id from outbox where state = @Waiting and kind = @kind and due_ms <= @now order by due_ms limit @MostDue",
            new { Waiting, kind, now, MostDue })).AsList();
    }

    async Task<OutboxItem?> Claim(Guid id, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var leased = now + (long)Lease.TotalMilliseconds;
        var (claimed, kind, body, attempts) = await db.Transact(tx => tx.Connection!.QuerySingleOrDefaultAsync<(Guid, string, string, int)>(
            """
            update outbox
            set due_ms = @leased, attempts = attempts + 1
            where id = @id and state = @Waiting and due_ms <= @now
            returning id, kind, body, attempts
            """,
            new { id, Waiting, now, leased }, tx), ct);
        return claimed == id ? new OutboxItem(id, kind, body, attempts) : null;
    }

    async Task<OutboxResult> Run(OutboxItem item, CancellationToken ct)
    {
        string? error = null;
        var result = OutboxResult.Later;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(MostForOne);
        try
        {
            // Whoever does not listen to being cancelled is not waited for: its id keeps the outside from doing it twice.
            if (_work.TryGetValue(item.Kind, out var work))
                result = await work(item, limit.Token).WaitAsync(limit.Token);
            else
                error = "no work is known by this kind";
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            error = limit.IsCancellationRequested ? "took too long" : e.GetType().Name;
            if (limit.IsCancellationRequested || TransientFailure.IsInBackground(e))
                log.LogWarning("Outbox {Kind} {Id} failed at attempt {Attempt}: {Error}", item.Kind, item.Id, item.Attempts, error);
            else
                log.LogError(e, "Outbox {Kind} {Id} failed at attempt {Attempt}", item.Kind, item.Id, item.Attempts);
        }
        await Finish(item, result, error, ct);
        return result;
    }

    /// <summary>
    /// What waits for its outcome is asked for at ever longer times, up to a minute; what failed too often in a row, once an hour.
    /// </summary>
    async Task Finish(OutboxItem item, OutboxResult result, string? error, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (result == OutboxResult.Done)
        {
            // What was to be told to whom is needed no longer, and a link that was mailed is a key.
            await db.Transact(tx => tx.Connection!.ExecuteAsync(
                "update outbox set state = @Ended, ended_ms = @now, last_error = null, body = '' where id = @Id and state = @Waiting",
                new { item.Id, Ended, Waiting, now }, tx), ct);
            return;
        }
        var wait = Math.Min(60_000, 500L << Math.Min(item.Attempts, 7));
        var failures = await db.Transact(tx => tx.Connection!.ExecuteScalarAsync<int>(
            """
            update outbox
            set failures = case when @error is null then 0 else failures + 1 end,
              due_ms = case when @error is not null and failures + 1 >= @MostFailures then @now + @ParkedMs else @now + @wait end,
              last_error = @error
            where id = @Id and state = @Waiting
            returning failures
            """,
            new { item.Id, Waiting, now, wait, error, MostFailures, ParkedMs }, tx), ct);
        if (failures == MostFailures)
            log.LogError("Outbox {Kind} {Id} failed {Failures} times in a row and is parked: from now on it is tried once an hour. The last error: {Error}", item.Kind, item.Id, failures, error);
    }
}
