using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Businesses;

/// <summary>How a request to pay stands. The numbers are stored.</summary>
public enum BusinessRequestState
{
    Open = 1,
    Paid = 2,

    /// <summary>Whoever asked wants it no more.</summary>
    Withdrawn = 3,

    /// <summary>Whoever was asked does not pay it.</summary>
    Declined = 4,
}

/// <summary>
/// What one company asks another to pay by a day: a bill with a link. It is paid once, by a transfer of the payer's; later than the day it
/// is still paid, and shown as overdue.
/// </summary>
public sealed record BusinessRequest
{
    public BusinessRequestId Id { get; init; }
    public BusinessId Asker { get; init; }
    public string AskerName { get; init; } = "";
    public BusinessId Payer { get; init; }
    public string PayerName { get; init; } = "";
    public long AmountYen { get; init; }
    public string Text { get; init; } = "";

    /// <summary>yyyymmdd.</summary>
    public int DueOn { get; init; }
    public ShopAccountId MadeBy { get; init; }
    public long MadeMs { get; init; }
    public BusinessRequestState State { get; init; }
    public long? EndedMs { get; init; }
    public BusinessTransferId? Transfer { get; init; }

    /// <summary>As it was when it was asked: whoever asks again under the same key is told the same.</summary>
    public BusinessRequest AsAsked => this with { State = BusinessRequestState.Open, EndedMs = null, Transfer = null };

    public bool IsOverdue(JapanDay today) => State == BusinessRequestState.Open && DueOn < today.Number;
}

/// <summary>Reads requests to pay, and changes how they stand.</summary>
public sealed class BusinessRequests(Database db)
{
    const string Columns =
        """
        select r.id, r.asker, am.name as asker_name, r.payer, pm.name as payer_name, r.amount_yen, r.text, r.due_on, r.made_by, r.made_ms,
               r.state, r.ended_ms, r.transfer
        from business_request r
        join business a on a.id = r.asker
        join merchant am on am.id = a.merchant
        join business p on p.id = r.payer
        join merchant pm on pm.id = p.merchant
        """;

    /// <summary>One that this company asked or was asked; null for any other.</summary>
    public async Task<BusinessRequest?> Find(BusinessId party, BusinessRequestId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Find(connection, id) is { } found && (found.Asker == party || found.Payer == party) ? found : null;
    }

    /// <summary>What a company asked others for, the newest first.</summary>
    public Task<IReadOnlyList<BusinessRequest>> AskedBy(BusinessId asker, int limit, CancellationToken ct = default) =>
        Read($"{Columns} where r.asker = @company order by r.id desc limit @limit", asker, limit, ct);

    /// <summary>What a company is asked for and has not answered, the one due first first.</summary>
    public Task<IReadOnlyList<BusinessRequest>> ToPay(BusinessId payer, int limit, CancellationToken ct = default) => Read(
        $"{Columns} where r.payer = @company and r.state = {(int)BusinessRequestState.Open} order by r.due_on, r.id limit @limit",
        payer, limit, ct);

    async Task<IReadOnlyList<BusinessRequest>> Read(string sql, BusinessId company, int limit, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<BusinessRequest>(sql, new { company, limit })).AsList();
    }

    internal static Task<BusinessRequest?> Find(DbConnection connection, BusinessRequestId id, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<BusinessRequest?>($"{Columns} where r.id = @id", new { id }, tx);

    /// <summary>
    /// Within the transaction of a transfer that pays it: nobody else ends it before that commits. With the transfer it is paid; false when
    /// it is open no more.
    /// </summary>
    internal static async Task<bool> Hold(
        DbTransaction tx, BusinessRequestId id, BusinessTransferId? transfer, ShopAccountId by, DateTimeOffset now) =>
        await tx.Connection!.ExecuteAsync(
            $"""
            update business_request
            set state = case when @paid then {(int)BusinessRequestState.Paid} else state end,
                ended_by = case when @paid then @by else ended_by end,
                ended_ms = case when @paid then @at else ended_ms end,
                transfer = coalesce(@transfer, transfer)
            where id = @id and state = {(int)BusinessRequestState.Open}
            """, new { id, paid = transfer is not null, by, at = now.ToUnixTimeMilliseconds(), transfer }, tx) == 1;

    /// <summary>Ends an open one without paying it; false when it is open no more.</summary>
    internal static async Task<bool> End(
        DbTransaction tx, BusinessRequestId id, BusinessRequestState state, ShopAccountId by, DateTimeOffset now) =>
        await tx.Connection!.ExecuteAsync(
            $"""
            update business_request
            set state = @state, ended_by = @by, ended_ms = @at
            where id = @id and state = {(int)BusinessRequestState.Open}
            """, new { id, state = (short)state, by, at = now.ToUnixTimeMilliseconds() }, tx) == 1;
}
