using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Businesses;

/// <summary>
/// A movement of a company's account. <paramref name="Party"/>: who paid it or was paid; null where they are several.
/// <paramref name="Balance"/>: the account's afterwards.
/// </summary>
public sealed record BusinessMovement(
    EntryId EntryId, EntryKind Kind, DateTimeOffset At, Yen Amount, Yen Balance, string? Party, int Lines, string? Text,
    BusinessTransferId? Transfer);

/// <summary>What was on a company's account, the newest first.</summary>
public sealed class BusinessHistory(Database db)
{
    const int MostLines = 20_000;

    public async Task<IReadOnlyList<BusinessMovement>> Of(BusinessId business, EntryId? before, int limit, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var lines = await Statement.Of(connection, db.Catalogue, business, before, limit);
        if (lines.Count == 0)
            return [];
        var range = new { business, first = lines[^1].EntryId, last = lines[0].EntryId, MostLines };
        var paid = (await connection.QueryAsync<(
            EntryId EntryId, BusinessId Payer, string PayerName, string PayeeName, string Text, BusinessTransferId Transfer)>(
            """
            select p.entry_id, p.payer, pm.name, em.name, p.text, p.transfer
            from business_payment p
            join business pb on pb.id = p.payer
            join merchant pm on pm.id = pb.merchant
            join business eb on eb.id = p.payee
            join merchant em on em.id = eb.merchant
            where (p.payer = @business or p.payee = @business) and p.entry_id >= @first and p.entry_id <= @last
            order by p.entry_id, p.line
            limit @MostLines
            """, range)).ToLookup(p => p.EntryId);
        var deposits = (await connection.QueryAsync<(EntryId EntryId, string Payer)>(
            """
            select entry_id, payer
            from business_deposit
            where business = @business and entry_id >= @first and entry_id <= @last
            limit @MostLines
            """, range)).ToDictionary(d => d.EntryId, d => d.Payer);
        return [.. lines.Select(line =>
        {
            var of = paid[line.EntryId].ToList();
            var isPayer = of.Count > 0 && of[0].Payer == business;
            return new BusinessMovement(line.EntryId, line.Kind, JapanDay.InTokyo(Instant.OfMilliseconds(line.AtMs)), new Yen(line.Amount),
                new Yen(line.BalanceAfter ?? 0),
                of.Count == 0 ? deposits.GetValueOrDefault(line.EntryId)
                    : !isPayer ? of[0].PayerName : of.DistinctBy(p => p.PayeeName).Count() == 1 ? of[0].PayeeName : null,
                of.Count, of.Count == 1 ? of[0].Text : null, isPayer ? of[0].Transfer : null);
        })];
    }
}
