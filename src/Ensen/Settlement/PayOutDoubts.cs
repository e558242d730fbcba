using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Settlement;

/// <summary>A line of which the bank said that it was not paid, and later that it was.</summary>
/// <param name="Day">The day of the file, yyyymmdd.</param>
public sealed record PayOutDoubt(SettlementId Settlement, long Attempt, PayOutFileId File, int Line, string Merchant, Yen Amount, int Day,
    int FileNumber, long AtMs);

/// <summary>Reads and writes what the bank has said of one line twice and differently, and nobody has cleared up.</summary>
public sealed class PayOutDoubts(Database db)
{
    /// <summary>The newest first; at most a hundred.</summary>
    public async Task<IReadOnlyList<PayOutDoubt>> Open(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<PayOutDoubt>(
            """
            select b.settlement, b.attempt, b.file, b.line, m.name as merchant, p.amount, f.day, f.number as file_number, b.at_ms
            from pay_out_doubt b
            join pay_out p on p.entry_id = b.file and p.line = b.line
            join pay_out_file f on f.entry_id = b.file
            join merchant m on m.id = p.merchant
            where b.cleared_ms is null
            order by b.at_ms desc, b.settlement
            limit 100
            """)).AsList();
    }

    /// <summary>False where it is known already, cleared up or not.</summary>
    internal static async Task<bool> Add(DbTransaction tx, PayOutRow line, DateTimeOffset now) => await tx.Connection!.ExecuteAsync(
        """
        insert into pay_out_doubt (settlement, attempt, file, line, at_ms)
        values (@Settlement, @Attempt, @EntryId, @Line, @at)
        on conflict do nothing
        """,
        new { line.Settlement, line.Attempt, line.EntryId, line.Line, at = now.ToUnixTimeMilliseconds() }, tx) == 1;

    /// <summary>False when it was cleared up before, or there is none.</summary>
    internal static async Task<bool> Clear(DbTransaction tx, SettlementId settlement, long attempt, string by, DateTimeOffset now) =>
        await tx.Connection!.ExecuteAsync(
            """
            update pay_out_doubt
            set cleared_by = @by, cleared_ms = @at
            where settlement = @settlement and attempt = @attempt and cleared_ms is null
            """,
            new { settlement, attempt, by, at = now.ToUnixTimeMilliseconds() }, tx) == 1;
}
