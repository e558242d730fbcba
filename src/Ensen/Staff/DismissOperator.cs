using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>Whose account shall end, and why.</summary>
/// <param name="By">Null: a command.</param>
public sealed record DismissOperatorRequest(OperatorId Account, string Reason, ActingOperator? By);

/// <summary>Why an account does not end.</summary>
public enum DismissOperatorRefusal
{
    None = 0,

    /// <summary>The reason is missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,

    /// <summary>There is no such account.</summary>
    NotFound = 2,

    /// <summary>It was dismissed before.</summary>
    Ended = 3,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 4,
}

/// <summary>Ends an account for ever: its sessions at once, an invitation that was not used yet as well.</summary>
public sealed class DismissOperator(Database db, Operators operators, Sessions sessions, OperatorLog log, TimeProvider clock)
{
    public async Task<Answer<Operator, DismissOperatorRefusal>> Run(DismissOperatorRequest request, CancellationToken ct = default)
    {
        Operator? by = null;
        if (request.By is { } acting && (by = await operators.Acting(acting, OperatorRoles.Staff, ct)) is null)
            return DismissOperatorRefusal.Forbidden;
        Operator? found = null;
        EndedSessions? ended = null;
        var refusal = await db.Transact(async tx =>
        {
            found = await Operators.Find(tx.Connection!, request.Account, tx);
            if (Decide(request, found) is not DismissOperatorRefusal.None and var decided)
                return decided;
            if (await tx.Connection!.ExecuteAsync(
                """
                update operator_account
                set state = @dismissed, link_hash = null, link_until_ms = null, dismissed_by = @person, dismissed_ms = @at
                where id = @Account and state <> @dismissed
                """,
                new
                {
                    request.Account,
                    person = by?.Person,
                    at = clock.Now().ToUnixTimeMilliseconds(),
                    dismissed = OperatorState.Dismissed,
                }, tx) == 0)
                return DismissOperatorRefusal.Ended;
            var subject = Subject.Operator(request.Account);
            await Factors.Forget(tx, subject);
            ended = await sessions.EndAll(tx, subject, except: null, SessionEnd.Staff);
            await log.Append(tx, OperatorAct.DismissedOperator, by is null ? null : (by, request.By!.Value.Through),
                request.Account.ToString(), request.Reason);
            return DismissOperatorRefusal.None;
        }, ct);
        if (ended is not null)
            sessions.Tell(ended);
        return refusal == DismissOperatorRefusal.None ? found! with { State = OperatorState.Dismissed } : refusal;
    }

    /// <param name="found">The account; null when there is none.</param>
    internal static DismissOperatorRefusal Decide(DismissOperatorRequest request, Operator? found)
    {
        if (!OperatorLine.IsOne(request.Reason)) return DismissOperatorRefusal.InvalidRequest;
        if (found is null) return DismissOperatorRefusal.NotFound;
        return found.State == OperatorState.Dismissed ? DismissOperatorRefusal.Ended : DismissOperatorRefusal.None;
    }
}
