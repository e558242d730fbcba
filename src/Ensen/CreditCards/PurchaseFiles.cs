using System.Text.Json;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.CreditCards;

/// <summary>
/// A file of purchases as it is kept: how far it is, and which of its lines are wrong. Of one that was refused nothing counts.
/// </summary>
public sealed record KeptPurchaseFile(
    PurchaseFileId Id, string Name, PurchaseFileState State, int Month, int Edition, long Lines, long Fresh, long Corrected, Yen Sum,
    DateTimeOffset At, IReadOnlyList<PurchaseRefusal> Refused);

/// <summary>Reads what the company of credit cards delivered, for operators.</summary>
public sealed class PurchaseFiles(Database db)
{
    const int Most = 100;

    const string Columns = "id, name, state, month, edition, lines, fresh, corrected, sum_yen, at_ms, refused";

    /// <summary>The latest files, newest first.</summary>
    public async Task<IReadOnlyList<KeptPurchaseFile>> Latest(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return [.. (await connection.QueryAsync<Row>(
            $"select {Columns} from purchase_file order by at_ms desc, id desc limit @Most", new { Most })).Select(r => r.File)];
    }

    public async Task<KeptPurchaseFile?> Find(PurchaseFileId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QuerySingleOrDefaultAsync<Row?>($"select {Columns} from purchase_file where id = @id", new { id }))?.File;
    }

    /// <summary>The highest edition of the month that was accepted; 0 where there is none.</summary>
    public async Task<int> LatestEdition(int month, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.ExecuteScalarAsync<int?>(
            "select max(edition) from purchase_file where month = @month and state = @accepted",
            new { month, accepted = (short)PurchaseFileState.Accepted }) ?? 0;
    }

    sealed record Row(
        PurchaseFileId Id, string Name, short State, int Month, int Edition, long Lines, long Fresh, long Corrected, long SumYen, long AtMs,
        string Refused)
    {
        public KeptPurchaseFile File => new(Id, Name, (PurchaseFileState)State, Month, Edition, Lines, Fresh, Corrected, new Yen(SumYen),
            Instant.OfMilliseconds(AtMs), JsonSerializer.Deserialize(Refused, PurchaseJson.Default.ListPurchaseRefusal)!);
    }
}
