using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Businesses;

/// <summary>How a company's transfer stands. The numbers are stored.</summary>
public enum BusinessTransferState
{
    /// <summary>A second person has to say yes; nothing has moved.</summary>
    Waiting = 1,
    Paid = 2,

    /// <summary>Another person said no.</summary>
    Refused = 3,

    /// <summary>Whoever made it took it back.</summary>
    Withdrawn = 4,

    /// <summary>Nobody said yes within thirty days.</summary>
    Lapsed = 5,
}

/// <summary>So much to one company, with what it reads beside it; <paramref name="Line"/> counts from 1.</summary>
public sealed record TransferLine(int Line, BusinessId Payee, Yen Amount, string Text);

/// <summary>What one company sends to one other, or, from a file, to several: all of it moves, or nothing.</summary>
public sealed record BusinessTransfer
{
    public BusinessTransferId Id { get; init; }
    public BusinessId Business { get; init; }
    public long TotalYen { get; init; }
    public int LineCount { get; init; }
    public BusinessRequestId? Request { get; init; }
    public TransferFileId? File { get; init; }

    /// <summary>What was made of the same rows before, and is wanted once more.</summary>
    public BusinessTransferId? Follows { get; init; }
    public ShopAccountId MadeBy { get; init; }
    public long MadeMs { get; init; }
    public BusinessTransferState State { get; init; }
    public ShopAccountId? DecidedBy { get; init; }
    public long? DecidedMs { get; init; }
    public EntryId? EntryId { get; init; }

    /// <summary>Who is paid by the first line.</summary>
    public string FirstPayee { get; init; } = "";

    /// <summary>Nobody said yes while it could be said.</summary>
    public bool IsLapsed(DateTimeOffset now) =>
        State == BusinessTransferState.Lapsed
        || State == BusinessTransferState.Waiting && now - Instant.OfMilliseconds(MadeMs) >= BusinessTransfers.Waits;
}

/// <summary>A line as people read it.</summary>
public sealed record NamedLine(int Line, BusinessId Payee, string Name, string Number, long AmountYen, string Text);

/// <summary>Reads companies' transfers, and writes how they stand.</summary>
public sealed class BusinessTransfers(Database db)
{
    /// <summary>So many lines a transfer has at most; it is one entry in the books.</summary>
    public const int MostLines = 1_000;

    /// <summary>
    /// So long a transfer waits for a second person. Later nobody remembers what it was, and whether it was paid otherwise.
    /// </summary>
    public static readonly TimeSpan Waits = TimeSpan.FromDays(30);

    const string Columns =
        """
        select t.id, t.business, t.total_yen, t.line_count, t.request, t.file, t.follows, t.made_by, t.made_ms, t.state, t.decided_by,
               t.decided_ms, t.entry_id, m.name as first_payee
        from business_transfer t
        join business_transfer_line l on l.transfer = t.id and l.line = 1
        join business b on b.id = l.payee
        join merchant m on m.id = b.merchant
        """;

    public async Task<BusinessTransfer?> Find(BusinessId business, BusinessTransferId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Find(connection, business, id);
    }

    /// <summary>Those that wait for a second person, the oldest first.</summary>
    public Task<IReadOnlyList<BusinessTransfer>> Waiting(BusinessId business, int limit, CancellationToken ct = default) => Read(
        $"{Columns} where t.business = @business and t.state = {(int)BusinessTransferState.Waiting} order by t.id limit @limit",
        new { business, limit }, ct);

    /// <summary>All of them, the newest first.</summary>
    public Task<IReadOnlyList<BusinessTransfer>> Latest(
        BusinessId business, int limit, BusinessTransferId? before = null, CancellationToken ct = default) => Read(
        $"{Columns} where t.business = @business and t.id < @before order by t.id desc limit @limit",
        new { business, limit, before = before?.Value ?? Guid.AllBitsSet }, ct);

    public async Task<IReadOnlyList<NamedLine>> Lines(BusinessTransferId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return [.. (await connection.QueryAsync<(int Line, BusinessId Payee, string Name, string Number, long AmountYen, string Text)>(
            """
            select l.line, l.payee, m.name, b.number, l.amount_yen, l.text
            from business_transfer_line l
            join business b on b.id = l.payee
            join merchant m on m.id = b.merchant
            where l.transfer = @id
            order by l.line
            limit @MostLines
            """, new { id, MostLines })).Select(l => new NamedLine(l.Line, l.Payee, l.Name, l.Number, l.AmountYen, l.Text))];
    }

    async Task<IReadOnlyList<BusinessTransfer>> Read(string sql, object values, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<BusinessTransfer>(sql, values)).AsList();
    }

    internal static Task<BusinessTransfer?> Find(
        DbConnection connection, BusinessId business, BusinessTransferId id, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<BusinessTransfer?>(
            $"{Columns} where t.id = @id and t.business = @business", new { id, business }, tx);

    internal static async Task<IReadOnlyList<TransferLine>> LinesOf(DbConnection connection, BusinessTransferId id) =>
        [.. (await connection.QueryAsync<(int Line, BusinessId Payee, long AmountYen, string Text)>(
            "select line, payee, amount_yen, text from business_transfer_line where transfer = @id order by line limit @MostLines",
            new { id, MostLines })).Select(l => new TransferLine(l.Line, l.Payee, new Yen(l.AmountYen), l.Text))];

    /// <summary>False when its request is paid or waits to be, or its file does.</summary>
    internal static async Task<bool> Insert(
        DbTransaction tx, BusinessTransfer transfer, byte[]? digest, IReadOnlyList<TransferLine> lines)
    {
        if (await tx.Connection!.ExecuteAsync(
            """
            insert into business_transfer
              (id, business, total_yen, line_count, request, file, digest, follows, made_by, made_ms, state, decided_by, decided_ms,
               entry_id)
            values
              (@Id, @Business, @TotalYen, @LineCount, @Request, @File, @digest, @Follows, @MadeBy, @MadeMs, @State,
               @DecidedBy, @DecidedMs, @EntryId)
            on conflict do nothing
            """,
            new
            {
                transfer.Id,
                transfer.Business,
                transfer.TotalYen,
                transfer.LineCount,
                transfer.Request,
                transfer.File,
                digest,
                transfer.Follows,
                transfer.MadeBy,
                transfer.MadeMs,
                State = (short)transfer.State,
                transfer.DecidedBy,
                transfer.DecidedMs,
                transfer.EntryId,
            }, tx) == 0)
            return false;
        await tx.Connection!.ExecuteAsync(
            "insert into business_transfer_line (transfer, line, payee, amount_yen, text) values (@Id, @Line, @Payee, @yen, @Text)",
            lines.Select(line => new { transfer.Id, line.Line, line.Payee, yen = line.Amount.Value, line.Text }), tx);
        return true;
    }

    /// <summary>Ends one that waits; false when it waits no more.</summary>
    internal static async Task<bool> Decide(
        DbTransaction tx, BusinessTransferId id, BusinessTransferState state, ShopAccountId by, DateTimeOffset now,
        EntryId? entry = null) =>
        await tx.Connection!.ExecuteAsync(
            $"""
            update business_transfer
            set state = @state, decided_by = @by, decided_ms = @at, entry_id = @entry
            where id = @id and state = {(int)BusinessTransferState.Waiting}
            """, new { id, state = (short)state, by, at = now.ToUnixTimeMilliseconds(), entry }, tx) == 1;
}
