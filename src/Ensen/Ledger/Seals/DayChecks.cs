using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>
/// I6: the root of each day covers exactly its seals and names the root before it; and the roots are those that were published.
/// </summary>
public static class DayChecks
{
    const int MostLines = 10;

    /// <summary>Computes each day's root again from its seals. Names the first days that are wrong; empty when all is well.</summary>
    public static async Task<IReadOnlyList<string>> Broken(Database db, CancellationToken ct = default)
    {
        await using var look = await Snapshot.Take(db, ct);
        var (broken, ends, before) = (new List<string>(), new Dictionary<short, long>(), new byte[MerkleTree.HashLength]);
        foreach (var day in (await look.Connection.QueryAsync<DayRoot>(
            "select day, seals, tree, previous, root, closed_ms from day_root order by day", transaction: look.Tx)).AsList())
        {
            ct.ThrowIfCancellationRequested();
            var stretches = await DayRoots.Stretches(look.Connection, day.Day, look.Tx);
            if ((Wrong(day, before) ?? Gap(stretches, ends) ?? await Changed(look, day, stretches)) is { } wrong)
                broken.Add($"the root of {day.Date} {wrong}");
            before = day.Root;
            foreach (var stretch in stretches)
                ends[stretch.Lane] = stretch.LastNumber;
            if (broken.Count == MostLines)
                break;
        }
        foreach (var day in await look.Connection.QueryAsync<int>(
            """
            select l.day
            from day_lane l
            left join day_root r on r.day = l.day
            where r.day is null
            group by l.day
            order by l.day
            """, transaction: look.Tx))
            if (broken.Count < MostLines)
                broken.Add($"the root of {JapanDay.FromNumber(day)} is gone: what it covered is still written down");
        return broken;
    }

    /// <summary>Where the database and roots that are kept elsewhere part.</summary>
    public static async Task<IReadOnlyList<string>> Differ(Database db, IEnumerable<PublishedRoot> published,
        CancellationToken ct = default)
    {
        var differences = new List<string>();
        await using var connection = await db.Connect(ct);
        foreach (var root in published.OrderBy(p => p.Day))
        {
            var here = await DayRoots.Find(connection, root.Day);
            if (here is null)
                differences.Add($"the root of {root.Day} was published, but this database has none: it was put back to an older state, or its history was changed");
            else if (here.Hex != root.Hex)
                differences.Add($"the root of {root.Day} is {here.Hex} in this database, but {root.Hex} was published: its history is another one");
            if (differences.Count == MostLines)
                break;
        }
        return differences;
    }

    static string? Wrong(DayRoot day, byte[] before) =>
        !day.Previous.AsSpan().SequenceEqual(before) ? "does not name the root of the day before it"
        : !day.Root.AsSpan().SequenceEqual(SealedRecord.Day(day.Day, day.Seals, day.Tree, day.Previous))
            ? "was changed: it is not the hash of its own record"
        : null;

    static string? Gap(IEnumerable<Stretch> stretches, Dictionary<short, long> ends)
    {
        foreach (var stretch in stretches)
            if (stretch.FirstNumber != ends.GetValueOrDefault(stretch.Lane) + 1)
                return FormattableString.Invariant(
                    $"covers lane {stretch.Lane} from seal {stretch.FirstNumber}, but the days before it end at {ends.GetValueOrDefault(stretch.Lane)}");
        return null;
    }

    static async Task<string?> Changed(Snapshot look, DayRoot day, IReadOnlyList<Stretch> stretches)
    {
        var (tree, end) = (new DayTree(), day.Date.Next.Start.ToUnixTimeMilliseconds());
        foreach (var stretch in stretches)
        {
            var next = stretch.FirstNumber;
            await foreach (var (number, atMs, hash) in look.Connection.QueryUnbufferedAsync<(long, long, byte[])>(
                "select number, at_ms, hash from seal where lane = @Lane and number between @FirstNumber and @LastNumber order by number",
                stretch, look.Tx, commandTimeout: 3_600))
            {
                if (number != next++)
                    return FormattableString.Invariant($"covers seal {next - 1} of lane {stretch.Lane}, which is gone");
                if (atMs >= end)
                    return FormattableString.Invariant($"covers seal {number} of lane {stretch.Lane}, which is from a later day");
                tree.Add(hash);
            }
            if (next <= stretch.LastNumber)
                return FormattableString.Invariant($"covers seal {next} of lane {stretch.Lane}, which is gone");
        }
        if (tree.Seals == day.Seals && tree.Root().AsSpan().SequenceEqual(day.Tree))
            return await Torn(look, day, tree);
        return "covers other seals than there are: one was changed after the day was closed" + await Where(look, day, tree, stretches);
    }

    /// <summary>The kept roots of the spans serve proofs alone; wrong ones would only spoil receipts.</summary>
    static async Task<string?> Torn(Snapshot look, DayRoot day, DayTree tree) =>
        (await Spans(look, day)).SequenceEqual(tree.Spans(), ByBytes) ? null : "does not agree with the roots of its spans";

    static async Task<string> Where(Snapshot look, DayRoot day, DayTree tree, IReadOnlyList<Stretch> stretches)
    {
        var kept = await Spans(look, day);
        var span = kept.Zip(tree.Spans()).TakeWhile(p => ByBytes.Equals(p.First, p.Second)).Count();
        if (span == kept.Count)
            return "";
        var (from, until, at, places) = ((long)span * DayTree.Span, (span + 1L) * DayTree.Span, 0L, new List<string>());
        foreach (var stretch in stretches)
        {
            var (first, last) = (stretch.FirstNumber + Math.Max(0, from - at),
                stretch.LastNumber - Math.Max(0, at + stretch.Count - until));
            at += stretch.Count;
            if (first <= last)
                places.Add(FormattableString.Invariant($"seals {first} to {last} of lane {stretch.Lane}"));
        }
        return $" (among {string.Join(", ", places)})";
    }

    static async Task<IReadOnlyList<byte[]>> Spans(Snapshot look, DayRoot day) =>
        [.. (await look.Connection.QueryAsync<(int Number, byte[] Root)>("select number, root from day_span where day = @Day order by number", new { day.Day }, look.Tx))
            .TakeWhile((span, i) => span.Number == i).Select(span => span.Root)];

    static readonly IEqualityComparer<byte[]> ByBytes =
        EqualityComparer<byte[]>.Create((a, b) => a.AsSpan().SequenceEqual(b), a => a.Length > 3 ? BitConverter.ToInt32(a) : 0);
}
