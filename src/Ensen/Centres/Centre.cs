using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Centres;

/// <summary>A shopping centre: staff sign its point tills in by <paramref name="Number"/> and a PIN.</summary>
public sealed record Centre(CentreId Id, string Name, string Number);

/// <summary>Looks centres up.</summary>
public sealed class FindCentre(Database db)
{
    const int Most = 500;

    /// <summary>All centres by name.</summary>
    public async Task<IReadOnlyList<Centre>> All(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<Centre>("select id, name, number from centre order by name, id limit @Most", new { Most })).AsList();
    }

    /// <summary>The point tills of a centre, the first one first.</summary>
    public async Task<IReadOnlyList<PointTillId>> TillsOf(CentreId centre, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<PointTillId>(
            "select id from point_till where centre_id = @centre order by id limit @Most", new { centre, Most })).AsList();
    }

    public async Task<Centre?> Run(CentreId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Centre?>("select id, name, number from centre where id = @id", new { id });
    }
}
