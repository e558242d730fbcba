using System.Data.Common;
using System.Text.Json;
using Dapper;
using Ensen.Basics;

namespace Ensen.Campaigns;

/// <summary>How far a campaign is. The numbers are stored.</summary>
public enum CampaignState
{
    /// <summary>It waits for a second person.</summary>
    Proposed = 1,

    /// <summary>Its budget is open: from its first instant to its last it gives.</summary>
    Approved = 2,

    /// <summary>Its time was over; what was left of the budget went back.</summary>
    Ended = 3,

    /// <summary>Somebody stopped it, or it gave more than it was to; what was left went back.</summary>
    Stopped = 4,
}

/// <summary>A campaign: what it says and what became of it. Whoever proposed, approved and stopped it is kept by their person.</summary>
/// <param name="GivenBack">What was left of the budget when it ended.</param>
public sealed record Campaign(
    CampaignId Id, CampaignState State, CampaignTerms Terms, string ProposedBy, DateTimeOffset ProposedAt, DryRun? DryRun,
    string? ApprovedBy, DateTimeOffset? ApprovedAt, string? EndedBy, DateTimeOffset? EndedAt, string? Why, PointAmount GivenBack)
{
    public bool Runs(DateTimeOffset now) => State == CampaignState.Approved && now >= Terms.From && now < Terms.Until;

    /// <summary>On which topic whoever keeps campaigns in memory hears that one has changed.</summary>
    public const string News = "campaign";

    internal static string TopicOf(CampaignId id) => $"{News}:{id.Value:N}";

    const string Columns =
        "id, state, terms, proposed_by, proposed_ms, dry_run, approved_by, approved_ms, ended_by, ended_ms, why, given_back";

    public static async Task<Campaign?> Find(DbConnection connection, CampaignId id, DbTransaction? tx = null) =>
        (await connection.QuerySingleOrDefaultAsync<Row?>($"select {Columns} from campaign where id = @id", new { id }, tx))?.Campaign;

    /// <summary>Campaigns in a state, the newest first.</summary>
    public static async Task<IReadOnlyList<Campaign>> In(DbConnection connection, CampaignState state, int limit) =>
        [.. (await connection.QueryAsync<Row>(
            $"select {Columns} from campaign where state = @state order by id desc limit @limit", new { state, limit }))
            .Select(r => r.Campaign)];

    /// <summary>All campaigns, the newest first; only those before one.</summary>
    public static async Task<IReadOnlyList<Campaign>> List(DbConnection connection, CampaignId? before, int limit) =>
        [.. (await connection.QueryAsync<Row>(
            $"select {Columns} from campaign where id < @before order by id desc limit @limit",
            new { before = before?.Value ?? Guid.AllBitsSet, limit })).Select(r => r.Campaign)];

    sealed record Row(
        CampaignId Id, short State, string Terms, string ProposedBy, long ProposedMs, string? DryRun, string? ApprovedBy, long? ApprovedMs,
        string? EndedBy, long? EndedMs, string? Why, PointAmount GivenBack)
    {
        public Campaign Campaign => new(
            Id, (CampaignState)State, CampaignTerms.Read(Terms), ProposedBy, Instant.OfMilliseconds(ProposedMs),
            DryRun is null ? null : JsonSerializer.Deserialize(DryRun, CampaignsJson.Default.DryRun), ApprovedBy,
            ApprovedMs is { } approved ? Instant.OfMilliseconds(approved) : null, EndedBy,
            EndedMs is { } ended ? Instant.OfMilliseconds(ended) : null, Why, GivenBack);
    }
}
