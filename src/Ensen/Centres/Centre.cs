using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Centres;

/// <summary>A shopping centre: staff sign its point tills in by <paramref name="Number"/> and a PIN.</summary>
public sealed record Centre(CentreId Id, string Name, string Number);

/// <summary>Looks a centre up.</summary>
public sealed class FindCentre(Database db)
{
    public async Task<Centre?> Run(CentreId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Centre?>("select id, name, number from centre where id = @id", new { id });
    }
}
