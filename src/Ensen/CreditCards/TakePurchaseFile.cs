using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.CreditCards;

/// <summary>How far a file is.</summary>
public enum PurchaseFileState : short
{
    /// <summary>Its items are being written; nobody sees them.</summary>
    BeingRead = 1,
    Accepted = 2,
    Refused = 3,

    /// <summary>The node that read it died; what it wrote is taken away.</summary>
    BrokenOff = 4,
}

/// <summary>
/// What became of a file: with a line in <paramref name="Refused"/> nothing of it counts. <paramref name="Fresh"/>: items that no file had
/// named before; <paramref name="Corrected"/>: those that now say something else. All others were known.
/// </summary>
public sealed record PurchaseFile(
    PurchaseFileId Id, int Month, int Edition, long Lines, long Fresh, long Corrected, IReadOnlyList<PurchaseRefusal> Refused)
{
    public long Accepted => Refused.Count > 0 ? 0 : Lines;
}

/// <summary>Why an operator's file is not even read.</summary>
public enum TakePurchaseFileRefusal
{
    None = 0,

    /// <summary>Whoever brings it may not.</summary>
    Forbidden = 1,
}

/// <summary>
/// Takes a file of the card company's: whole, or nothing of it. Its items are written in parts that nobody sees; from the one commit on in
/// which it is accepted all of them count. The same bytes again, under whatever name, are the same file. An item of a card is one item in
/// whatever file it stands: it counts in the month whose file named it first, and of the files that name it the one of the latest month and
/// its highest edition is right, in whatever order they come.
/// </summary>
public sealed class TakePurchaseFile(Database db, Operators operators, OperatorLog log, TimeProvider clock)
{
    /// <summary>The largest file that is taken at once.</summary>
    public const int MostBytes = 256 * 1024 * 1024;

    const int Part = 10_000;
    const int FewCards = 500;
    const int LongestName = 100;
    static readonly TimeSpan s_brokenAfter = TimeSpan.FromHours(6);

    /// <summary>A file that an operator brings; that it was accepted stands in their log.</summary>
    public async Task<Answer<PurchaseFile, TakePurchaseFileRefusal>> Run(
        string name, ReadOnlyMemory<byte> bytes, ActingOperator acting, CancellationToken ct = default) =>
        await operators.Acting(acting, OperatorRoles.Security, ct) is { } by
            ? await Run(name, bytes, (by, acting.Through), ct)
            : TakePurchaseFileRefusal.Forbidden;

    public Task<PurchaseFile> Run(string name, ReadOnlyMemory<byte> bytes, CancellationToken ct = default) => Run(name, bytes, null, ct);

    async Task<PurchaseFile> Run(
        string name, ReadOnlyMemory<byte> bytes, (Operator Who, ActedThrough Through)? by, CancellationToken ct)
    {
        var digest = SHA256.HashData(bytes.Span);
        if (await Find(digest, ct) is { } known)
            return known;
        var now = clock.Now();
        var text = PurchaseFileText.Read(bytes.Span, JapanDay.Of(now));
        var file = new PurchaseFile(Id.New<PurchaseFileId>(now), text.Month, text.Edition, text.Lines.Count, 0, 0, text.Refused);
        await db.Transact(tx => Begin(tx, file, FileName.Kept(name, LongestName), digest, text, now), ct);
        if (text.Refused.Count > 0)
            return file;
        for (Dictionary<(Guid Card, Guid Item), int>? written = null; ;)
        {
            var (version, judged, elsewhere) = await Judge(file, text, ct);
            if (judged.Refused.Count == 0 && (written is null || !Same(written, elsewhere)))
            {
                if (written is not null)
                    await db.Transact(tx => TakeAway(tx, file.Id, file.Month), ct);
                foreach (var part in text.Lines.Select(l => (elsewhere.GetValueOrDefault((l.Card, l.Item), text.Month), l)).Chunk(Part))
                    await db.Transact(tx => PurchaseStore.Insert(tx, file.Id, part, ct), ct);
                written = elsewhere;
            }
            if (await db.Transact(tx => End(tx, judged, version, digest, elsewhere.Values, by), ct) is { } ended)
                return ended;
        }
    }

    static bool Same(Dictionary<(Guid, Guid), int> one, Dictionary<(Guid, Guid), int> other) =>
        one.Count == other.Count && one.All(i => other.TryGetValue(i.Key, out var month) && month == i.Value);

    async Task<PurchaseFile?> Find(byte[] digest, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await Find(connection, digest, null);
    }

    static async Task<PurchaseFile?> Find(DbConnection connection, byte[] digest, DbTransaction? tx) =>
        await connection.QueryFirstOrDefaultAsync<KeptRow?>(
            """
            select id, month, edition, lines, fresh, corrected, refused
            from purchase_file
            where digest = @digest and state = @accepted
            limit 1
            """, new { digest, accepted = (short)PurchaseFileState.Accepted }, tx) is { } row ? row.File : null;

