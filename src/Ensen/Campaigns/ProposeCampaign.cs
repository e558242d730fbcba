using Dapper;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Campaigns;

/// <summary>A campaign as one operator wants it.</summary>
/// <param name="Key">Under it the same terms are proposed once; null where a page asks, which shows what is there.</param>
public sealed record ProposeCampaignRequest(CampaignTerms Terms, ActingOperator By, string? Key = null);

/// <summary>Why a campaign cannot be proposed.</summary>
public enum ProposeCampaignRefusal
{
    None = 0,

    /// <summary>
    /// Something in its terms is missing, contradicts itself, is beyond its bounds, or names a store, an area or a use that there is not.
    /// </summary>
    InvalidRequest = 1,

    /// <summary>Whoever proposes may not.</summary>
    Forbidden = 2,

    /// <summary>The key was used for other terms.</summary>
    KeyReused = 3,
}

/// <summary>
/// The first of the two people: says what a campaign shall give. Nothing is given yet; a dry run and another person come before that.
/// </summary>
public sealed class ProposeCampaign(
    Database db, Operators operators, OperatorLog log, PointUses uses, Stores stores, TimeProvider clock)
{
    /// <summary>The parts of such terms that nothing can be made of, or that name a store, an area or a use that there is not.</summary>
    public async Task<IReadOnlyList<CampaignField>> Faults(CampaignTerms terms, CancellationToken ct = default)
    {
        var wrong = terms.Faults(clock.Now()).ToList();
        // Nothing could be bought with its points.
        if (terms.Uses is > 0 and var use && (await uses.All(ct)).All(u => u.Number != use))
            wrong.Add(CampaignField.Uses);
        if (terms.Areas.Count > 0 && terms.Areas.Except(await stores.Areas(ct)).Any())
            wrong.Add(CampaignField.Areas);
        if (!wrong.Contains(CampaignField.Stores))
            foreach (var store in terms.Stores)
                if (await stores.Find(store, ct) is null)
                {
                    wrong.Add(CampaignField.Stores);
                    break;
                }
        return [.. wrong.Distinct()];
    }

    public async Task<Answer<Campaign, ProposeCampaignRefusal>> Run(ProposeCampaignRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Campaigns, ct) is not { } by)
            return ProposeCampaignRefusal.Forbidden;
        var now = clock.Now();
        if ((await Faults(request.Terms, ct)).Count > 0) return ProposeCampaignRefusal.InvalidRequest;
        var campaign = new Campaign(
            Id.New<CampaignId>(now), CampaignState.Proposed, request.Terms, FourEyes.Kept(by.Person), now, null, null, null, null, null,
            null, PointAmount.Zero);
        var under = request.Key is null ? null : $"{by.Id} {request.Key}";
        var made = await db.Transact(async tx =>
        {
            var isNew = await tx.Connection!.ExecuteAsync(
                """
                insert into campaign (id, state, terms, budget, cap_per_day, cap_in_all, from_ms, until_ms, proposed_by, proposed_ms, given_back,
                  proposed_under)
                values (@Id, @State, @terms, @Budget, @CapPerDay, @CapInAll, @from, @until, @ProposedBy, @at, 0, @under)
                on conflict (proposed_under) do nothing
                """,
                new
                {
                    campaign.Id,
                    campaign.State,
                    terms = campaign.Terms.ToJson(),
                    campaign.Terms.Budget,
                    campaign.Terms.CapPerDay,
                    campaign.Terms.CapInAll,
                    from = campaign.Terms.From.ToUnixTimeMilliseconds(),
                    until = campaign.Terms.Until.ToUnixTimeMilliseconds(),
                    campaign.ProposedBy,
                    at = now.ToUnixTimeMilliseconds(),
                    under,
                }, tx) == 1;
            if (!isNew)
                return false;
            await log.Append(tx, OperatorAct.ProposedCampaign, by, request.By, campaign.Id.ToString(), null);
            return true;
        }, ct);
        return made ? campaign : await Earlier(under!, campaign.Terms, ct);
    }

    async Task<Answer<Campaign, ProposeCampaignRefusal>> Earlier(string under, CampaignTerms terms, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var id = await connection.QuerySingleAsync<CampaignId>("select id from campaign where proposed_under = @under", new { under });
        var earlier = (await Campaign.Find(connection, id))!;
        return earlier.Terms.ToJson() == terms.ToJson() ? ((Answer<Campaign, ProposeCampaignRefusal>)earlier).AsReplay()
            : ProposeCampaignRefusal.KeyReused;
    }
}
