using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Rewards;

/// <summary>A reward to be offered, or more pieces of one.</summary>
/// <param name="Asked">A new one; null where <paramref name="Of"/> names the reward of which there shall be more.</param>
/// <param name="Key">The number of the form, by which a repeat is the same proposal; null where there is none.</param>
public sealed record ProposeRewardRequest(NewReward? Asked, RewardId? Of, long Pieces, ActingOperator By, string? Key = null)
{
    public static ProposeRewardRequest New(NewReward asked, ActingOperator by, string? key = null) => new(asked, null, 0, by, key);

    public static ProposeRewardRequest More(RewardId of, long pieces, ActingOperator by, string? key = null) =>
        new(null, of, pieces, by, key);
}

/// <summary>
/// The first of the two people: says what shall be offered, at what price, and how many. Nobody sees it before another person has approved
/// it, for what points are worth is decided by it. Fewer pieces, and none any more, is for one person (<see cref="KeepRewards"/>).
/// </summary>
public sealed class ProposeReward(Database db, Operators operators, OperatorLog log, TimeProvider clock)
{
    public async Task<Answer<RewardProposal, KeepRewardsRefusal>> Run(ProposeRewardRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Corrections, ct) is not { } by) return KeepRewardsRefusal.Forbidden;
        var now = clock.Now();
        Reward? of = null;
        if (request.Of is { } id)
        {
            await using var connection = await db.Connect(ct);
            of = await RewardCatalogue.Find(connection, id);
            if (of is null or { Ended: true }) return KeepRewardsRefusal.NotFound;
        }
        var asked = of is null ? request.Asked!
            : new NewReward(of.Title, of.EnglishTitle, of.Points.Value, of.Yen.Value, of.Worth.Value, request.Pieces, of.UseOn);
        if (KeepRewards.Decide(asked, JapanDay.Of(now)) is not KeepRewardsRefusal.None and var refusal) return refusal;
        if (of is not null && asked.Stock < 1) return KeepRewardsRefusal.InvalidAmount;
        asked = asked with { Title = asked.Title.Trim(), EnglishTitle = asked.EnglishTitle.Trim() };
        var proposal = new RewardProposal(
            Id.New<RewardProposalId>(now), of?.Id, asked, FourEyes.Kept(by.Person), now, RewardProposalState.Waiting);
        var under = request.Key is null ? null : $"{by.Id} {request.Key}";
        await db.Transact(async tx =>
        {
            if (await RewardProposals.Add(tx, proposal, under))
                await log.Append(tx, OperatorAct.ProposedReward, by, request.By, proposal.Id.ToString(), null,
                    $"{of?.Id.ToString() ?? "new"} " + FormattableString.Invariant(
                        $"{asked.Points} pt + {asked.Yen} yen, worth {asked.WorthYen}, {asked.Stock} pieces"));
        }, ct);
        return proposal;
    }
}
