using System.Data.Common;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Operations;

/// <summary>Which proposed points an operator takes back, and why.</summary>
public sealed record WithdrawGoodwillRequest(GoodwillId Goodwill, string Reason, ActingOperator By);

/// <summary>Why they are not taken back; the names are the contract's codes.</summary>
public enum WithdrawGoodwillRefusal
{
    None = 0,

    /// <summary>The reason is missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,
    NotFound = 2,

    /// <summary>They were given, or the proposal was withdrawn before.</summary>
    AlreadyDecided = 3,

    /// <summary>Whoever takes it back may not.</summary>
    Forbidden = 4,
}

/// <summary>Takes back points that wait for a second person: one person is enough for giving nothing.</summary>
public sealed class WithdrawGoodwill(Database db, Operators operators, OperatorLog log, TimeProvider clock)
{
    public async Task<Answer<GoodwillProposal, WithdrawGoodwillRefusal>> Run(
        WithdrawGoodwillRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Corrections, ct) is not { } by) return WithdrawGoodwillRefusal.Forbidden;
        while (true)
        {
            GoodwillProposal? proposal;
            await using (var connection = await db.Connect(ct))
                proposal = await GoodwillProposals.Find(connection, request.Goodwill);
            if (Decide(request, proposal?.State) is not WithdrawGoodwillRefusal.None and var refusal) return refusal;
            // It ends once: whoever finds that somebody else was first looks again, and is told.
            if (await db.Transact(tx => End(tx, request, by), ct))
                return proposal! with { State = ProposalState.Withdrawn };
        }
    }

    async Task<bool> End(DbTransaction tx, WithdrawGoodwillRequest request, Operator by)
    {
        if (!await GoodwillProposals.End(
            tx, request.Goodwill, ProposalState.Withdrawn, FourEyes.Kept(by.Person), request.Reason.Trim(), clock.Now()))
            return false;
        await log.Append(tx, OperatorAct.WithdrewGoodwill, by, request.By, request.Goodwill.ToString(), request.Reason);
        return true;
    }

    /// <param name="state">What became of the proposal until now; null when there is none.</param>
    internal static WithdrawGoodwillRefusal Decide(WithdrawGoodwillRequest request, ProposalState? state)
    {
        if (!OperatorLine.IsOne(request.Reason)) return WithdrawGoodwillRefusal.InvalidRequest;
        return state switch
        {
            null => WithdrawGoodwillRefusal.NotFound,
            ProposalState.Waiting => WithdrawGoodwillRefusal.None,
            _ => WithdrawGoodwillRefusal.AlreadyDecided,
        };
    }
}
