using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Centres;

/// <summary>What became of a till's file: how many lines were taken, or which are wrong; then nothing of it is booked.</summary>
/// <param name="WithoutPoints">Lines that were taken and brought no points, and why.</param>
public sealed record PointFile(
    PointFileId Id, int Accepted, IReadOnlyList<PointFileRefusal> Refused, IReadOnlyList<PointFileRefusal> WithoutPoints);

/// <summary>
/// Takes a file of awards that a point till gave while it was offline. It is taken whole or not at all; the same bytes again are the same
/// file. What is taken is booked at once, and by a job where the node died meanwhile: each line once.
/// </summary>
public sealed class TakePointFile(
    Database db, MemberCodes numbers, IEnumerable<IEarningNumbers> others, BookPointFiles book, Programme programme, TimeProvider clock)
{
    /// <summary>So many rows go into one statement.</summary>
    const int Chunk = 500;

    /// <summary>So many wrong lines are told.</summary>
    const int MostTold = 1_000;

    public async Task<PointFile> Run(CentreId centre, PointTillId till, ReadOnlyMemory<byte> bytes, CancellationToken ct = default)
    {
        var digest = SHA256.HashData(bytes.Span);
        var kept = await Find(centre, digest, ct) ?? await Take(centre, till, digest, PointFileText.Read(bytes.Span), ct);
        if (kept.Accepted == 0)
            return kept;
        await book.Book(kept.Id, ct);
        return await Find(centre, digest, ct) ?? kept;
    }

    async Task<PointFile?> Find(CentreId centre, byte[] digest, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<(PointFileId Id, short State, int Lines, string Refused)?>(
            "select id, state, lines, refused from point_file where centre_id = @centre and digest = @digest", new { centre, digest })
            is { } row ? Told(row.Id, (PointFileState)row.State, row.Lines, row.Refused) : null;
    }

    static PointFile Told(PointFileId id, PointFileState state, int lines, string told)
    {
        var of = JsonSerializer.Deserialize(told, PointFileJson.Default.ListPointFileRefusal)!;
        return state == PointFileState.Refused ? new(id, 0, of, []) : new(id, lines, [], of);
    }

    async Task<PointFile> Take(CentreId centre, PointTillId till, byte[] digest, PointFileText text, CancellationToken ct)
    {
        var (content, refused) = (new List<BookedLine>(text.Lines.Count), text.Refused.ToList());
        var members = await Members(text.Lines, ct);
        foreach (var line in text.Lines)
            if (line.Amount.Value > programme.Points.CentreMostYen)
                refused.Add(new PointFileRefusal(line.Line, PointFileFault.InvalidAmount));
            else if (CentreReceipt.EndsIn(line.Receipt, line.Code, programme.Codes.Prefix))
                refused.Add(new PointFileRefusal(line.Line, PointFileFault.InvalidReceipt));
            else if (members.TryGetValue(line.Code, out var shown))
                content.Add(new BookedLine(line.Line, shown.MemberId, shown.Via, line.Amount, line.Receipt));
            else
                refused.Add(new PointFileRefusal(line.Line, PointFileFault.InvalidCode));
        refused.AddRange(await BookedOtherwise(centre, content, ct));
        var now = clock.Now();
        var id = Id.New<PointFileId>(now);
        try
        {
            return await db.Transact(async tx =>
            {
                var wrong = refused;
                if (wrong.Count == 0)
                    await Reserve(tx, centre, id, content);
                var state = wrong.Count == 0 ? PointFileState.Accepted : PointFileState.Refused;
                var told = JsonSerializer.Serialize(
                    [.. wrong.OrderBy(r => r.Line).Take(MostTold)], PointFileJson.Default.ListPointFileRefusal);
                await tx.Connection!.ExecuteAsync(
                    """
                    insert into point_file (id, centre_id, till_id, digest, state, lines, amount_yen, content, refused, at_ms)
                    values (@id, @centre, @till, @digest, @state, @lines, @sum, @content, @told, @at)
                    """,
                    new
                    {
                        id,
                        centre,
                        till,
                        digest,
                        state = (short)state,
                        lines = text.Lines.Count,
                        sum = text.Sum,
                        content = wrong.Count > 0 ? null : JsonSerializer.Serialize(content, PointFileJson.Default.ListBookedLine),
                        told,
                        at = now.ToUnixTimeMilliseconds(),
                    }, tx);
                return Told(id, state, text.Lines.Count, told);
            }, ct);
        }
        catch (ReceiptsTakenException taken)
        {
            // Another file has these receipts. Whether that was this very file, sent twice at once, its digest says.
            if (await Find(centre, digest, ct) is { } same)
                return same;
            return await Take(centre, till, digest,
                text with { Refused = [.. taken.Lines.Select(l => new PointFileRefusal(l, PointFileFault.DuplicateReceipt))] }, ct);
        }
        catch (DbException) when (!ct.IsCancellationRequested)
        {
            // The same bytes at the same time: the other request wrote the row.
            if (await Find(centre, digest, ct) is { } same)
                return same;
            throw;
        }
    }

    async Task<Dictionary<string, Shown>> Members(IReadOnlyList<PointFileLine> lines, CancellationToken ct)
    {
        var found = new Dictionary<string, Shown>();
        var own = new Dictionary<string, List<string>>();
        foreach (var code in lines.Select(l => l.Code).Distinct())
            if (MemberCode.TryRead(code, out var number))
                (own.TryGetValue(number, out var written) ? written : own[number] = []).Add(code);
            else
                foreach (var other in others)
                    if (await other.Find(code, ct) is { } member)
                        found[code] = new Shown(member, ShownVia.PointCard);
        foreach (var some in own.Keys.Chunk(Chunk))
            foreach (var (code, member) in await numbers.FindAll(some, ct))
                foreach (var written in own[code])
                    found[written] = new Shown(member, ShownVia.MemberNumber);
        return found;
    }

    /// <summary>Receipts of other files, or booked otherwise: the same award at the till itself is this line.</summary>
    async Task<IReadOnlyList<PointFileRefusal>> BookedOtherwise(CentreId centre, IReadOnlyList<BookedLine> lines, CancellationToken ct)
    {
        var refused = new List<PointFileRefusal>();
        await using var connection = await db.Connect(ct);
        foreach (var some in lines.Chunk(Chunk))
        {
            var receipts = some.Select(l => l.Receipt).ToArray();
            var awards = (await connection.QueryAsync<(string Receipt, MemberId MemberId, long AmountYen)>(
                $"""
                select receipt, member_id, amount_yen
                from point_award
                where centre_id = @centre and receipt {Among.Text(db, "@receipts")}
                """, new { centre, receipts })).ToDictionary(a => a.Receipt);
            var spendings = (await connection.QueryAsync<string>(
                $"select receipt from point_spending where centre_id = @centre and receipt {Among.Text(db, "@receipts")}",
                new { centre, receipts })).ToHashSet();
            var ofFiles = (await connection.QueryAsync<string>(
                $"select receipt from point_file_receipt where centre_id = @centre and receipt {Among.Text(db, "@receipts")}",
                new { centre, receipts })).ToHashSet();
            refused.AddRange(some
                .Where(l => spendings.Contains(l.Receipt) || ofFiles.Contains(l.Receipt) || awards.TryGetValue(l.Receipt, out var award)
                    && (award.MemberId != l.MemberId || award.AmountYen != l.Amount.Value))
                .Select(l => new PointFileRefusal(l.Line, PointFileFault.DuplicateReceipt)));
        }
        return refused;
    }

    /// <summary>A receipt is in one file of its centre for ever: two files at once cannot both have it.</summary>
    async Task Reserve(DbTransaction tx, CentreId centre, PointFileId file, IReadOnlyList<BookedLine> lines)
    {
        var written = 0;
        foreach (var some in lines.Select(l => l.Receipt).Order(StringComparer.Ordinal).Chunk(Chunk))
        {
            // Many rows in one statement: a file of a day is not as many round trips as it has lines.
            var values = new DynamicParameters(new { centre, file });
            for (var i = 0; i < some.Length; i++)
                values.Add(FormattableString.Invariant($"r{i}"), some[i]);
            written += await tx.Connection!.ExecuteAsync(
                $"""
                insert into point_file_receipt (centre_id, receipt, file_id)
                values {string.Join(", ", some.Select((_, i) => FormattableString.Invariant($"(@centre, @r{i}, @file)")))}
                on conflict (centre_id, receipt) do nothing
                """, values, tx);
        }
        if (written == lines.Count)
            return;
        var taken = new List<int>();
        foreach (var some in lines.Chunk(Chunk))
        {
            var others = (await tx.Connection!.QueryAsync<string>(
                $"select receipt from point_file_receipt where centre_id = @centre and file_id <> @file and receipt {Among.Text(db, "@receipts")}",
                new { centre, file, receipts = some.Select(l => l.Receipt).ToArray() }, tx)).ToHashSet();
            taken.AddRange(some.Where(l => others.Contains(l.Receipt)).Select(l => l.Line));
        }
        throw new ReceiptsTakenException(taken);
    }

    sealed class ReceiptsTakenException(IReadOnlyList<int> lines) : Exception("Receipts are in another file.")
    {
        public IReadOnlyList<int> Lines { get; } = lines;
    }
}
