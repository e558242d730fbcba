using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Campaigns;

/// <summary>A campaign and what it has given so far.</summary>
public sealed record FoundCampaign(Campaign Campaign, PointAmount Given)
{
    /// <summary>It is open and gives nothing any more: what refunds take back does not come into its budget again.</summary>
    public bool IsUsedUp => Campaign.State == CampaignState.Approved && Given.Value >= Campaign.Terms.Budget;
}

/// <summary>A campaign that is open, whether the member has entered it, and whether nothing is left of its budget.</summary>
public sealed record OpenCampaign(Campaign Campaign, bool Entered, bool IsUsedUp);

/// <summary>Looks campaigns up, for whoever makes them and for members.</summary>
public sealed class LookUpCampaigns(Database db, RunningCampaigns running, EnterCampaign entries, TimeProvider clock)
{
    const int MostStopped = 1_000;

    public async Task<FoundCampaign?> One(CampaignId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Campaign.Find(connection, id) is { } campaign
            ? await WithGiven(connection, campaign)
            : null;
    }

    /// <summary>The newest first; only those before one.</summary>
    public async Task<IReadOnlyList<FoundCampaign>> List(CampaignId? before, int limit, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var found = new List<FoundCampaign>();
        foreach (var campaign in await Campaign.List(connection, before, limit))
            found.Add(await WithGiven(connection, campaign));
        return found;
    }

    /// <summary>
    /// What was given is what the purse lacks of the budget, in one look, for it may be emptied between two: nobody adds up a million
    /// awards for it.
    /// </summary>
    static async Task<FoundCampaign> WithGiven(DbConnection connection, Campaign campaign) => new(
        campaign, new PointAmount(await connection.ExecuteScalarAsync<long>(
            $"""
            select cast(case when c.approved_by is null then 0 else c.budget - c.given_back - coalesce((
              select sum(a.balance)
              from account a
              where a.owner = c.id
                and a.account_type = {AccountType.CampaignBudget.Number}), 0) end as bigint)
            from campaign c
            where c.id = @Id
            """,
            new { campaign.Id })));

    /// <summary>How many wait for a second person.</summary>
    public async Task<int> CountWaiting(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.ExecuteScalarAsync<int>(
            "select count(*) from campaign where state = @proposed", new { proposed = CampaignState.Proposed });
    }

    /// <summary>Those that the breaker stopped since an instant, the newest first.</summary>
    public async Task<IReadOnlyList<Campaign>> StoppedByBreaker(DateTimeOffset since, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return [.. (await Campaign.In(connection, CampaignState.Stopped, MostStopped))
            .Where(c => c.EndedAt >= since && BreakerTrip.Of(c) is not null)];
    }

    /// <summary>What runs or will, the first to end first.</summary>
    public async Task<IReadOnlyList<OpenCampaign>> OpenTo(MemberId member, CancellationToken ct = default)
    {
        var (now, entered, left) = (clock.GetUtcNow(), await entries.Of(member, ct), await Left(ct));
        return [.. (await running.Open(ct)).Where(c => c.Terms.Until > now).OrderBy(c => c.Terms.Until).ThenBy(c => c.Id.Value)
            .Select(c => new OpenCampaign(c, entered.Contains(c.Id), left.TryGetValue(c.Id, out var points) && points == 0))];
    }

    /// <summary>What is left in the purse of each open campaign.</summary>
    async Task<Dictionary<CampaignId, long>> Left(CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<(CampaignId Id, long Points)>(
            $"""
            select c.id, cast(coalesce((
              select sum(a.balance)
              from account a
              where a.owner = c.id
                and a.account_type = {AccountType.CampaignBudget.Number}), 0) as bigint)
            from campaign c
            where c.state = @approved
            """, new { approved = (short)CampaignState.Approved })).ToDictionary(c => c.Id, c => c.Points);
    }
}
