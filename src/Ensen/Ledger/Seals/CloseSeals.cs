using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>
/// Gives each day of Japan that is over its root: in every lane the seals from the first that no day covers to the last one written
/// before the day's end, as they are at the moment of closing. A seal that comes later belongs to the next day, so none is ever left
/// out, and no grace is needed. One transaction a day, in which the first node wins: run twice, on two nodes at once, or again after
/// dying half-way, it ends in the same state.
/// </summary>
public sealed class CloseSeals(Database db, RootFolder published, TimeProvider clock)
{
    const int MostLosses = 20;

    /// <summary>
    /// Closes every day before <paramref name="today"/> on which something was sealed. Returns the days this call closed.
    /// </summary>
    public async Task<IReadOnlyList<DayRoot>> Run(JapanDay today, CancellationToken ct = default)
    {
        var closed = new List<DayRoot>();
        for (var lost = 0; await Next(today, ct) is { } open;)
        {
            if (await Close(open, ct) is { } root)
                closed.Add(root);
            else if (++lost == MostLosses)
                throw new TimeoutException($"The root of {open.Day} cannot be written: another one stands in its way. Run verify.");
        }
        await published.Publish(db, ct);
        return closed;
    }

    /// <summary>
    /// The next day to close and where each lane goes on. The last root is read first: whoever closes meanwhile is then noticed at the
    /// insert.
    /// </summary>
    async Task<OpenDay?> Next(JapanDay today, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var last = (await DayRoots.Latest(connection, 1)).SingleOrDefault();
        var firsts = new List<(short Lane, long Number)>();
        var earliest = long.MaxValue;
        Task<short?> Next(short? lane) =>
            connection.ExecuteScalarAsync<short?>("select min(lane) from seal where lane > @lane", new { lane });
        for (short? lane = -1; (lane = await Next(lane)) is not null;)
        {
            var first = 1 + await connection.ExecuteScalarAsync<long>(
                "select coalesce(max(last_number), 0) from day_lane where lane = @lane", new { lane });
            if (await connection.ExecuteScalarAsync<long?>(
                "select at_ms from seal where lane = @lane and number >= @first order by number limit 1",
                new { lane, first }) is not { } at)
                continue;
            firsts.Add((lane.Value, first));
            earliest = Math.Min(earliest, at);
        }
        if (firsts.Count == 0)
            return null;
        var day = JapanDay.Of(DateTimeOffset.FromUnixTimeMilliseconds(earliest));
        if (last is not null && day <= last.Date)
            day = last.Date.Next;
        return day < today ? new OpenDay(day, last?.Root ?? new byte[MerkleTree.HashLength], firsts) : null;
    }

    async Task<DayRoot?> Close(OpenDay open, CancellationToken ct)
    {
        var (tree, stretches) = (new DayTree(), new List<Stretch>());
        await using (var connection = await db.Connect(ct))
            foreach (var (lane, first) in open.Firsts)
                if (await Take(connection, lane, first, open.Day.Next.Start.ToUnixTimeMilliseconds(), tree, ct) is { } last)
                    stretches.Add(new Stretch(lane, first, last));
        var root = new DayRoot(
            open.Day.Number, tree.Seals, tree.Root(), open.Previous,
            SealedRecord.Day(open.Day.Number, tree.Seals, tree.Root(), open.Previous), clock.GetUtcNow().ToUnixTimeMilliseconds());
        try
        {
            await db.Transact(tx => Write(tx, root, stretches, tree.Spans()), ct);
            return root;
        }
        catch (DbException e) when (db.IsDuplicate(e))
        {
            return null; // Another node closed it first.
        }
    }

    /// <summary>
    /// Adds the lane's seals before <paramref name="endMs"/> to the tree; returns the last one's number, null when there is none.
    /// </summary>
    static async Task<long?> Take(DbConnection connection, short lane, long first, long endMs, DayTree tree, CancellationToken ct)
    {
        for (long? last = null; ;)
        {
            var page = (await connection.QueryAsync<(long Number, long AtMs, byte[] Hash)>(new CommandDefinition(
                "select number, at_ms, hash from seal where lane = @lane and number >= @from order by number limit @Span",
                new { lane, from = last + 1 ?? first, DayTree.Span }, cancellationToken: ct))).AsList();
            foreach (var (number, atMs, hash) in page)
            {
                if (atMs >= endMs)
                    return last;
                tree.Add(hash);
                last = number;
            }
            if (page.Count < DayTree.Span)
                return last;
        }
    }

    static async Task Write(DbTransaction tx, DayRoot root, IReadOnlyList<Stretch> stretches, IReadOnlyList<byte[]> spans)
    {
        var connection = tx.Connection!;
        await connection.ExecuteAsync(
            "insert into day_root (day, seals, tree, previous, root, closed_ms) values (@Day, @Seals, @Tree, @Previous, @Root, @ClosedMs)",
            root, tx);
        await connection.ExecuteAsync(
            "insert into day_lane (day, lane, first_number, last_number) values (@Day, @Lane, @FirstNumber, @LastNumber)",
            stretches.Select(s => new { root.Day, s.Lane, s.FirstNumber, s.LastNumber }), tx);
        await connection.ExecuteAsync(
            "insert into day_span (day, number, root) values (@Day, @number, @span)",
            spans.Select((span, number) => new { root.Day, number, span }), tx);
    }

    sealed record OpenDay(JapanDay Day, byte[] Previous, IReadOnlyList<(short Lane, long Number)> Firsts);
}
