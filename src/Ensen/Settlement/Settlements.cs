using Dapper;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Settlement;

/// <summary>Where the money of a settlement is; the words are those that programs read.</summary>
public enum SettlementStatus
{
    /// <summary>There is nothing to pay out: it was carried on, or came to nothing.</summary>
    Nothing = 1,

    /// <summary>It goes into the next file.</summary>
    Due = 2,

    /// <summary>It waits: the merchant's account is being changed, or the bank has to be asked.</summary>
    Held = 3,

    /// <summary>It waits: the merchant has no account.</summary>
    NoAccount = 4,

    /// <summary>A file has put it on its way, and the bank has not said what became of it.</summary>
    Sent = 5,
    Paid = 6,

    /// <summary>The bank did not take it; it waits for another account.</summary>
    Rejected = 7,

    /// <summary>It was paid and came back; it waits for another account.</summary>
    Returned = 8,
}

/// <summary>An attempt to pay out, as the merchant sees it.</summary>
/// <param name="Day">The day of the file, yyyymmdd.</param>
public sealed record PayOutSeen(SettlementId Settlement, long Attempt, int Day, int FileNumber, int Line, string LastFour,
    short? Outcome, string? Reason);

/// <summary>A settlement and where its money is.</summary>
public sealed record SettlementSeen(SettlementRow Row, SettlementStatus Status, IReadOnlyList<PayOutSeen> PayOuts);

/// <summary>Reads what was settled, for merchants.</summary>
public sealed class Settlements(Database db, PayOutAccounts accounts)
{
    const string Columns =
        """
        entry_id, merchant, number, day, gross, refunds, fee_basis_points, fee, fee_tax_percent, fee_tax, carried, pay_out, carried_on
        from settlement
        """;

    /// <summary>A merchant's settlements, the newest first; only those before a number where one is given.</summary>
    public async Task<IReadOnlyList<SettlementSeen>> List(
        MerchantId merchant, int limit, long? before = null, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var rows = (await connection.QueryAsync<SettlementRow>(
            $"select {Columns} where merchant = @merchant and number < @before order by number desc limit @limit",
            new { merchant, before = before ?? long.MaxValue, limit })).AsList();
        return await Seen(connection, merchant, rows, ct);
    }

    /// <summary>One settlement of this merchant, with what is of which store; null when it is none of theirs.</summary>
    public async Task<(SettlementSeen Settlement, IReadOnlyList<(SettlementStore Part, string Name)> Stores)?> Find(
        MerchantId merchant, SettlementId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        if (await connection.QuerySingleOrDefaultAsync<SettlementRow?>(
            $"select {Columns} where entry_id = @id and merchant = @merchant", new { id, merchant }) is not { } row)
            return null;
        var stores = await connection.QueryAsync<StoreLine>(
            """
            select p.store, p.payments, p.paid, p.refunds, p.refunded, p.corrected, p.late, s.name
            from settlement_store p
            join store s on s.id = p.store
            where p.entry_id = @id
            order by p.store
            """,
            new { id });
        return ((await Seen(connection, merchant, [row], ct))[0], [.. stores.Select(s => (
            new SettlementStore(id, s.Store, s.Payments, s.Paid, s.Refunds, s.Refunded, s.Corrected, s.Late), s.Name))]);
    }

    /// <summary>The merchant's name, as its invoices say to whom they are.</summary>
    public async Task<string> NameOf(MerchantId merchant, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleAsync<string>("select name from merchant where id = @merchant", new { merchant });
    }

    async Task<IReadOnlyList<SettlementSeen>> Seen(
        System.Data.Common.DbConnection connection, MerchantId merchant, List<SettlementRow> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
            return [];
        var (inForce, _) = await accounts.Of(merchant, ct);
        var payOuts = (await connection.QueryAsync<Attempted>(
            """
            select p.settlement, p.attempt, f.day, f.number as file_number, p.line, a.number as account_number, p.account,
              p.amount,
              (select max(e.outcome) from pay_out_end e where e.settlement = p.settlement and e.attempt = p.attempt) as outcome,
              (select max(e.reason) from pay_out_end e where e.settlement = p.settlement and e.attempt = p.attempt) as reason,
              exists (select 1 from pay_out_doubt b where b.settlement = p.settlement and b.attempt = p.attempt and b.cleared_ms is null)
                as in_doubt
            from settlement t
            join pay_out p on p.settlement = t.entry_id
            join pay_out_file f on f.entry_id = p.entry_id
            join pay_out_account a on a.id = p.account
            where t.merchant = @merchant
              and t.number >= @first
              and t.number <= @last
            order by p.settlement, p.attempt
            """,
            new { merchant, first = rows.Min(r => r.Number), last = rows.Max(r => r.Number) })).ToLookup(p => p.Settlement);
        return [.. rows.Select(row => new SettlementSeen(row, StatusOf(row, [.. payOuts[row.EntryId]], inForce),
            [.. payOuts[row.EntryId].Select(p => new PayOutSeen(
                p.Settlement, p.Attempt, p.Day, p.FileNumber, p.Line, p.AccountNumber[^4..], p.Outcome, p.Reason))]))];
    }

    /// <summary>Of several lines the one that somebody waits for says how it stands.</summary>
    static SettlementStatus StatusOf(SettlementRow row, IReadOnlyList<Attempted> payOuts, PayOutAccount? inForce)
    {
        var failed = payOuts.Where(p => p.Outcome is (short)PayOutOutcome.Rejected or (short)PayOutOutcome.Returned).ToList();
        var left = row.PayOut - payOuts.Except(failed).Sum(p => p.Amount);
        return row.PayOut == Yen.Zero ? SettlementStatus.Nothing
            : left == Yen.Zero ? payOuts.Any(p => p.Outcome is null) ? SettlementStatus.Sent : SettlementStatus.Paid
            : payOuts.Any(p => p.InDoubt) ? SettlementStatus.Held
            : inForce is null ? SettlementStatus.NoAccount
            : inForce.Held ? SettlementStatus.Held
            : failed.LastOrDefault(p => p.Account == inForce.Id && p.Reason != PayOutReasons.FileRefused) is not { } last
                ? SettlementStatus.Due
            : last.Outcome == (short)PayOutOutcome.Returned ? SettlementStatus.Returned : SettlementStatus.Rejected;
    }

    sealed record Attempted(SettlementId Settlement, long Attempt, int Day, int FileNumber, int Line, string AccountNumber,
        PayOutAccountId Account, Yen Amount, short? Outcome, string? Reason, bool InDoubt);

    sealed record StoreLine(StoreId Store, long Payments, Yen Paid, long Refunds, Yen Refunded, Yen Corrected, Yen Late, string Name);
}
