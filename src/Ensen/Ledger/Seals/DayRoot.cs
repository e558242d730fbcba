using System.Data.Common;
using Dapper;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>
/// The root of a business day: it stands for every entry that was sealed until then, since it names the root before it. Whoever has
/// written it down somewhere else can prove that history was not changed afterwards.
/// </summary>
/// <param name="Day">yyyymmdd, as Japan counts days.</param>
/// <param name="Seals">How many seals the day covers.</param>
/// <param name="Tree">The root of the Merkle tree over their hashes, in the order of lanes and numbers.</param>
/// <param name="Previous">The root of the day before that has one; 32 zeros for the first.</param>
public sealed record DayRoot(int Day, long Seals, byte[] Tree, byte[] Previous, byte[] Root, long ClosedMs)
{
    public JapanDay Date => JapanDay.FromNumber(Day);

    /// <summary>As it is published.</summary>
    public string Hex => Convert.ToHexStringLower(Root);
}

/// <summary>The seals of one lane that a day covers, from the first to the last.</summary>
sealed record Stretch(short Lane, long FirstNumber, long LastNumber)
{
    public long Count => LastNumber - FirstNumber + 1;
}

/// <summary>Reading the roots of the days.</summary>
public static class DayRoots
{
    /// <summary>The newest days that have a root before <paramref name="before"/> (null: all), the newest first.</summary>
    public static async Task<IReadOnlyList<DayRoot>> Latest(DbConnection connection, int limit, JapanDay? before = null) =>
        (await connection.QueryAsync<DayRoot>(
            "select day, seals, tree, previous, root, closed_ms from day_root where day < @before order by day desc limit @limit",
            new { before = before?.Number ?? int.MaxValue, limit })).AsList();

    /// <summary>The days from one on, the oldest first.</summary>
    public static async Task<IReadOnlyList<DayRoot>> Since(DbConnection connection, JapanDay from, int limit) =>
        (await connection.QueryAsync<DayRoot>(
            "select day, seals, tree, previous, root, closed_ms from day_root where day >= @from order by day limit @limit",
            new { from = from.Number, limit })).AsList();

    public static Task<DayRoot?> Find(DbConnection connection, JapanDay day) =>
        connection.QuerySingleOrDefaultAsync<DayRoot?>(
            "select day, seals, tree, previous, root, closed_ms from day_root where day = @day", new { day = day.Number });

    /// <summary>The day whose stretch holds the seal; null while it is not closed.</summary>
    internal static async Task<DayRoot?> Covering(DbConnection connection, short lane, long number) =>
        await connection.QuerySingleOrDefaultAsync<int?>(
            "select day from day_lane where lane = @lane and last_number >= @number order by last_number limit 1",
            new { lane, number }) is { } day
            ? await Find(connection, JapanDay.FromNumber(day))
            : null;

    internal static async Task<IReadOnlyList<Stretch>> Stretches(DbConnection connection, int day, DbTransaction? tx = null) =>
        (await connection.QueryAsync<Stretch>(
            "select lane, first_number, last_number from day_lane where day = @day order by lane", new { day }, tx)).AsList();

    /// <summary>The way from a seal to the tree of its day: reads the hashes of one span and the roots of the others.</summary>
    internal static async Task<MerklePath> Path(DbConnection connection, DayRoot day, short lane, long number)
    {
        var stretches = await Stretches(connection, day.Day);
        var place = stretches.TakeWhile(s => s.Lane != lane).Sum(s => s.Count) + number - stretches.Single(s => s.Lane == lane).FirstNumber;
        var (from, until) = (place / DayTree.Span * DayTree.Span, Math.Min((place / DayTree.Span + 1) * DayTree.Span, day.Seals));
        var leaves = new List<byte[]>();
        var at = 0L;
        foreach (var stretch in stretches)
        {
            var (first, last) = (stretch.FirstNumber + Math.Max(0, from - at),
                stretch.LastNumber - Math.Max(0, at + stretch.Count - until));
            at += stretch.Count;
            if (first <= last)
                leaves.AddRange(await connection.QueryAsync<byte[]>(
                    "select hash from seal where lane = @Lane and number between @first and @last order by number",
                    new { stretch.Lane, first, last }));
        }
        var spans = await connection.QueryAsync<byte[]>("select root from day_span where day = @Day order by number", new { day.Day });
        var (low, high) = (MerkleTree.Path(Joined(leaves), (int)(place - from)),
            MerkleTree.Path(Joined(spans), (int)(place / DayTree.Span)));
        return new MerklePath(place, day.Seals, [.. low.Hashes, .. high.Hashes]);
    }

    static byte[] Joined(IEnumerable<byte[]> hashes) => [.. hashes.SelectMany(h => h)];
}
