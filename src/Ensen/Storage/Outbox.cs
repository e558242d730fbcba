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
/// </summary>
public sealed class Outbox(Database db, TimeProvider clock, ILogger<Outbox> log)
{
    const string Topic = "outbox";
    const int Waiting = 1;
    const int Ended = 2;
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>How long a piece under way may go on after the node was told to stop.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    readonly Dictionary<string, Func<OutboxItem, CancellationToken, Task<OutboxResult>>> _work = [];

    /// <summary>Names the work that a kind stands for. Called once a kind, at start.</summary>
    public void On(string kind, Func<OutboxItem, CancellationToken, Task<OutboxResult>> work) => _work.Add(kind, work);

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

    /// <summary>Tells the dispatcher that something was committed.</summary>
    public void Wake() => db.Signals.Raise(Topic);

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
        while (await Due(ct) is { Count: > 0 } ids)
            foreach (var id in ids)
            {
                ct.ThrowIfCancellationRequested();
                if (await Claim(id, hurry.Token) is not { } item)
                    continue;
                await Run(item, hurry.Token);
                tried++;
            }
        return tried;
    }

    /// <summary>Runs until stopped: at every ring, and once a second for what became due.</summary>
    public async Task Dispatch(CancellationToken ct)
    {
        using var bell = db.Signals.Listen(Topic);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await RunDue(ct);
                await bell.Wait(TimeSpan.FromSeconds(1), ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is DbException or IOException or TimeoutException)
            {
                log.LogWarning("The outbox cannot reach its database: {Error}", e.GetType().Name);
                await Task.Delay(1_000, CancellationToken.None);
            }
        }
    }

    async Task<IReadOnlyList<Guid>> Due(CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<Guid>(
            "select id from outbox where state = @Waiting and due_ms <= @now order by due_ms limit 100", new { Waiting, now })).AsList();
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
        try
        {
            if (_work.TryGetValue(item.Kind, out var work))
                result = await work(item, ct);
            else
                error = "no work is known by this kind";
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            error = e.GetType().Name;
            log.LogError(e, "Outbox {Kind} {Id} failed at attempt {Attempt}", item.Kind, item.Id, item.Attempts);
        }
        await Finish(item, result, error, ct);
        return result;
    }

    Task Finish(OutboxItem item, OutboxResult result, string? error, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var wait = Math.Min(60_000, 500L << Math.Min(item.Attempts, 7));
        return db.Transact(tx => tx.Connection!.ExecuteAsync(
            result == OutboxResult.Done
                ? "update outbox set state = @Ended, ended_ms = @now, last_error = null where id = @Id"
                : "update outbox set due_ms = @next, last_error = @error where id = @Id",
            new { item.Id, Ended, now, next = now + wait, error }, tx), ct);
    }
}
