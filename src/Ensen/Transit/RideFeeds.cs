using Dapper;
using Ensen.Storage;

namespace Ensen.Transit;

/// <summary>A delivery of rides; <paramref name="EndedMs"/> is null of one that is under way or broke off.</summary>
public sealed record RideFeed(
    RideFeedId Id, string Name, long AtMs, long Lines, long Accepted, long Duplicates, long Refused, long? EndedMs);

/// <summary>Reads what was delivered and what of it could not be read, for operators.</summary>
public sealed class RideFeeds(Database db)
{
    public const int Most = 100;

    /// <summary>The latest deliveries, newest first.</summary>
    public async Task<IReadOnlyList<RideFeed>> Latest(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<RideFeed>(
            """
            select id, name, at_ms, lines, accepted, duplicates, refused, ended_ms
            from ride_feed
            order by at_ms desc, id desc
            limit @Most
            """, new { Most })).AsList();
    }

    public async Task<RideFeed?> Find(RideFeedId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<RideFeed?>(
            "select id, name, at_ms, lines, accepted, duplicates, refused, ended_ms from ride_feed where id = @id", new { id });
    }

    /// <summary>Lines of a delivery that are no rides, after a line, in their order.</summary>
    public async Task<IReadOnlyList<RefusedLine>> Refused(RideFeedId id, long after = 0, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<RefusedLine>(
            "select line, text, fault from ride_refused where feed = @id and line > @after order by line limit @Most",
            new { id, after, Most })).AsList();
    }
}
