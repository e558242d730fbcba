using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Rewards;

/// <summary>What became of a change of the catalogue. The numbers are stored.</summary>
public enum RewardProposalState
{
    Waiting = 0,
    Approved = 1,
    Withdrawn = 2,
}

/// <summary>A reward that an operator wants to offer, or more pieces of one that there is.</summary>
/// <param name="Of">The reward of which there shall be more; null: <paramref name="Asked"/> is a new one.</param>
/// <param name="Asked">As it shall be offered; its stock is how many pieces come.</param>
public sealed record RewardProposal(
    RewardProposalId Id, RewardId? Of, NewReward Asked, string ProposedBy, DateTimeOffset At, RewardProposalState State);

/// <summary>Reading what was proposed for the catalogue, and ending it.</summary>
public sealed class RewardProposals(Database db)
{
    const string Columns =
        "id, reward, title, english_title, points, yen, worth_yen, stock, use_on, proposed_by, at_ms, state";

    /// <summary>Those that wait for a second person, the newest first; at most a hundred.</summary>
    public async Task<IReadOnlyList<RewardProposal>> Waiting(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return [.. (await connection.QueryAsync<Row>(
            $"select {Columns} from reward_proposal where state = 0 order by id desc limit 100")).Select(r => r.Proposal)];
    }

    internal static async Task<RewardProposal?> Find(DbConnection connection, RewardProposalId id, DbTransaction? tx = null) =>
        (await connection.QuerySingleOrDefaultAsync<Row>($"select {Columns} from reward_proposal where id = @id", new { id }, tx))?.Proposal;

    /// <summary>False when the same form brought it before.</summary>
    internal static async Task<bool> Add(DbTransaction tx, RewardProposal proposal, string? under) => await tx.Connection!.ExecuteAsync(
        $"""
        insert into reward_proposal ({Columns}, proposed_under)
        values (@Id, @of, @Title, @EnglishTitle, @Points, @Yen, @WorthYen, @Stock, @use, @ProposedBy, @at, 0, @under)
        on conflict (proposed_under) do nothing
        """,
        new
        {
            proposal.Id,
            of = proposal.Of,
            proposal.Asked.Title,
            proposal.Asked.EnglishTitle,
            proposal.Asked.Points,
            proposal.Asked.Yen,
            proposal.Asked.WorthYen,
            proposal.Asked.Stock,
            use = proposal.Asked.UseOn?.Number,
            proposal.ProposedBy,
            at = proposal.At.ToUnixTimeMilliseconds(),
            under,
        }, tx) == 1;

    /// <summary>False when it does not wait any more: it ends once.</summary>
    internal static async Task<bool> End(
        DbTransaction tx, RewardProposalId id, RewardProposalState state, string by, DateTimeOffset now) =>
        await tx.Connection!.ExecuteAsync(
            "update reward_proposal set state = @state, ended_by = @by, ended_ms = @at where id = @id and state = 0",
            new { id, state = (short)state, by, at = now.ToUnixTimeMilliseconds() }, tx) == 1;

    sealed class Row
    {
        public RewardProposalId Id { get; init; }
        public RewardId? Reward { get; init; }
        public string Title { get; init; } = "";
        public string EnglishTitle { get; init; } = "";
        public long Points { get; init; }
        public long Yen { get; init; }
        public long WorthYen { get; init; }
        public long Stock { get; init; }
        public int? UseOn { get; init; }
        public string ProposedBy { get; init; } = "";
        public long AtMs { get; init; }
        public short State { get; init; }

        public RewardProposal Proposal => new(Id, Reward,
            new NewReward(Title, EnglishTitle, Points, Yen, WorthYen, Stock, UseOn is { } day ? JapanDay.FromNumber(day) : null),
            ProposedBy, DateTimeOffset.FromUnixTimeMilliseconds(AtMs), (RewardProposalState)State);
    }
}
