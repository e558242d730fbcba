using System.Data.Common;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Operations;

/// <summary>Which proposed correction an operator takes back, and why.</summary>
public sealed record WithdrawCorrectionRequest(ProposalId Proposal, string Reason, ActingOperator By);

/// <summary>Why a proposed correction is not withdrawn.</summary>
public enum WithdrawCorrectionRefusal
{
    None = 0,

    /// <summary>The reason is missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,

    /// <summary>There is no such proposal.</summary>
    NotFound = 2,

    /// <summary>It was approved before: what is wrong with it is set right by a correction of the correction.</summary>
    Posted = 3,

    /// <summary>It was withdrawn before.</summary>
    Withdrawn = 4,

    /// <summary>Whoever takes it back may not.</summary>
    Forbidden = 5,
}

/// <summary>
/// Takes back a correction that waits for a second person: whoever proposed it sees the mistake, or whoever was to approve it does. It is
/// no longer listed, and nobody approves it afterwards.
/// </summary>
public sealed class WithdrawCorrection(Database db, Operators operators, OperatorLog log, TimeProvider clock)
{
    public async Task<Answer<CorrectionProposal, WithdrawCorrectionRefusal>> Run(
        WithdrawCorrectionRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Corrections, ct) is not { } by)
            return WithdrawCorrectionRefusal.Forbidden;
        while (true)
        {
            CorrectionProposal? proposal;
            await using (var connection = await db.Connect(ct))
                proposal = await Proposals.Find(connection, db.Catalogue, request.Proposal);
            if (Decide(request, proposal?.State) is not WithdrawCorrectionRefusal.None and var refusal)
                return refusal;
            // It ends once: whoever finds that somebody else was first looks again, and is told what became of it.
            if (await db.Transact(tx => End(tx, request, by), ct))
                return proposal! with { State = ProposalState.Withdrawn };
        }
    }

    async Task<bool> End(DbTransaction tx, WithdrawCorrectionRequest request, Operator by)
    {
        var how = new Withdrawal(FourEyes.Kept(by.Person), request.Reason.Trim(), clock.Now());
        if (!await Proposals.End(tx, request.Proposal, ProposalState.Withdrawn, how))
            return false;
        await log.Append(tx, OperatorAct.WithdrewCorrection, by, request.By, request.Proposal.ToString(), request.Reason);
        return true;
    }

    /// <param name="state">What became of the proposal until now; null when there is none.</param>
    internal static WithdrawCorrectionRefusal Decide(WithdrawCorrectionRequest request, ProposalState? state)
    {
        if (!OperatorLine.IsOne(request.Reason)) return WithdrawCorrectionRefusal.InvalidRequest;
        return state switch
        {
            null => WithdrawCorrectionRefusal.NotFound,
            ProposalState.Posted => WithdrawCorrectionRefusal.Posted,
            ProposalState.Withdrawn => WithdrawCorrectionRefusal.Withdrawn,
            _ => WithdrawCorrectionRefusal.None,
        };
    }
}
