using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>Why an invitation is not approved.</summary>
public enum ApproveInvitationRefusal
{
    None = 0,

    /// <summary>There is no such account.</summary>
    NotFound = 1,

    /// <summary>Whoever invited does not approve it, too; nor does the one who is invited.</summary>
    SamePerson = 2,

    /// <summary>It waits no more: it was approved, or the account was dismissed.</summary>
    Ended = 3,

    /// <summary>Whoever approves may not.</summary>
    Forbidden = 4,
}

/// <summary>The second of the two people: says that somebody whom another operator invited may come. The link opens from then on.</summary>
public sealed class ApproveInvitation(Database db, Operators operators, OperatorLog log, TimeProvider clock)
{
    public async Task<Answer<Operator, ApproveInvitationRefusal>> Run(
        OperatorId account, ActingOperator acting, CancellationToken ct = default)
    {
        if (await operators.Acting(acting, OperatorRoles.Staff, ct) is not { } by)
            return ApproveInvitationRefusal.Forbidden;
        Operator? found = null;
        var refusal = await db.Transact(async tx =>
        {
            found = await Operators.Find(tx.Connection!, account, tx);
            if (Decide(found, by.Person) is not ApproveInvitationRefusal.None and var decided)
                return decided;
            // It is approved once: of two at the same moment the second finds that it waits no more.
            if (await tx.Connection!.ExecuteAsync(
                """
                update operator_account
                set state = @invited, approved_by = @person, approved_ms = @at
                where id = @account and state = @waiting
                """,
                new
                {
                    account,
                    person = by.Person,
                    at = clock.Now().ToUnixTimeMilliseconds(),
                    invited = OperatorState.Invited,
                    waiting = OperatorState.Waiting,
                }, tx) == 0)
                return ApproveInvitationRefusal.Ended;
            await log.Append(tx, OperatorAct.ApprovedInvitation, by, acting, account.ToString(), null);
            return ApproveInvitationRefusal.None;
        }, ct);
        return refusal == ApproveInvitationRefusal.None ? found! with { State = OperatorState.Invited } : refusal;
    }

    /// <param name="found">The account; null when there is none.</param>
    internal static ApproveInvitationRefusal Decide(Operator? found, PersonId by)
    {
        if (found is null) return ApproveInvitationRefusal.NotFound;
        if (found.InvitedBy is { } first && !FourEyes.AreTwo(first, by) || !FourEyes.AreTwo(found.Person, by))
            return ApproveInvitationRefusal.SamePerson;
        return found.State == OperatorState.Waiting ? ApproveInvitationRefusal.None : ApproveInvitationRefusal.Ended;
    }
}
