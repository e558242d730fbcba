using Dapper;
using Ensen.Basics;
using Microsoft.Extensions.Logging;

namespace Ensen.Storage;

/// <summary>
/// Runs what the modules declare as jobs. A row a job says when it is due, who has it, and how it fared; so of many nodes one runs it, and
/// a node that dies with it is followed by another as soon as its lease is over. A job that fails says so in the log, in the metrics and
/// in its row, and is tried again after a pause that grows; one that hangs is broken off.
/// </summary>
public sealed class Jobs(Database db, Catalogue catalogue, IServiceProvider services, TimeProvider clock, ILogger<Jobs> log)
{
    static readonly TimeSpan s_lease = TimeSpan.FromSeconds(60);
    static readonly TimeSpan s_beat = TimeSpan.FromSeconds(20);
    static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(2);
    static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(5);

    /// <summary>How often the table is looked at for what is due.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(15);

    readonly Guid _node = Guid.NewGuid();

    /// <summary>Runs until stopped, each job for itself: one that hangs holds up no other.</summary>
    public async Task Run(Loops loops, CancellationToken ct)
    {
        await Task.WhenAll(catalogue.All<Job>().Select(job => loops.Run(job.Name, job.Does, async (loop, stop) =>
        {
            await RunIfDue(job, loop.Lives, stop);
            await Task.Delay(Look, stop);
        }, ct)));
    }

    /// <summary>Runs one job now if it is due and no other node has it. Throws what the job throws, once that is written down.</summary>
    /// <returns>Whether it ran.</returns>
    public async Task<bool> RunIfDue(string name, CancellationToken ct = default) =>
        await RunIfDue(catalogue.All<Job>().Single(j => j.Name == name), () => { }, ct);

    /// <summary>All jobs as the table has them, by name.</summary>
    public async Task<IReadOnlyList<JobRow>> All(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<JobRow>(new CommandDefinition(
            "select name, due_ms, lease_ms, last_ok_ms, last_error, attempts from job order by name", cancellationToken: ct))).AsList();
    }

    async Task<bool> RunIfDue(Job job, Action lives, CancellationToken ct)
    {
        if (await Claim(job, ct) is not { } attempt)
            return false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var lease = new CancellationTokenSource();
        limit.CancelAfter(job.Limit);
        var keeping = KeepLease(job, lives, limit, lease.Token);
        try
        {
            // A job that does not listen to being broken off is not waited for.
            await job.Run(services, limit.Token).WaitAsync(limit.Token);
            await lease.CancelAsync();
            await keeping;
            await WentWell(job, ct);
            return true;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await GiveBack(job);
            throw;
        }
        catch (Exception e)
        {
            var error = limit.IsCancellationRequested ? "took too long" : e.GetType().Name;
            await Failed(job, attempt, error, ct);
            throw limit.IsCancellationRequested ? new TimeoutException($"{job.Name} took longer than {job.Limit}.", e) : e;
        }
        finally
        {
            await lease.CancelAsync();
            await keeping;
        }
    }

    /// <summary>The attempt's number since it last went well; null when it is not due, or another node has it.</summary>
    async Task<int?> Claim(Job job, CancellationToken ct)
    {
        var now = Now;
        await using (var connection = await db.Connect(ct))
            if (await Find(connection, job) is { } found && (found.DueMs > now || found.LeaseMs > now))
                return null;
        var leased = now + (long)s_lease.TotalMilliseconds;
        return await db.Transact(tx => tx.Connection!.QuerySingleOrDefaultAsync<int?>(
            """
            insert into job as j (name, due_ms, lease_ms, node, attempts)
            values (@Name, @now, @leased, @_node, 1)
            on conflict (name) do update
            set lease_ms = excluded.lease_ms, node = excluded.node, attempts = j.attempts + 1
            where j.due_ms <= @now and j.lease_ms <= @now
            returning attempts
            """,
            new { job.Name, now, leased, _node }, tx), ct);
    }

    static Task<JobRow?> Find(System.Data.Common.DbConnection connection, Job job) =>
        connection.QuerySingleOrDefaultAsync<JobRow?>(
            "select name, due_ms, lease_ms, last_ok_ms, last_error, attempts from job where name = @Name", new { job.Name });

    /// <summary>While the job runs its lease is renewed; when another node has taken it after all, the job is broken off here.</summary>
    async Task KeepLease(Job job, Action lives, CancellationTokenSource running, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(s_beat, CancellationToken.None).WaitAsync(over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested)
                return;
            lives();
            try
            {
                var kept = await db.Transact(tx => tx.Connection!.ExecuteAsync(
                    "update job set lease_ms = @leased where name = @Name and node = @_node",
                    new { job.Name, _node, leased = Now + (long)s_lease.TotalMilliseconds }, tx), CancellationToken.None);
                if (kept == 0)
                    await running.CancelAsync();
            }
            catch (Exception e) when (TransientFailure.IsInBackground(e))
            {
                log.LogWarning("{Job}: its lease could not be renewed: {Error}", job.Name, e.GetType().Name);
            }
        }
    }

    Task WentWell(Job job, CancellationToken ct) => db.Transact(tx => tx.Connection!.ExecuteAsync(
        """
        update job
        set due_ms = @due, lease_ms = 0, last_ok_ms = @now, last_error = null, attempts = 0
        where name = @Name and node = @_node
        """,
        new { job.Name, _node, now = Now, due = Now + (long)job.Every.TotalMilliseconds }, tx), ct);

    async Task Failed(Job job, int attempt, string error, CancellationToken ct)
    {
        var pause = s_firstPause * Math.Pow(2, Math.Min(attempt - 1, 10));
        if (pause > s_longestPause)
            pause = s_longestPause;
        try
        {
            await db.Transact(tx => tx.Connection!.ExecuteAsync(
                "update job set due_ms = @due, lease_ms = 0, last_error = @error where name = @Name and node = @_node",
                new { job.Name, _node, error, due = Now + (long)pause.TotalMilliseconds }, tx), ct);
        }
        catch (Exception e) when (TransientFailure.IsInBackground(e))
        {
            // Then the lease runs out by itself, and what the job failed with is told all the same.
            log.LogWarning("{Job}: that it failed could not be written down: {Error}", job.Name, e.GetType().Name);
        }
    }

    /// <summary>The node stops: another may go on at once.</summary>
    async Task GiveBack(Job job)
    {
        try
        {
            await db.Transact(tx => tx.Connection!.ExecuteAsync(
                "update job set lease_ms = 0 where name = @Name and node = @_node", new { job.Name, _node }, tx), CancellationToken.None);
        }
        catch (Exception e) when (TransientFailure.IsInBackground(e))
        {
            log.LogWarning("{Job}: its lease could not be given back, and runs out by itself: {Error}", job.Name, e.GetType().Name);
        }
    }

    long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
