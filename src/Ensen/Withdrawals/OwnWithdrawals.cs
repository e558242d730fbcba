using System.Data.Common;
using Dapper;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Withdrawals;

/// <summary>Reads withdrawals: a member's own, and for operators those that need somebody.</summary>
public sealed class OwnWithdrawals(Database db, TimeProvider clock)
{
    /// <summary>The bank answers within that in all but its bad hours; what waits for longer is shown to operators.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromHours(1);

    const int MostForOperators = 200;

    const string Columns =
        """
        w.entry_id, w.member, w.bank_account, w.token, w.bank_name, w.last_four, w.amount_yen, w.at_ms,
               e.how, e.reason, e.at_ms as ended_ms, c.how as contradicted
        from withdrawal w
        left join withdrawal_end e on e.withdrawal = w.entry_id
        left join withdrawal_contradiction c on c.withdrawal = w.entry_id
        """;

    /// <summary>The member's own; null when it is none of theirs.</summary>
    public async Task<Withdrawal?> Find(MemberId member, WithdrawalId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Find(connection, id) is { } found && found.Row.Member == member ? found : null;
    }

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<Withdrawal>> Latest(MemberId member, int limit, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return Read(await connection.QueryAsync<Line>(
            $"select {Columns} where w.member = @member order by w.entry_id desc limit @limit", new { member, limit }));
    }

    /// <summary>Those of a member of which the bank has said nothing yet, as the entries that they are in the history.</summary>
    public async Task<IReadOnlySet<EntryId>> UnderWay(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<EntryId>(
            """
            select w.entry_id
            from withdrawal w
            left join withdrawal_end e on e.withdrawal = w.entry_id
            where w.member = @member and e.entry_id is null
            order by w.entry_id desc
            limit @MostForOperators
            """, new { member, MostForOperators })).ToHashSet();
    }

    /// <summary>
    /// Those of which the bank has said nothing for long, the oldest first, and those that left something in suspense. Both are looked up
    /// by what makes them so: of all withdrawals they are very few.
    /// </summary>
    public async Task<IReadOnlyList<Withdrawal>> ForOperators(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var before = Id.First<EntryId>(clock.GetUtcNow() - Slow);
        var slow = await connection.QueryAsync<Line>(
            $"""
            select {Columns}
            where w.entry_id in (select o.id from outbox o where o.state = {Outbox.Waiting} and o.kind = '{WithdrawalWork.Kind}')
              and w.entry_id < @before and e.entry_id is null
            order by w.entry_id
            limit @MostForOperators
            """,
            new { before, MostForOperators });
        var contrary = await connection.QueryAsync<Line>(
            $"""
            select {Columns}
            where w.entry_id in (select x.withdrawal from withdrawal_contradiction x where x.how in (4, 5))
            order by w.entry_id desc
            limit @MostForOperators
            """, new { MostForOperators });
        return [.. Read(slow), .. Read(contrary)];
    }

    internal static async Task<Withdrawal?> Find(DbConnection connection, WithdrawalId id) =>
        (await connection.QuerySingleOrDefaultAsync<Line>($"select {Columns} where w.entry_id = @id", new { id }))?.Withdrawal;

    static List<Withdrawal> Read(IEnumerable<Line> lines) => [.. lines.Select(l => l.Withdrawal)];

    sealed class Line
    {
        public WithdrawalId EntryId { get; init; }
        public MemberId Member { get; init; }
        public BankAccountId BankAccount { get; init; }
        public string Token { get; init; } = "";
        public string BankName { get; init; } = "";
        public string LastFour { get; init; } = "";
        public long AmountYen { get; init; }
        public long AtMs { get; init; }
        public short? How { get; init; }
        public string? Reason { get; init; }
        public long? EndedMs { get; init; }
        public short? Contradicted { get; init; }

        public Withdrawal Withdrawal => new(
            new WithdrawalRow(EntryId, Member, BankAccount, Token, BankName, LastFour, new Yen(AmountYen), AtMs),
            (WithdrawalEnding?)How, Reason, EndedMs is { } ended ? Instant.OfMilliseconds(ended) : null, (WithdrawalEnding?)Contradicted);
    }
}
