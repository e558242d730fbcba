using System.Data.Common;
using System.Text;
using Dapper;
using Ensen.Storage;

namespace Ensen.Points;

/// <summary>
/// The uses of points, as this node keeps them in memory. They never change, so what is known is true for ever; a number that is not known
/// was made on another node, and is looked for once more.
/// </summary>
public sealed class PointUses(Database db)
{
    volatile PointUseTable _known = PointUseTable.Empty;

    /// <summary>Does something by the uses that are known, and once more when one was missing.</summary>
    public async Task<T> With<T>(Func<PointUseTable, Task<T>> act, CancellationToken ct = default)
    {
        try
        {
            return await act(_known);
        }
        catch (UnknownPointUseException e)
        {
            return await act(_known = await Read(e.Number, ct));
        }
    }

    /// <summary>The table by which all these lots can be judged.</summary>
    public async Task<PointUseTable> For(IEnumerable<Lot> lots, CancellationToken ct = default)
    {
        foreach (var number in lots.Select(l => l.Uses).Where(n => n > 0).Distinct())
            if (_known.Find(number) is null)
                _known = await Read(number, ct);
        return _known;
    }

    /// <summary>All uses, newest first.</summary>
    public async Task<IReadOnlyList<PointUse>> All(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return [.. (await Read(connection)).OrderByDescending(u => u.Number)];
    }

    /// <summary>What was made by one account under one key; null when nothing was.</summary>
    internal static async Task<PointUse?> Under(DbConnection connection, string under) =>
        await connection.QuerySingleOrDefaultAsync<int?>("select number from point_use where made_under = @under", new { under }) is { } number
            ? (await Read(connection)).Find(u => u.Number == number) : null;

    /// <summary>
    /// Makes a use under the next number. Null when all numbers are taken. Whoever makes one in the same moment, or had the same key, has
    /// the row (<see cref="Database.IsDuplicate"/>).
    /// </summary>
    /// <param name="under">The caller and the key of the request that makes it, if it has one.</param>
    public static async Task<PointUse?> Add(DbTransaction tx, string name, string englishName,
        IReadOnlyCollection<SpendingPlace> places, DateTimeOffset now, string? under = null)
    {
        if (places.Count == 0)
            throw new ArgumentException("Points that can be spent on nothing are none.", nameof(places));
        var next = 1 + await tx.Connection!.ExecuteScalarAsync<int>("select coalesce(max(number), 0) from point_use", transaction: tx);
        if (next > PointUse.Most)
            return null;
        await tx.Connection!.ExecuteAsync(
            "insert into point_use (number, name, english_name, made_ms, made_under) values (@next, @name, @englishName, @at, @under)",
            new { next, name, englishName, at = now.ToUnixTimeMilliseconds(), under }, tx);
        await tx.Connection!.ExecuteAsync(
            "insert into point_use_place (number, kind, place) values (@next, @kind, @place)",
            places.Distinct().Select(p => new { next, kind = (short)p.Kind, place = p.Id }), tx);
        return new PointUse(next, name, englishName, places);
    }

    /// <summary>Whether another use is called the same, in one of the two languages, whatever the case and width of its letters.</summary>
    public static async Task<bool> HasNamesake(DbTransaction tx, PointUse use) =>
        (await tx.Connection!.QueryAsync<(string Name, string EnglishName)>(
            "select name, english_name from point_use where number <> @Number", new { use.Number }, tx))
            .Any(u => IsSame(u.Name, use.Name) || IsSame(u.EnglishName, use.EnglishName));

    static bool IsSame(string one, string other) =>
        one.Normalize(NormalizationForm.FormKC).Equals(other.Normalize(NormalizationForm.FormKC), StringComparison.OrdinalIgnoreCase);

    /// <param name="number">Of a lot; where no use has it, its points can be spent on nothing, and verify names it.</param>
    async Task<PointUseTable> Read(int number, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var uses = await Read(connection);
        return new PointUseTable(uses.Exists(u => u.Number == number) ? uses : [.. uses, new PointUse(number, "", "", [])]);
    }

    static async Task<List<PointUse>> Read(DbConnection connection)
    {
        var places = (await connection.QueryAsync<(int Number, short Kind, Guid Place)>(
            "select number, kind, place from point_use_place order by number, kind, place limit 100000"))
            .ToLookup(p => p.Number, p => new SpendingPlace((SpendingKind)p.Kind, p.Place));
        return [.. (await connection.QueryAsync<(int Number, string Name, string EnglishName)>(
            "select number, name, english_name from point_use order by number limit 999"))
            .Select(u => new PointUse(u.Number, u.Name, u.EnglishName, places[u.Number].ToHashSet()))];
    }
}
