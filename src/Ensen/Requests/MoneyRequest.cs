using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Requests;

/// <summary>How a request stands. The numbers are stored.</summary>
public enum MoneyRequestState
{
    Open = 1,
    Paid = 2,

    /// <summary>Whoever asked wants it no more.</summary>
    Withdrawn = 3,

    /// <summary>Whoever was asked does not pay it.</summary>
    Declined = 4,
}

/// <summary>
/// Money that a member asks another one for; <paramref name="Split"/>: the bill that it is a share of. <paramref name="Payment"/>: the
/// transfer that paid it.
/// </summary>
public sealed record MoneyRequest(MoneyRequestId Id, MemberId Asker, MemberId Payer, Yen AmountYen, string? Note, SplitId? Split, long AtMs,
    MoneyRequestState State, long? EndedMs, EntryId? Payment, long? RemindedMs)
{
    /// <summary>So long after it was asked, or reminded of, it may be reminded of.</summary>
    public static readonly TimeSpan BetweenReminders = TimeSpan.FromHours(24);

    public DateTimeOffset At => Instant.OfMilliseconds(AtMs);

    /// <summary>As it was when it was asked: whoever asks again under the same key is told the same.</summary>
    public MoneyRequest AsAsked => this with { State = MoneyRequestState.Open, EndedMs = null, Payment = null, RemindedMs = null };

    public DateTimeOffset? EndedAt => EndedMs is { } ms ? Instant.OfMilliseconds(ms) : null;

    /// <summary>From when on whoever asked may remind of it.</summary>
    public DateTimeOffset ReminderFrom => Instant.OfMilliseconds(RemindedMs ?? AtMs) + BetweenReminders;
}

/// <summary>A bill that was split: the whole of it, and what whoever asked pays of it.</summary>
public sealed record Split(SplitId Id, MemberId Asker, Yen Total, Yen Own, string? Note, long AtMs);

/// <summary>That a transfer paid a request, as it is sealed with its entry.</summary>
public sealed record RequestPaymentRow(EntryId EntryId, MoneyRequestId Request)
{
    internal static DetailTable<RequestPaymentRow> Table { get; } = new DetailTable<RequestPaymentRow>("request_payment")
        .Uuid("entry_id", p => p.EntryId)
        .Uuid("request", p => p.Request);
}

/// <summary>Reads requests and splits, and changes how requests stand.</summary>
public sealed class MoneyRequests(Database db)
{
    const string Columns =
        """
        select r.id, r.asker, r.payer, r.amount_yen, r.note, r.split, r.at_ms, r.state, r.ended_ms, r.payment, r.reminded_ms
        from money_request r
        """;

    /// <summary>A request that this member asked or was asked; null for any other.</summary>
    public async Task<MoneyRequest?> Find(MemberId party, MoneyRequestId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Find(connection, id) is { } found && (found.Asker == party || found.Payer == party) ? found : null;
    }

    /// <summary>What a member is asked for and has not answered, the oldest first.</summary>
    public Task<IReadOnlyList<MoneyRequest>> ToPay(MemberId payer, int limit, CancellationToken ct = default) => Read(
        $"{Columns} where r.payer = @member and r.state = {(int)MoneyRequestState.Open} order by r.id limit @limit", payer, limit, ct);

    /// <summary>What a member asked others for, the newest first.</summary>
    public Task<IReadOnlyList<MoneyRequest>> AskedBy(MemberId asker, int limit, CancellationToken ct = default) => Read(
        $"{Columns} where r.asker = @member order by r.id desc limit @limit", asker, limit, ct);

    /// <summary>A bill that this member split, with its shares; null when it is none of theirs.</summary>
    public async Task<(Split Split, IReadOnlyList<MoneyRequest> Shares)?> FindSplit(
        MemberId asker, SplitId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        if (await connection.QuerySingleOrDefaultAsync<SplitLine>(
            "select id, asker, total_yen, own_yen, note, at_ms from money_split where id = @id and asker = @asker", new { id, asker })
            is not { } line)
            return null;
        var shares = await connection.QueryAsync<Line>($"{Columns} where r.split = @id order by r.id", new { id });
        return (line.Split, [.. shares.Select(l => l.Request)]);
    }

    internal static async Task<MoneyRequest?> Find(DbConnection connection, MoneyRequestId id, DbTransaction? tx = null) =>
        (await connection.QuerySingleOrDefaultAsync<Line>($"{Columns} where r.id = @id", new { id }, tx))?.Request;

    internal static Task Insert(DbTransaction tx, MoneyRequest request) => tx.Connection!.ExecuteAsync(
        """
        insert into money_request (id, asker, payer, amount_yen, note, split, at_ms, state)
        values (@Id, @Asker, @Payer, @yen, @Note, @Split, @AtMs, @state)
        """,
        new
        {
            request.Id,
            request.Asker,
            request.Payer,
            yen = request.AmountYen.Value,
            request.Note,
            request.Split,
            request.AtMs,
            state = (short)request.State,
        }, tx);

    /// <summary>Ends an open request; false when it is open no more.</summary>
    internal static async Task<bool> End(
        DbTransaction tx, MoneyRequestId id, MoneyRequestState state, DateTimeOffset now, EntryId? payment = null) =>
        await tx.Connection!.ExecuteAsync(
            $"""
            update money_request
            set state = @state, ended_ms = @at, payment = @payment
            where id = @id and state = {(int)MoneyRequestState.Open}
            """,
            new { id, state = (short)state, at = now.ToUnixTimeMilliseconds(), payment }, tx) == 1;

    async Task<IReadOnlyList<MoneyRequest>> Read(string sql, MemberId member, int limit, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return [.. (await connection.QueryAsync<Line>(sql, new { member, limit })).Select(l => l.Request)];
    }

    sealed class Line
    {
        public MoneyRequestId Id { get; init; }
        public MemberId Asker { get; init; }
        public MemberId Payer { get; init; }
        public long AmountYen { get; init; }
        public string? Note { get; init; }
        public SplitId? Split { get; init; }
        public long AtMs { get; init; }
        public short State { get; init; }
        public long? EndedMs { get; init; }
        public EntryId? Payment { get; init; }
        public long? RemindedMs { get; init; }

        public MoneyRequest Request => new(
            Id, Asker, Payer, new Yen(AmountYen), Note, Split, AtMs, (MoneyRequestState)State, EndedMs, Payment, RemindedMs);
    }

    sealed class SplitLine
    {
        public SplitId Id { get; init; }
        public MemberId Asker { get; init; }
        public long TotalYen { get; init; }
        public long OwnYen { get; init; }
        public string? Note { get; init; }
        public long AtMs { get; init; }

        public Split Split => new(Id, Asker, new Yen(TotalYen), new Yen(OwnYen), Note, AtMs);
    }
}