    Task Begin(DbTransaction tx, PurchaseFile file, string name, byte[] digest, PurchaseFileText text, DateTimeOffset now) =>
        tx.Connection!.ExecuteAsync(
            """
            insert into purchase_file
              (id, name, digest, state, month, edition, lines, fresh, corrected, sum_yen, refused, has_items, at_ms, ended_ms)
            values (@Id, @name, @digest, @state, @Month, @Edition, @Lines, 0, 0, @sum, @refused, @items, @at, @ended)
            """,
            new
            {
                file.Id,
                name,
                digest,
                state = (short)(file.Refused.Count > 0 ? PurchaseFileState.Refused : PurchaseFileState.BeingRead),
                file.Month,
                file.Edition,
                file.Lines,
                sum = text.Sum,
                refused = Written(file.Refused),
                items = file.Refused.Count == 0,
                at = now.ToUnixTimeMilliseconds(),
                ended = file.Refused.Count > 0 ? clock.GetUtcNow().ToUnixTimeMilliseconds() : (long?)null,
            }, tx);

    /// <summary>
    /// What the file says against what is known: how many items are new, corrected, or said otherwise by its equal; and which of them are
    /// of another month, whose file named them first.
    /// </summary>
    async Task<(long Version, PurchaseFile Judged, Dictionary<(Guid Card, Guid Item), int> Elsewhere)> Judge(
        PurchaseFile file, PurchaseFileText text, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var version = await connection.ExecuteScalarAsync<long>("select accepted from purchase_turn where one = 1");
        // A purchase whose instant was put right by some days may stand in the file of the month before its month.
        var first = PurchaseMonth.Away(JapanDay.Of(Instant.OfMilliseconds(text.Lines.Min(l => l.AtMs))).Month, -1);
        var months = await PurchaseMonth.Open(connection, first, PurchaseMonth.Away(text.Month, PurchaseFileText.MonthsBack));
        var elsewhere = new Dictionary<(Guid, Guid), int>();
        if (months.Count == 0)
            return (version, file with { Fresh = text.Lines.Count }, elsewhere);
        var rank = PurchaseMonth.RankOf(file.Month, file.Edition);
        var (fresh, corrected, refused) = (0L, 0L, new List<PurchaseRefusal>());
        foreach (var (from, to) in Stretches(text.Lines))
        {
            var known = new Dictionary<(Guid, Guid), (Purchase Purchase, long Rank)>();
            foreach (var month in months)
                foreach (var item in await month.Between(connection, text.Lines[from].Card, text.Lines[to - 1].Card))
                    known.TryAdd((item.Purchase.Card, item.Purchase.Item), item);
            for (var i = from; i < to; i++)
            {
                var line = text.Lines[i];
                if (!known.TryGetValue((line.Card, line.Item), out var before))
                {
                    fresh++;
                    continue;
                }
                if (before.Purchase.Month != text.Month)
                    elsewhere.Add((line.Card, line.Item), before.Purchase.Month);
                if ((before.Purchase.Class, before.Purchase.AtMs, before.Purchase.Amount) == (line.Class, line.AtMs, line.Amount))
                    continue;
                if (before.Rank == rank || before.Purchase.Month != text.Month && IsAnother(before.Purchase, line))
                    refused.Add(new PurchaseRefusal(line.Line, PurchaseFault.OtherItem));
                else if (before.Rank < rank)
                    corrected++;
            }
        }
        refused.Sort((a, b) => a.Line.CompareTo(b.Line));
        return (version, file with { Fresh = fresh, Corrected = corrected, Refused = refused }, elsewhere);
    }

    /// <summary>
    /// What another month's file calls by the number of an item corrects its amount, and nothing else: otherwise a company that counts its
    /// items anew each month would have all of a month's taken for corrections of the month before.
    /// </summary>
    static bool IsAnother(Purchase known, PurchaseLine line) =>
        known.Class != line.Class || known.AtMs != line.AtMs || Math.Sign(known.Amount) * Math.Sign(line.Amount) < 0;

    /// <summary>Of few cards one by one; of many by stretches of neighbours.</summary>
    static IEnumerable<(int From, int To)> Stretches(IReadOnlyList<PurchaseLine> lines)
    {
        var few = lines.Select(l => l.Card).Distinct().Take(FewCards + 1).Count() <= FewCards;
        for (int from = 0, to; from < lines.Count; from = to)
        {
            for (to = few ? from + 1 : Math.Min(from + Part, lines.Count); to < lines.Count && lines[to].Card == lines[to - 1].Card;)
                to++;
            yield return (from, to);
        }
    }

