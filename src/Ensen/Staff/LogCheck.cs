using System.Data.Common;
using Dapper;
using Ensen.Ledger;

namespace Ensen.Staff;

/// <summary>What <c>verify</c> holds the log to: rows from 1 without a gap, each as it was written and naming the one before.</summary>
static class LogCheck
{
    const int MostNamed = 10;

    /// <param name="kept">Rows as they are kept elsewhere: the log must have the same.</param>
    public static async Task<IReadOnlyList<string>> Broken(DbConnection connection, IReadOnlyList<LogHead> kept)
    {
        var broken = new List<string>();
        var before = await Head(connection);
        var (number, previous) = (0L, OperatorLog.Beginning);
        var rows = connection.QueryUnbufferedAsync<Row>(
            """
            select number, at_ms, act, operator, person, through, subject, reason, detail, previous, hash
            from operator_log
            order by number
            """, commandTimeout: Check.LongTime);
        await foreach (var row in rows)
        {
            if (row.Number != number + 1)
                broken.Add(row.Number == number + 2 ? $"row {number + 1} of the log is not there"
                    : $"rows {number + 1} to {row.Number - 1} of the log are not there");
            else if (!row.Previous.AsSpan().SequenceEqual(previous))
                broken.Add(number == 0 ? "row 1 of the log names a row before it"
                    : $"row {number} of the log is not the one that row {row.Number} names");
            if (!row.Entry.Hash(row.Previous).AsSpan().SequenceEqual(row.Hash))
                broken.Add($"row {row.Number} of the log is not as it was written");
            if (kept.FirstOrDefault(k => k.Number == row.Number) is { } anchor && anchor.Hash != Convert.ToHexStringLower(row.Hash))
                broken.Add($"row {row.Number} of the log is another than the one that was kept");
            if (row.Number == before.Number && !row.Hash.AsSpan().SequenceEqual(before.Hash))
                broken.Add($"row {row.Number} of the log is another than its head says");
            (number, previous) = (row.Number, row.Hash);
            if (broken.Count >= MostNamed)
                return broken;
        }
        // Rows may be added meanwhile: the log ends where its head said before, or later, and not beyond where the head says now.
        var after = await Head(connection);
        if (number < before.Number || number > after.Number)
            broken.Add($"the log ends with row {number}, and its head says row {(number < before.Number ? before.Number : after.Number)}");
        broken.AddRange(kept.Where(k => k.Number > number).Select(k => $"row {k.Number} of the log was kept, and is not there"));
        return broken;
    }

    static async Task<(long Number, byte[] Hash)> Head(DbConnection connection) =>
        await connection.QuerySingleOrDefaultAsync<(long Number, byte[]? Hash)?>("select number, hash from operator_log_head where id = 1")
            is { } head ? (head.Number, head.Hash ?? []) : (0, []);

    sealed record Row(
        long Number, long AtMs, short Act, OperatorId? Operator, PersonId? Person, short Through, string? Subject, string? Reason,
        string? Detail, byte[] Previous, byte[] Hash)
    {
        public LogEntry Entry =>
            new(Number, AtMs, (OperatorAct)Act, Operator, Person, (ActedThrough)Through, Subject, Reason, Detail);
    }
}
