using System.Data.Common;
using Dapper;

namespace Ensen.Ledger;

/// <summary>
/// What must hold of the months that are said to be away: or saying so would hide what was taken out, and carry what never was.
/// </summary>
public static class MonthChecks
{
    /// <param name="detached">How many entries the seals cover that are not here and are said to be away.</param>
    public static async Task<IReadOnlyList<string>> Broken(DbConnection connection, long detached)
    {
        var broken = new List<string>();
        var away = (await connection.QueryAsync<(int Month, Guid Until, long Entries)>("select month, until, entries from detached_month order by month")).AsList();
        foreach (var (month, until, _) in away)
            if (new HistoryMonth(month) is not { Exists: true } said)
                broken.Add(FormattableString.Invariant($"{month}, which is said to be away, is no month"));
            else if (until != said.Next.First)
                broken.Add($"{said}, which is said to be away, does not end where it says");
        if (away.Count == 0 && await connection.ExecuteScalarAsync<long>("select count(*) from carried") is > 0 and var carried)
            broken.Add($"{carried} sums are carried, and no month is away");
        if (away.Sum(m => m.Entries) != detached)
            broken.Add($"{away.Sum(m => m.Entries)} entries are said to be away, the seals miss {detached}");
        if (away.Count > 0
            && await connection.QueryFirstOrDefaultAsync<Guid?>(
            "select id from entry where id < @Until order by id limit 1", new { away[^1].Until }) is { } here)
            broken.Add($"{IdPlaceholder.Entry(here)} is here, and its month is said to be away");
        return broken;
    }
}
