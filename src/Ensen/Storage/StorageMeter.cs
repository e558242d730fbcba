using System.Diagnostics.Metrics;
using Dapper;

namespace Ensen.Storage;

/// <summary>
/// What waits in the outbox. It is looked at now and then and not at every question, so asking costs the database nothing.
/// </summary>
public sealed class StorageMeter : IDisposable
{
    public const string Name = "Ensen.Storage";

    /// <summary>Beyond this it does not matter how many.</summary>
    const int MostCounted = 100_000;

    readonly Database _db;
    readonly Meter _meter = new(Name);
    readonly BacklogGauge _waiting;
    long _parked;

    public StorageMeter(Database db, TimeProvider clock)
    {
        _db = db;
        _waiting = new BacklogGauge(_meter, clock, ("ensen.outbox.waiting", "Pieces of outside work that are not done yet."),
            ("ensen.outbox.oldest", "Since when the oldest of them waits; 0 when there is none."));
        _meter.CreateObservableGauge("ensen.outbox.parked", () => Interlocked.Read(ref _parked), null,
            "Those of them that failed so often that they are tried only once an hour.");
    }

    public async Task Look(CancellationToken ct)
    {
        await using var connection = await _db.Connect(ct);
        var (waiting, oldest, parked) = await connection.QuerySingleAsync<(long, long, long)>(new CommandDefinition(
            """
            select count(*), coalesce(min(o.created_ms), 0), cast(coalesce(sum(case when o.failures >= @MostFailures then 1 else 0 end), 0) as bigint)
            from (select created_ms, failures from outbox where state = 1 order by due_ms limit @MostCounted) o
            """,
            new { MostCounted, Outbox.MostFailures }, cancellationToken: ct));
        Interlocked.Exchange(ref _parked, parked);
        _waiting.Saw(waiting, oldest);
    }

    public void Dispose() => _meter.Dispose();
}
