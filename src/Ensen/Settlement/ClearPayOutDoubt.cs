using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Settlement;

/// <summary>Of which attempt the bank has told an operator that it was not paid after all, and how they know.</summary>
public sealed record ClearPayOutDoubtRequest(SettlementId Settlement, long Attempt, string Reason, ActingOperator By);

/// <summary>The attempt counts as not paid from now on.</summary>
public sealed record PayOutDoubtCleared(SettlementId Settlement, long Attempt);

/// <summary>Why it stays in doubt; the names are the contract's codes.</summary>
public enum ClearPayOutDoubtRefusal
{
    None = 0,

    /// <summary>The reason is missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,

    /// <summary>There is no such doubt, or it was cleared up before.</summary>
    NotFound = 2,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 3,
}

/// <summary>
/// Ends the doubt about a line that the bank has called both rejected and paid: the bank has said that it did not pay. From now on the
/// settlement is paid as any other. Where the bank did pay, the doubt is left as it is: then nothing is ever paid twice.
/// </summary>
public sealed class ClearPayOutDoubt(Database db, Operators operators, OperatorLog log, TimeProvider clock)
{
    public async Task<Answer<PayOutDoubtCleared, ClearPayOutDoubtRefusal>> Run(
        ClearPayOutDoubtRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Corrections, ct) is not { } by) return ClearPayOutDoubtRefusal.Forbidden;
        if (!OperatorLine.IsOne(request.Reason)) return ClearPayOutDoubtRefusal.InvalidRequest;
        return await db.Transact(async tx =>
        {
            if (!await PayOutDoubts.Clear(tx, request.Settlement, request.Attempt, FourEyes.Kept(by.Person), clock.Now()))
                return false;
            await log.Append(tx, OperatorAct.ClearedPayOutDoubt, by, request.By, request.Settlement.ToString(), request.Reason);
            return true;
        }, ct) ? new PayOutDoubtCleared(request.Settlement, request.Attempt) : ClearPayOutDoubtRefusal.NotFound;
    }
}
