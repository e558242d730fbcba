using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;

namespace Ensen.Operations;

/// <summary>Points that were given as goodwill: to whom, how many, until when, why, and the two persons (<c>per_…</c>).</summary>
/// <param name="LastDay">The last day of the lot, yyyymmdd.</param>
public sealed record GoodwillRow(EntryId EntryId, GoodwillId ProposalId, MemberId MemberId, PointAmount Points, int LastDay, string Reason,
    string ProposedBy, string ApprovedBy)
{
    static readonly AccountType[] s_lots = [.. Lots.Types];

    internal static DetailTable<GoodwillRow> Table { get; } = new DetailTable<GoodwillRow>("goodwill")
        .Uuid("entry_id", g => g.EntryId)
        .Uuid("proposal_id", g => g.ProposalId)
        .Uuid("member_id", g => g.MemberId)
        .Points("points", g => g.Points)
        .Integer("last_day", g => g.LastDay)
        .Text("reason", g => g.Reason)
        .Text("proposed_by", g => g.ProposedBy)
        .Text("approved_by", g => g.ApprovedBy);

    /// <summary>Two people, the proposal that its own seal names, and as many points as its postings gave.</summary>
    internal static DetailCheck Check { get; } = new DetailCheck<GoodwillRow>(Table, EntryKind.Goodwill, g => g.EntryId, (row, entry) =>
        row.ProposedBy == row.ApprovedBy ? $"{IdPlaceholder.Entry(row.EntryId)} was approved by whoever proposed it"
        : !entry.SingleUses.Contains(new SingleUse(SingleUseKind.GoodwillPosted, row.ProposalId))
            ? $"{IdPlaceholder.Entry(row.EntryId)} is not of the proposal that its row names"
        : entry.Moved(row.MemberId, s_lots) != row.Points.Value
          || entry.Moved(Chart.Operator, AccountType.PointLiability) != -row.Points.Value
            ? $"{IdPlaceholder.Entry(row.EntryId)} differs from its postings"
        : null)
    { NoteColumn = "reason" };
}

/// <summary>Points that an operator wants to give a member as goodwill, whatever became of it.</summary>
/// <param name="LastDay">The day through which they will live.</param>
public sealed record GoodwillProposal(
    GoodwillId Id, MemberId Member, PointAmount Points, JapanDay LastDay, string Reason, string ProposedBy, DateTimeOffset At)
{
    public ProposalState State { get; init; }
}

/// <summary>Reading what was proposed, and ending it.</summary>
static class GoodwillProposals
{
    const string Columns = "id, member, points, last_day, reason, proposed_by, at_ms, state";

    public static async Task<GoodwillProposal?> Find(DbConnection connection, GoodwillId id, DbTransaction? tx = null) =>
        await connection.QuerySingleOrDefaultAsync<Row>($"select {Columns} from goodwill_proposal where id = @id", new { id }, tx) is { } row
            ? Of(row) : null;

    /// <summary>What was proposed by one account under one key; null when nothing was.</summary>
    public static async Task<GoodwillProposal?> Under(DbConnection connection, string under, DbTransaction tx) =>
        await connection.QuerySingleOrDefaultAsync<Row>(
            $"select {Columns} from goodwill_proposal where proposed_under = @under", new { under }, tx) is { } row ? Of(row) : null;

    /// <summary>Those that wait for a second person, the newest first; at most a hundred.</summary>
    public static async Task<IReadOnlyList<GoodwillProposal>> Waiting(DbConnection connection) =>
        [.. (await connection.QueryAsync<Row>(
            $"""
            select {Columns}
            from goodwill_proposal
            where state = {(short)ProposalState.Waiting}
            order by id desc
            limit 100
            """)).Select(Of)];

    /// <summary>Ends one that waits, as posted or withdrawn; false when somebody else ended it first.</summary>
    public static async Task<bool> End(
        DbTransaction tx, GoodwillId id, ProposalState how, string by, string? reason, DateTimeOffset at) =>
        await tx.Connection!.ExecuteAsync(
            """
            update goodwill_proposal
            set state = @how, ended_by = @by, ended_reason = @reason, ended_ms = @at
            where id = @id and state = @waiting
            """,
            new { id, how = (short)how, waiting = (short)ProposalState.Waiting, by, reason, at = at.ToUnixTimeMilliseconds() }, tx) == 1;

    static GoodwillProposal Of(Row row) => new(
        row.Id, row.Member, new PointAmount(row.Points), JapanDay.FromNumber(row.LastDay), row.Reason, row.ProposedBy,
        DateTimeOffset.FromUnixTimeMilliseconds(row.AtMs))
    { State = (ProposalState)row.State };

    sealed record Row(
        GoodwillId Id, MemberId Member, long Points, int LastDay, string Reason, string ProposedBy, long AtMs, short State);
}
