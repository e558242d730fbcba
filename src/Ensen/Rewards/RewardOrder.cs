using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Rewards;

/// <summary>How an order stands. The numbers are stored.</summary>
public enum RewardOrderState
{
    /// <summary>Paid for; the partner has not said yes or no yet.</summary>
    Ordered = 1,
    Issued = 2,
    Used = 3,

    /// <summary>The member takes it back; until the partner has said that nobody can use it, nothing is given back.</summary>
    Cancelling = 4,
    Cancelled = 5,
}

/// <summary>An order as it is sealed with its entry.</summary>
/// <param name="UseOn">The day it is for, yyyymmdd; 0: for whenever.</param>
public sealed record RewardOrderRow(
    RewardOrderId EntryId, MemberId MemberId, RewardId RewardId, string Title, int Quantity, PointAmount Points, Yen Yen, int UseOn,
    long AtMs)
{
    internal static DetailTable<RewardOrderRow> Table { get; } = new DetailTable<RewardOrderRow>("reward_order")
        .Uuid("entry_id", o => o.EntryId)
        .Uuid("member_id", o => o.MemberId)
        .Uuid("reward_id", o => o.RewardId)
        .Text("title", o => o.Title)
        .Integer("quantity", o => o.Quantity)
        .Points("points", o => o.Points)
        .Yen("yen", o => o.Yen)
        .Integer("use_on", o => o.UseOn)
        .Bigint("at_ms", o => o.AtMs);
}

/// <summary>What a return gave back, as it is sealed with its entry.</summary>
public sealed record RewardReturnRow(EntryId EntryId, RewardOrderId OrderId, PointAmount Points, Yen Yen, string Reason)
{
    internal static DetailTable<RewardReturnRow> Table { get; } = new DetailTable<RewardReturnRow>("reward_return")
        .Uuid("entry_id", r => r.EntryId)
        .Uuid("order_id", r => r.OrderId)
        .Points("points", r => r.Points)
        .Yen("yen", r => r.Yen)
        .Text("reason", r => r.Reason);
}

/// <summary>An order and how it stands; <paramref name="Reason"/> is a stable word and says why it was cancelled.</summary>
public sealed record RewardOrder(RewardOrderRow Row, RewardOrderState State, string? Reason)
{
    /// <summary>As the catalogue calls it in English; what was ordered is sealed with its Japanese title.</summary>
    public string EnglishTitle { get; init; } = Row.Title;

    /// <summary>Nothing came of it, and not because its member took it back.</summary>
    public bool WasRefused => State == RewardOrderState.Cancelled && Reason != FulfilReward.ByMember;

    /// <summary>Whether its member may still take it back: not once it was used, nor on the day it is for.</summary>
    public bool MayCancel(JapanDay today) => State is RewardOrderState.Ordered or RewardOrderState.Issued
        && (Row.UseOn == 0 || today.Number < Row.UseOn);
}

/// <summary>Reading orders, and changing how they stand.</summary>
public sealed class RewardOrders(Database db)
{
    const string Columns =
        """
        o.entry_id, o.member_id, o.reward_id, o.title, o.quantity, o.points, o.yen, o.use_on, o.at_ms, f.state, f.reason,
               w.english_title
        from reward_order o
        join reward_fulfilment f on f.order_id = o.entry_id
        left join reward w on w.id = o.reward_id
        """;

    /// <summary>An order of this member's; null when it is none of theirs.</summary>
    public async Task<RewardOrder?> Find(MemberId member, RewardOrderId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Find(connection, id) is { } order && order.Row.MemberId == member ? order : null;
    }

    /// <summary>A member's orders, the newest first; at most 100.</summary>
    public async Task<IReadOnlyList<RewardOrder>> Of(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return [.. (await connection.QueryAsync<Line>(
            $"select {Columns} where o.member_id = @member order by o.entry_id desc limit 100", new { member })).Select(l => l.Order)];
    }

    internal static async Task<RewardOrder?> Find(DbConnection connection, RewardOrderId id, DbTransaction? tx = null) =>
        (await connection.QuerySingleOrDefaultAsync<Line>($"select {Columns} where o.entry_id = @id", new { id }, tx))?.Order;

    /// <summary>From one of those states to another; false when it is in none of them any more.</summary>
    internal static async Task<bool> Move(DbTransaction tx, RewardOrderId id, RewardOrderState from, RewardOrderState to, string? reason,
        DateTimeOffset now) =>
        await tx.Connection!.ExecuteAsync(
            "update reward_fulfilment set state = @to, reason = @reason, changed_ms = @at where order_id = @id and state = @from",
            new { id, from = (short)from, to = (short)to, reason, at = now.ToUnixTimeMilliseconds() }, tx) == 1;

    sealed class Line
    {
        public RewardOrderId EntryId { get; init; }
        public MemberId MemberId { get; init; }
        public RewardId RewardId { get; init; }
        public string Title { get; init; } = "";
        public int Quantity { get; init; }
        public long Points { get; init; }
        public long Yen { get; init; }
        public int UseOn { get; init; }
        public long AtMs { get; init; }
        public short State { get; init; }
        public string? Reason { get; init; }
        public string? EnglishTitle { get; init; }

        public RewardOrder Order => new(
            new RewardOrderRow(EntryId, MemberId, RewardId, Title, Quantity, new PointAmount(Points), new Yen(Yen), UseOn, AtMs),
            (RewardOrderState)State, Reason)
        { EnglishTitle = EnglishTitle ?? Title };
    }
}
