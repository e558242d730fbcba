using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Businesses;

/// <summary>A file of transfers as it was brought.</summary>
public sealed record TransferFile
{
    public TransferFileId Id { get; init; }
    public BusinessId Business { get; init; }
    public string Name { get; init; } = "";
    public string Content { get; init; } = "";
    public long BroughtMs { get; init; }
}

/// <summary>
/// A row as people look at it before anything moves; <paramref name="Payee"/>: null where nobody is meant. <paramref name="SameAs"/>: a
/// row above that pays the same company as much with the same text, which may be meant or not.
/// </summary>
public sealed record PreviewedRow(
    int Row, string To, BusinessPayee? Payee, Yen? Amount, string Text, TransferFileFault Fault, int? SameAs = null);

/// <summary>
/// A file with every row, what is wrong with the whole of it, and the last transfer that was made of the same rows before, whatever the
/// file was called, however they were written and in whatever order; null when none was.
/// </summary>
public sealed record TransferFilePreview(
    TransferFile File, IReadOnlyList<PreviewedRow> Rows, TransferFileFault Fault, int FaultRow, Yen Total, BusinessTransferId? MadeBefore)
{
    public bool IsFine => Fault == TransferFileFault.None && Rows.All(row => row.Fault == TransferFileFault.None);

    /// <summary>The lines of the transfer that the file is, where all of it is fine.</summary>
    public IReadOnlyList<TransferLine> Lines =>
        [.. Rows.Select((row, i) => new TransferLine(i + 1, row.Payee!.Of, row.Amount!.Value, row.Text))];

    /// <summary>What tells the same rows again, where all of the file is fine.</summary>
    public byte[] Digest => DigestOf(Lines);

    static byte[] DigestOf(IEnumerable<TransferLine> lines) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
        lines.Select(line => FormattableString.Invariant($"{line.Payee},{line.Amount.Value},{line.Text}")).Order(StringComparer.Ordinal))));
}

/// <summary>
/// Files of transfers: brought, looked at row by row, and made into one transfer, or never. Nothing moves before somebody who has looked
/// says so, and then all of it or nothing.
/// </summary>
public sealed class TransferFiles(Database db, Payees payees, TimeProvider clock)
{
    const int KeptDays = 30;
    const int LongestName = 100;

    /// <summary>Keeps a file so that it can be looked at; null when whoever brings it may not.</summary>
    public async Task<TransferFilePreview?> Bring(
        ActingShop by, BusinessId business, string? name, ReadOnlyMemory<byte> bytes, CancellationToken ct = default)
    {
        var now = clock.Now();
        var content = TransferFileText.Decode(bytes.Span);
        var file = new TransferFile
        {
            Id = Id.New<TransferFileId>(now, business),
            Business = business,
            Name = NameOf(name),
            Content = content ?? "",
            BroughtMs = now.ToUnixTimeMilliseconds(),
        };
        if (content is null || bytes.Length > TransferFileText.MostBytes)
            return await Preview(file, TransferFileText.Read(content), ct);
        var isKept = await db.Transact(async tx =>
        {
            if (!await TwoPeople.May(tx, by, ShopRight.Business))
                return false;
            await tx.Connection!.ExecuteAsync(
                """
                insert into transfer_file (id, business, name, content, brought_by, brought_ms)
                values (@Id, @Business, @Name, @Content, @by, @BroughtMs)
                """, new { file.Id, file.Business, file.Name, file.Content, by = by.Account, file.BroughtMs }, tx);
            return true;
        }, ct);
        return isKept ? await Preview(file, TransferFileText.Read(content), ct) : null;
    }

    /// <summary>One that the company brought, every row looked up anew; null when there is none.</summary>
    public async Task<TransferFilePreview?> Find(BusinessId business, TransferFileId id, CancellationToken ct = default)
    {
        TransferFile? file;
        await using (var connection = await db.Connect(ct))
            file = await connection.QuerySingleOrDefaultAsync<TransferFile?>(
                "select id, business, name, content, brought_ms from transfer_file where id = @id and business = @business",
                new { id, business });
        return file is null ? null : await Preview(file, TransferFileText.Read(file.Content), ct);
    }

    /// <summary>Takes away what nobody looks at any more.</summary>
    public Task Forget(CancellationToken ct = default) => db.Transact(tx => tx.Connection!.ExecuteAsync(
        "delete from transfer_file where brought_ms < @before",
        new { before = clock.GetUtcNow().AddDays(-KeptDays).ToUnixTimeMilliseconds() }, tx), ct);

    async Task<TransferFilePreview> Preview(TransferFile file, TransferFileText text, CancellationToken ct)
    {
        var list = await payees.List(file.Business, ct);
        var first = new Dictionary<(BusinessId, Yen, string), int>();
        var rows = text.Rows.Select(row => Twin(Look(row, list), first)).ToList();
        var preview = new TransferFilePreview(file, rows, text.Fault, text.FaultRow, text.Total, MadeBefore: null);
        await using var connection = await db.Connect(ct);
        return preview.IsFine ? preview with { MadeBefore = await MadeBefore(connection, preview) } : preview;
    }

    static PreviewedRow Look(TransferFileRow row, IReadOnlyList<BusinessPayee> list)
    {
        var number = BusinessNumber.Read(row.To);
        var payee = list.FirstOrDefault(p => p.Number == number || p.Of.ToString() == row.To);
        var fault = row.Fault != TransferFileFault.None ? row.Fault
            : payee is null ? TransferFileFault.UnknownPayee
            : payee.IsConfirmed ? TransferFileFault.None : TransferFileFault.UnconfirmedPayee;
        return new PreviewedRow(row.Row, row.To, payee, row.Amount, row.Text, fault);
    }

    static PreviewedRow Twin(PreviewedRow row, Dictionary<(BusinessId, Yen, string), int> first) =>
        row is not { Fault: TransferFileFault.None, Payee: { } payee, Amount: { } amount }
        || first.TryAdd((payee.Of, amount, row.Text), row.Row) ? row : row with { SameAs = first[(payee.Of, amount, row.Text)] };

    static async Task<BusinessTransferId?> MadeBefore(DbConnection connection, TransferFilePreview preview) =>
        await connection.ExecuteScalarAsync<Guid?>(
            $"""
            select id
            from business_transfer
            where business = @Business and digest = @Digest
              and state in ({(int)BusinessTransferState.Waiting}, {(int)BusinessTransferState.Paid})
            order by id desc
            limit 1
            """, new { preview.File.Business, preview.Digest }) is { } id ? new BusinessTransferId(id) : null;

    static string NameOf(string? name) => FileName.Kept(
        string.Concat((name ?? "").EnumerateRunes().Where(r => !Rune.IsControl(r) && !InvisibleCharacters.Is(r))), LongestName).TrimEnd();
}
