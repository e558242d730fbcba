using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Settlement;

/// <summary>A line of a file with how it stands; null while the bank has not said.</summary>
public sealed record PayOutLine(PayOutRow Row, string Merchant, PayOutOutcome? Outcome, string? Reason)
{
    internal EndedLine Ends(LineEnd end) => new(Row, end.Outcome, end.Reason);
}

/// <summary>A file in a list.</summary>
public sealed record PayOutFileSeen(
    PayOutFileId FileId, int Day, int Number, int Lines, Yen Total, short State, long MadeMs, long? TakenMs, long? AnsweredMs,
    long Paid, long Rejected, long Returned);

/// <summary>Reads files of pay-outs, for the console and for whoever hands them in.</summary>
public sealed class PayOutFiles(Database db)
{
    public const int Most = 100;

    const string Seen =
        """
        select f.entry_id as file_id, f.day, f.number, f.lines, f.total, s.state, s.made_ms, s.taken_ms, s.answered_ms,
          (select count(*) from pay_out_end e where e.file = f.entry_id and e.outcome = 1) as paid,
          (select count(*) from pay_out_end e where e.file = f.entry_id and e.outcome = 2) as rejected,
          (select count(*) from pay_out_end e where e.file = f.entry_id and e.outcome = 3) as returned
        from pay_out_file f
        join pay_out_sending s on s.file = f.entry_id
        """;

    /// <summary>The files of a day in their order, or the latest of all; at most a hundred.</summary>
    public async Task<IReadOnlyList<PayOutFileSeen>> List(JapanDay? day, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<PayOutFileSeen>(
            day is null ? $"{Seen} order by f.entry_id desc limit @Most" : $"{Seen} where f.day = @day order by f.number limit @Most",
            new { day = day?.Number, Most })).AsList();
    }

    /// <summary>One file with its text and its lines; null when there is none.</summary>
    public async Task<(PayOutFileSeen Seen, PayOutFileRow Row, IReadOnlyList<PayOutLine> Lines)?> Find(
        PayOutFileId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Row(connection, id) is { } row
            ? (await connection.QuerySingleAsync<PayOutFileSeen>($"{Seen} where f.entry_id = @id", new { id }), row,
                await Lines(connection, id))
            : null;
    }

    internal static Task<PayOutFileRow?> Row(DbConnection connection, PayOutFileId id) =>
        connection.QuerySingleOrDefaultAsync<PayOutFileRow?>(
            "select entry_id, day, number, lines, total, zengin from pay_out_file where entry_id = @id", new { id });

    internal static async Task<IReadOnlyList<PayOutLine>> Lines(DbConnection connection, PayOutFileId id) =>
        [.. (await connection.QueryAsync<Line>(
            """
            select p.entry_id, p.line as number, p.settlement, p.attempt, p.merchant, p.account, p.amount, m.name,
              (select max(e.outcome) from pay_out_end e where e.settlement = p.settlement and e.attempt = p.attempt) as outcome,
              (select max(e.reason) from pay_out_end e where e.settlement = p.settlement and e.attempt = p.attempt) as reason
            from pay_out p
            join merchant m on m.id = p.merchant
            where p.entry_id = @id
            order by p.line
            """,
            new { id })).Select(l => new PayOutLine(
                new PayOutRow(id, l.Number, l.Settlement, l.Attempt, l.Merchant, l.Account, l.Amount), l.Name,
                l.Outcome is { } outcome ? (PayOutOutcome)outcome : null, l.Reason))];

    sealed record Line(PayOutFileId EntryId, int Number,
        SettlementId Settlement, long Attempt, MerchantId Merchant, PayOutAccountId Account, Yen Amount, string Name, short? Outcome,
        string? Reason);
}
