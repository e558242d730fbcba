using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>The roots of the days as everybody may read them.</summary>
public sealed class PublicRoots(Database db)
{
    /// <summary>The newest days that have a root before <paramref name="before"/> (null: all), the newest first.</summary>
    public async Task<IReadOnlyList<DayRoot>> Latest(int limit, JapanDay? before = null, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await DayRoots.Latest(connection, limit, before);
    }

    /// <summary>The days from one on, the oldest first.</summary>
    public async Task<IReadOnlyList<DayRoot>> Since(JapanDay from, int limit, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await DayRoots.Since(connection, from, limit);
    }

    /// <summary>The oldest day that has a root; null before there is one.</summary>
    public async Task<JapanDay?> Oldest(CancellationToken ct = default) =>
        await Since(new JapanDay(DateOnly.MinValue), 1, ct) is [var first, ..] ? first.Date : null;
}
