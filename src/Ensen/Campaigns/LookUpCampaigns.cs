using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Campaigns;

/// <summary>A campaign and what it has given so far.</summary>
public sealed record FoundCampaign(Campaign Campaign, PointAmount Given);

/// <summary>A campaign that is open, and whether the member has entered it.</summary>
public sealed record OpenCampaign(Campaign Campaign, bool Entered);

/// <summary>Looks campaigns up, for whoever makes them and for members.</summary>
public sealed class LookUpCampaigns(Database db, RunningCampaigns running, EnterCampaign entries, TimeProvider clock)
{
    public async Task<FoundCampaign?> One(CampaignId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Campaign.Find(connection, id) is { } campaign
            ? new FoundCampaign(campaign, new PointAmount(await CampaignAward.GivenSince(connection, id, DateTimeOffset.UnixEpoch)))
            : null;
    }

    /// <summary>The newest first; only those before one.</summary>
    public async Task<IReadOnlyList<FoundCampaign>> List(CampaignId? before, int limit, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var found = new List<FoundCampaign>();
        foreach (var campaign in await Campaign.List(connection, before, limit))
            found.Add(new FoundCampaign(
                campaign, new PointAmount(await CampaignAward.GivenSince(connection, campaign.Id, DateTimeOffset.UnixEpoch))));
        return found;
    }

    /// <summary>How many wait for a second person.</summary>
    public async Task<int> CountWaiting(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.ExecuteScalarAsync<int>(
            "select count(*) from campaign where state = @proposed", new { proposed = CampaignState.Proposed });
    }

    /// <summary>What runs or will, the first to end first.</summary>
    public async Task<IReadOnlyList<OpenCampaign>> OpenTo(MemberId member, CancellationToken ct = default)
    {
        var (now, entered) = (clock.GetUtcNow(), await entries.Of(member, ct));
        return [.. (await running.Open(ct)).Where(c => c.Terms.Until > now).OrderBy(c => c.Terms.Until).ThenBy(c => c.Id.Value)
            .Select(c => new OpenCampaign(c, entered.Contains(c.Id)))];
    }
}
