using System.Diagnostics.Metrics;
using Dapper;

namespace Ensen.Storage;

/// <summary>What waits in the outbox. It is looked at now and then and not at every question, so asking costs the database nothing.</summary>
public sealed class StorageMeter : IDisposable
{
    public const string Name = "Ensen.Storage";

    /// <summary>Beyond this it does not matter how many.</summary>
    const int MostCounted = 100_000;

    readonly Database _db;
    readonly TimeProvider _clock;
    readonly Meter _meter = new(Name);
    long _waiting;
    long _oldest;

    public StorageMeter(Database db, TimeProvider clock)
    {
        (_db, _clock) = (db, clock);
        _meter.CreateObservableGauge("ensen.outbox.waiting", () => Interlocked.Read(ref _waiting), null, "Pieces of outside work that are not done yet.");
        _meter.CreateObservableGauge("ensen.outbox.oldest", OldestSeconds, "s", "Since when the oldest of them waits; 0 when there is none.");
    }

    public async Task Look(CancellationToken ct)
    {
        await using var connection = await _db.Connect(ct);
        var (waiting, oldest) = await connection.QuerySingleAsync<(long, long)>(new CommandDefinition(
            """
            select count(*), coalesce(min(o.created_ms), 0)
            from (select created_ms from outbox where state = 1 order by due_ms limit @MostCounted) o
            """,
            new { MostCounted }, cancellationToken: ct));
        Interlocked.Exchange(ref _waiting, waiting);
        Interlocked.Exchange(ref _oldest, oldest);
    }

    double OldestSeconds() => Interlocked.Read(ref _oldest) is > 0 and var since
        ? Math.Max(0, (_clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(since)).TotalSeconds)
        : 0;

    public void Dispose() => _meter.Dispose();
}
