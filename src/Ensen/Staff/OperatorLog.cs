using System.Data.Common;
using System.Globalization;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>
/// The log of what operators look at and change: a chain, each row with the hash of the one before. A change and its row are one
/// transaction, the row last in it; a view's row is committed before anything is shown.
/// </summary>
public sealed class OperatorLog(Database db, TimeProvider clock)
{
    const short Only = 1;

    /// <summary>The address of a view's page opens for ten minutes, and each time it is another view.</summary>
    static readonly TimeSpan s_shown = TimeSpan.FromMinutes(15);

    const string Columns = "number, at_ms, act, operator, person, through, subject, reason, detail";

    /// <summary>
    /// Adds a row. To be called last in its transaction: from then on until the commit everybody else who adds one waits.
    /// </summary>
    /// <param name="by">Who acts; null when a command acts for nobody.</param>
    internal async Task Append(
        DbTransaction tx, OperatorAct act, (Operator Who, ActedThrough Through)? by, string? subject, string? reason, string? detail = null)
    {
        var (number, previous) = await LogChain.OfOperators.Next(tx, Only);
        var entry = new LogEntry(
            number, clock.Now().ToUnixTimeMilliseconds(), act, by?.Who.Id, by?.Who.Person, by?.Through ?? ActedThrough.Command, subject,
            reason?.Trim(), detail);
        var hash = entry.Hash(previous);
        await tx.Connection!.ExecuteAsync(
            """
            insert into operator_log (number, at_ms, act, operator, person, through, subject, reason, detail, previous, hash)
            values (@Number, @AtMs, @Act, @Operator, @Person, @Through, @Subject, @Reason, @Detail, @previous, @hash)
            """,
            new
            {
                entry.Number,
                entry.AtMs,
                entry.Act,
                entry.Operator,
                entry.Person,
                entry.Through,
                entry.Subject,
                entry.Reason,
                entry.Detail,
                previous,
                hash,
            }, tx);
        await LogChain.OfOperators.Added(tx, Only, hash);
    }

    /// <summary>The same for an operator who acts.</summary>
    internal Task Append(DbTransaction tx, OperatorAct act, Operator who, ActingOperator by, string? subject, string? reason,
        string? detail = null) => Append(tx, act, (who, by.Through), subject, reason, detail);

    /// <summary>The newest first; <paramref name="before"/>: the number of the last row of the page before.</summary>
    public async Task<IReadOnlyList<LogEntry>> List(int limit, long? before = null, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<LogEntry>(
            $"select {Columns} from operator_log where number < @before order by number desc limit @limit",
            new { before = before ?? long.MaxValue, limit })).AsList();
    }

    /// <summary>The last row's number and hash: whoever keeps them elsewhere can tell later that nothing before was changed.</summary>
    public async Task<LogHead?> Head(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await LogHead.Read(connection);
    }

    /// <summary>To how many the operator did that since an instant.</summary>
    internal static Task<int> Seen(DbTransaction tx, OperatorId who, OperatorAct act, DateTimeOffset since) =>
        tx.Connection!.ExecuteScalarAsync<int>(
            "select count(distinct subject) from operator_log where operator = @who and at_ms > @since and act = @act",
            new { who, act, since = since.ToUnixTimeMilliseconds() }, tx);

    /// <summary>Who did that to more than so many since an instant, and to how many; the most first.</summary>
    internal static async Task<IReadOnlyList<(OperatorId Operator, int Count)>> WhoSawMore(
        DbConnection connection, OperatorAct act, DateTimeOffset since, int than) =>
        [.. (await connection.QueryAsync<(Guid Operator, long Count)>(
            """
            select operator, count(distinct subject)
            from operator_log
            where at_ms > @since and act = @act and operator is not null
            group by operator
            having count(distinct subject) > @than
            order by count(distinct subject) desc, operator
            limit 100
            """, new { act, since = since.ToUnixTimeMilliseconds(), than })).Select(row => (new OperatorId(row.Operator), (int)row.Count))];

    /// <summary>
    /// Whether the operator was shown that subject a short time ago, and stands in the log with it: for the pictures on the page of a view.
    /// </summary>
    internal async Task<bool> IsShown(OperatorId who, OperatorAct act, string subject, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await connection.ExecuteScalarAsync<int?>(
            "select 1 from operator_log where operator = @who and at_ms > @since and act = @act and subject = @subject limit 1",
            new { who, act, subject, since = (clock.GetUtcNow() - s_shown).ToUnixTimeMilliseconds() }) is not null;
    }

    /// <summary>How often the operator did that since an instant.</summary>
    internal static Task<int> Count(DbTransaction tx, OperatorId who, OperatorAct act, DateTimeOffset since) =>
        tx.Connection!.ExecuteScalarAsync<int>(
            "select count(*) from operator_log where operator = @who and at_ms > @since and act = @act",
            new { who, act, since = since.ToUnixTimeMilliseconds() }, tx);
}

/// <summary>A row of the log by its number and its hash, in 64 hexadecimal digits.</summary>
public sealed record LogHead(long Number, string Hash)
{
    /// <summary>From <c>42=HEX</c>; null when it is not of that form.</summary>
    public static LogHead? Parse(string text) =>
        text.Split('=') is [var number, { Length: 64 } hash] && hash.All(char.IsAsciiHexDigit)
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var row) && row > 0
            ? new LogHead(row, hash.ToLowerInvariant())
            : null;

    internal static async Task<LogHead?> Read(DbConnection connection) =>
        await connection.QuerySingleOrDefaultAsync<(long Number, byte[]? Hash)?>(
            "select number, hash from operator_log_head where id = 1") is { Hash: { } hash } head
                ? new LogHead(head.Number, Convert.ToHexStringLower(hash))
                : null;
}
