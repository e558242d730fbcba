using System.Text.Json;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Centres;

/// <summary>
/// A till's file as it is kept: how far it is, and which of its lines are wrong. Of a file that was refused none is booked; of one that was
/// booked those are lines that brought no points: too small for one, cancelled at the till, or of a member who has left meanwhile.
/// </summary>
public sealed record KeptPointFile(
    PointFileId Id, CentreId CentreId, string CentreName, PointFileState State, int Lines, Yen AmountYen,
    IReadOnlyList<PointFileRefusal> Refused, DateTimeOffset At);

/// <summary>The files that point tills sent, for whoever sent them and for operators.</summary>
public sealed class PointFiles(Database db)
{
    const int Most = 50;

    /// <summary>One file of a centre's; null where it has no such file.</summary>
    public async Task<KeptPointFile?> Find(CentreId centre, PointFileId id, CancellationToken ct = default) =>
        await Read("point_file.centre_id = @centre and point_file.id = @id", new { centre, id, Most }, ct) is [var only] ? only : null;

    /// <summary>The latest of a centre, the newest first.</summary>
    public Task<IReadOnlyList<KeptPointFile>> Latest(CentreId centre, CancellationToken ct = default) =>
        Read("point_file.centre_id = @centre", new { centre, Most }, ct);

    /// <summary>The latest of all centres.</summary>
    public Task<IReadOnlyList<KeptPointFile>> Latest(CancellationToken ct = default) => Read("point_file.id is not null", new { Most }, ct);

    async Task<IReadOnlyList<KeptPointFile>> Read(string which, object values, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var rows = await connection.QueryAsync<Row>(
            $"""
            select point_file.id, point_file.centre_id, centre.name as centre_name, point_file.state, point_file.lines,
                   point_file.amount_yen, point_file.refused, point_file.at_ms
            from point_file
            join centre on centre.id = point_file.centre_id
            where {which}
            order by point_file.id desc
            limit @Most
            """, values);
        return [.. rows.Select(r => new KeptPointFile(
            r.Id, r.CentreId, r.CentreName, (PointFileState)r.State, r.Lines, new Yen(r.AmountYen),
            JsonSerializer.Deserialize(r.Refused, PointFileJson.Default.ListPointFileRefusal)!,
            DateTimeOffset.FromUnixTimeMilliseconds(r.AtMs)))];
    }

    sealed record Row
    {
        public PointFileId Id { get; init; }
        public CentreId CentreId { get; init; }
        public string CentreName { get; init; } = "";
        public short State { get; init; }
        public int Lines { get; init; }
        public long AmountYen { get; init; }
        public string Refused { get; init; } = "";
        public long AtMs { get; init; }
    }
}