    /// <summary>Accepts or refuses it; null when another file was accepted since it was judged.</summary>
    async Task<PurchaseFile?> End(
        DbTransaction tx, PurchaseFile file, long version, byte[] digest, IEnumerable<int> elsewhere,
        (Operator Who, ActedThrough Through)? by)
    {
        // Whoever accepts a file has this row: they come one after the other, of whatever months, as an item may stand in several.
        var taken = await tx.Connection!.ExecuteAsync(
            "update purchase_turn set accepted = accepted + 1 where one = 1 and accepted = @version", new { version }, tx);
        if (await Find(tx.Connection!, digest, tx) is { } same)
        {
            // Where the commit came through and only its answer was lost, it is this very file.
            if (same.Id != file.Id)
                await Close(tx, file, PurchaseFileState.BrokenOff);
            return same;
        }
        if (taken == 0)
            return null;
        if (file.Refused.Count == 0)
            foreach (var month in elsewhere.Append(file.Month).Distinct().Order())
                await tx.Connection!.ExecuteAsync(
                    """
                    insert into purchase_month as m (month, read_version, posted_version)
                    values (@month, 1, 0)
                    on conflict (month) do update set read_version = m.read_version + 1
                    """, new { month }, tx);
        await Close(tx, file, file.Refused.Count > 0 ? PurchaseFileState.Refused : PurchaseFileState.Accepted);
        if (by is not null && file.Refused.Count == 0)
            await log.Append(tx, OperatorAct.DeliveredPurchases, by, file.Id.ToString(), null,
                FormattableString.Invariant($"{file.Month} {file.Edition}"));
        return file;
    }

    async Task Close(DbTransaction tx, PurchaseFile file, PurchaseFileState state)
    {
        var ended = await tx.Connection!.ExecuteAsync(
            """
            update purchase_file
            set state = @state, fresh = @Fresh, corrected = @Corrected, refused = @refused, ended_ms = @now
            where id = @Id and state = @reading
            """,
            new
            {
                file.Id,
                state = (short)state,
                file.Fresh,
                file.Corrected,
                refused = Written(file.Refused),
                now = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                reading = (short)PurchaseFileState.BeingRead,
            }, tx);
        if (ended == 0)
            throw new InvalidOperationException($"File {file.Id} took so long to read that it was given up.");
    }

    /// <summary>Takes away what files brought that do not count: refused after their items were written, or broken off.</summary>
    public async Task<int> Clear(CancellationToken ct = default)
    {
        List<(PurchaseFileId Id, int Month)> left;
        await using (var connection = await db.Connect(ct))
            left = (await connection.QueryAsync<(PurchaseFileId, int)>(
                """
                select id, month
                from purchase_file
                where has_items = @yes and (state = @reading and at_ms < @before or state = @refused or state = @broken)
                order by id
                limit 100
                """,
                new
                {
                    yes = true,
                    reading = (short)PurchaseFileState.BeingRead,
                    refused = (short)PurchaseFileState.Refused,
                    broken = (short)PurchaseFileState.BrokenOff,
                    before = clock.GetUtcNow().Add(-s_brokenAfter).ToUnixTimeMilliseconds(),
                })).AsList();
        foreach (var (id, month) in left)
            await db.Transact(async tx =>
            {
                // A file that was accepted meanwhile keeps what it brought.
                if (await tx.Connection!.ExecuteAsync(
                    """
                    update purchase_file
                    set state = case when state = @reading then @broken else state end, has_items = @no
                    where id = @id and state <> @accepted
                    """,
                    new
                    {
                        id,
                        no = false,
                        reading = (short)PurchaseFileState.BeingRead,
                        broken = (short)PurchaseFileState.BrokenOff,
                        accepted = (short)PurchaseFileState.Accepted,
                    }, tx) > 0)
                    await TakeAway(tx, id, month);
            }, ct);
        return left.Count;
    }

    /// <summary>The items of a file that does not count, in whatever months they are.</summary>
    static Task TakeAway(DbTransaction tx, PurchaseFileId file, int month) => tx.Connection!.ExecuteAsync(
        """
        delete from card_purchase
        where file = @file
          and (month = @month or month in (select m.month from purchase_month m where m.month >= @from and m.month <= @until))
        """,
        new
        {
            file,
            month,
            from = PurchaseMonth.Away(month, -PurchaseFileText.MonthsBack),
            until = PurchaseMonth.Away(month, PurchaseFileText.MonthsBack),
        }, tx);

    static string Written(IReadOnlyList<PurchaseRefusal> refused) =>
        JsonSerializer.Serialize([.. refused.OrderBy(r => r.Line).Take(1_000)], PurchaseJson.Default.ListPurchaseRefusal);

    internal sealed record KeptRow(Guid Id, int Month, int Edition, long Lines, long Fresh, long Corrected, string Refused)
    {
        public PurchaseFile File => new(new PurchaseFileId(Id), Month, Edition, Lines, Fresh, Corrected,
            JsonSerializer.Deserialize(Refused, PurchaseJson.Default.ListPurchaseRefusal)!);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<PurchaseRefusal>))]
[JsonSerializable(typeof(PurchaseRules))]
[JsonSerializable(typeof(CreditCardPointsPosted))]
sealed partial class PurchaseJson : JsonSerializerContext;
