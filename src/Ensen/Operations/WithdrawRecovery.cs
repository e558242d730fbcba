using Ensen.Basics;
using Ensen.Members;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Operations;

/// <summary>Which recovery an operator takes back, and why.</summary>
public sealed record WithdrawRecoveryRequest(RecoveryId Recovery, string Reason, ActingOperator By);

/// <summary>Why it is not taken back, in the order it is checked.</summary>
public enum WithdrawRecoveryRefusal
{
    None = 0,

    /// <summary>The reason is missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,

    /// <summary>There is no such recovery.</summary>
    NotFound = 2,

    /// <summary>It has ended: used, stopped, or taken back before.</summary>
    Lapsed = 3,

    /// <summary>Whoever takes it back may not.</summary>
    Forbidden = 4,
}

/// <summary>
/// Takes a recovery back, whoever proposed or approved it, until it has been used; one person is enough to stop. A member who was told that
/// it had begun is told that it is over.
/// </summary>
public sealed class WithdrawRecovery(Database db, Operators operators, OperatorLog log, Outbox outbox, TimeProvider clock)
{
    public async Task<Answer<Recovery, WithdrawRecoveryRefusal>> Run(WithdrawRecoveryRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Security, ct) is not { } by)
            return WithdrawRecoveryRefusal.Forbidden;
        Recovery? found = null;
        var refusal = await db.Transact(async tx =>
        {
            found = await Recoveries.Find(tx.Connection!, request.Recovery, tx);
            if (Decide(request, found) is not WithdrawRecoveryRefusal.None and var decided)
                return decided;
            var now = clock.Now();
            if (!await Recoveries.End(tx, found!.Id, RecoveryEnd.Withdrawn, now))
                return WithdrawRecoveryRefusal.Lapsed;
            // Read again: it may have been approved a moment before it was ended.
            if ((await Recoveries.Find(tx.Connection!, found.Id, tx))!.IsApproved)
                await StopRecovery.Tell(tx, found.Member, outbox, now);
            await log.Append(tx, OperatorAct.WithdrewRecovery, by, request.By, found.Member.ToString(), request.Reason,
                found.Id.ToString());
            return WithdrawRecoveryRefusal.None;
        }, ct);
        outbox.Wake();
        return refusal == WithdrawRecoveryRefusal.None ? found! with { How = RecoveryEnd.Withdrawn } : refusal;
    }

    /// <param name="found">The recovery; null when there is none.</param>
    internal static WithdrawRecoveryRefusal Decide(WithdrawRecoveryRequest request, Recovery? found)
    {
        if (!OperatorLine.IsOne(request.Reason)) return WithdrawRecoveryRefusal.InvalidRequest;
        if (found is null) return WithdrawRecoveryRefusal.NotFound;
        return found.IsOpen ? WithdrawRecoveryRefusal.None : WithdrawRecoveryRefusal.Lapsed;
    }
}
