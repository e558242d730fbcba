using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Rewards;

/// <summary>Why a change of the catalogue is not made; the names are the contract's codes.</summary>
public enum ApproveRewardRefusal
{
    None = 0,
    NotFound = 1,

    /// <summary>It was approved or withdrawn before.</summary>
    AlreadyDecided = 2,

    /// <summary>The second person is the first, by whichever account.</summary>
    SamePerson = 3,

    /// <summary>The day it is for has come, or the reward is offered no more.</summary>
    Lapsed = 4,

    /// <summary>Whoever approves may not.</summary>
    Forbidden = 5,
}

/// <summary>
/// The second of the two people: puts into the catalogue what another person proposed (<see cref="FourEyes"/>), once. Either of them, or
/// anybody else who may, withdraws what waits.
/// </summary>
public sealed class ApproveReward(Database db, Operators operators, OperatorLog log, TimeProvider clock)
{
    public Task<Answer<RewardProposal, ApproveRewardRefusal>> Run(
        RewardProposalId id, ActingOperator acting, CancellationToken ct = default) => End(id, acting, RewardProposalState.Approved, ct);

    public Task<Answer<RewardProposal, ApproveRewardRefusal>> Withdraw(
        RewardProposalId id, ActingOperator acting, CancellationToken ct = default) => End(id, acting, RewardProposalState.Withdrawn, ct);

    async Task<Answer<RewardProposal, ApproveRewardRefusal>> End(
        RewardProposalId id, ActingOperator acting, RewardProposalState to, CancellationToken ct)
    {
        if (await operators.Acting(acting, OperatorRoles.Corrections, ct) is not { } by) return ApproveRewardRefusal.Forbidden;
        var now = clock.Now();
        return await db.Transact<Answer<RewardProposal, ApproveRewardRefusal>>(async tx =>
        {
            if (await RewardProposals.Find(tx.Connection!, id, tx) is not { } proposal) return ApproveRewardRefusal.NotFound;
            var of = proposal.Of is { } reward ? await RewardCatalogue.Find(tx.Connection!, reward, tx) : null;
            if (to == RewardProposalState.Approved
                && Decide(proposal, by.Person, of?.Ended == true, JapanDay.Of(now)) is not ApproveRewardRefusal.None and var refusal)
                return refusal;
            // It ends once, whoever else ends it in the same moment.
            if (!await RewardProposals.End(tx, id, to, FourEyes.Kept(by.Person), now)) return ApproveRewardRefusal.AlreadyDecided;
            if (to == RewardProposalState.Approved)
                if (of is null)
                    await KeepRewards.Insert(tx, proposal.Asked, Id.New<RewardId>(now), now);
                // Ended since it was read: the pieces come to nothing, as those of every ended reward.
                else
                    await KeepRewards.AddPieces(tx, of.Id, proposal.Asked.Stock);
            await log.Append(tx, to == RewardProposalState.Approved ? OperatorAct.ApprovedReward : OperatorAct.WithdrewReward, by, acting,
                id.ToString(), null);
            return proposal with { State = to };
        }, ct);
    }

    /// <summary>The checks, in the order of the refusals.</summary>
    internal static ApproveRewardRefusal Decide(RewardProposal proposal, PersonId by, bool hasEnded, JapanDay today) =>
        proposal.State != RewardProposalState.Waiting ? ApproveRewardRefusal.AlreadyDecided
        : !FourEyes.AreTwo(proposal.ProposedBy, by) ? ApproveRewardRefusal.SamePerson
        : hasEnded || proposal.Asked.UseOn is { } use && use <= today ? ApproveRewardRefusal.Lapsed
        : ApproveRewardRefusal.None;
}
