using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Identity;

/// <summary>What one operator says of a verification in the queue.</summary>
public sealed record DecideVerificationRequest(VerificationId Verification, bool Accepts, string Reason, ActingOperator By);

/// <summary>Why a word is not taken, in the order it is checked; the names are the contract's codes.</summary>
public enum DecideVerificationRefusal
{
    None = 0,

    /// <summary>The reason is missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,

    /// <summary>There is no such verification in the queue.</summary>
    NotFound = 2,

    /// <summary>It waits for nobody any more: it was decided, or has lapsed.</summary>
    Lapsed = 3,

    /// <summary>The second person is the first, by whichever account.</summary>
    SamePerson = 4,

    /// <summary>Pictures are not taken any more, so nobody can be verified by them.</summary>
    MethodEnded = 5,

    /// <summary>Whoever decides may not.</summary>
    Forbidden = 6,
}

/// <summary>
/// Two persons decide about pictures: the first says what they think, the second person's word decides (<see cref="FourEyes"/>). Both stand
/// in the log with their reasons. It ends once: of many at the same moment one is the first and one the second.
/// </summary>
public sealed class DecideVerification(
    Database db, Operators operators, OperatorLog log, EndVerification end, Programme programme, TimeProvider clock)
{
    public async Task<Answer<Verification, DecideVerificationRefusal>> Run(
        DecideVerificationRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Identity, ct) is not { } by)
            return DecideVerificationRefusal.Forbidden;
        Verification? after = null;
        while (true)
        {
            var (isTaken, refusal) = await db.Transact(async tx =>
            {
                var found = await Verifications.Find(tx.Connection!, request.Verification, tx);
                if (Decide(request, found, by.Person, clock.GetUtcNow(), programme) is not DecideVerificationRefusal.None and var decided)
                    return (true, decided);
                var isFirst = found!.FirstBy is null;
                if (!await (isFirst ? TakeFirst(tx, found, request, by) : TakeSecond(tx, found, request, by)))
                    return (false, DecideVerificationRefusal.None);
                after = await Verifications.Find(tx.Connection!, found.Id, tx);
                await log.Append(tx, request.Accepts ? OperatorAct.AcceptedVerification : OperatorAct.RejectedVerification, by, request.By,
                    found.Id.ToString(), request.Reason, isFirst ? "first" : "second");
                return (true, DecideVerificationRefusal.None);
            }, ct);
            // Somebody was a moment earlier: looked at again, it is their word that is the first.
            if (!isTaken)
                continue;
            if (refusal != DecideVerificationRefusal.None)
                return refusal;
            if (!after!.IsOpen)
                end.Ended(after.Member);
            return after;
        }
    }

    /// <param name="found">Null when there is none.</param>
    internal static DecideVerificationRefusal Decide(
        DecideVerificationRequest request, Verification? found, PersonId by, DateTimeOffset now, Programme programme)
    {
        if (!OperatorLine.IsOne(request.Reason)) return DecideVerificationRefusal.InvalidRequest;
        if (found is not { Method: IdentityMethod.Image } || found.State == VerificationState.Collecting)
            return DecideVerificationRefusal.NotFound;
        if (found.State != VerificationState.InReview || !found.IsWaiting(now)) return DecideVerificationRefusal.Lapsed;
        if (found.FirstBy is { } first && !FourEyes.AreTwo(first, by)) return DecideVerificationRefusal.SamePerson;
        if (request.Accepts && programme.Identity.Image.HasEnded(JapanDay.Of(now))) return DecideVerificationRefusal.MethodEnded;
        return DecideVerificationRefusal.None;
    }

    async Task<bool> TakeFirst(DbTransaction tx, Verification found, DecideVerificationRequest request, Operator by) =>
        await tx.Connection!.ExecuteAsync(
            """
            update verification
            set first_by = @person, first_accepts = @Accepts, first_reason = @reason, first_ms = @now
            where id = @Id and state = @review and first_by is null
            """,
            new
            {
                found.Id,
                person = FourEyes.Kept(by.Person),
                request.Accepts,
                reason = request.Reason.Trim(),
                now = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                review = VerificationState.InReview,
            }, tx) == 1;

    async Task<bool> TakeSecond(DbTransaction tx, Verification found, DecideVerificationRequest request, Operator by)
    {
        if (!await (request.Accepts ? end.Accept(tx, found, null)
            : end.Close(tx, found, VerificationState.Rejected, Verification.Reasons.Declined)))
            return false;
        await tx.Connection!.ExecuteAsync(
            "update verification set second_by = @person, second_accepts = @Accepts, second_reason = @reason where id = @Id",
            new { found.Id, person = FourEyes.Kept(by.Person), request.Accepts, reason = request.Reason.Trim() }, tx);
        return true;
    }
}
