using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Joining;

/// <summary>What one person says of an application.</summary>
public enum ApplicationWord
{
    Accept = 1,
    Refuse = 2,

    /// <summary>Asks the applicant something; for that one person is enough.</summary>
    Ask = 3,
}

/// <summary>What one operator says. <paramref name="Version"/>: which state of the application they have read.</summary>
/// <param name="Reason">Of a refusal and a question the applicant reads it.</param>
public sealed record DecideApplicationRequest(
    MerchantApplicationId Application, ApplicationWord Word, string Reason, int Version, ActingOperator By);

/// <summary>Why a word is not taken, in the order it is checked; the names are the contract's codes.</summary>
public enum DecideApplicationRefusal
{
    None = 0,

    /// <summary>The reason is missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,
    NotFound = 2,

    /// <summary>It is not in review, or the applicant has sent it anew since it was read.</summary>
    AlreadyDecided = 3,

    /// <summary>The second person is the first, by whichever account.</summary>
    SamePerson = 4,

    /// <summary>One of its checks has failed: it can be refused or asked back.</summary>
    NotEligible = 5,

    /// <summary>Whoever decides may not.</summary>
    Forbidden = 6,
}

/// <summary>
/// Two persons decide about a shop (<see cref="FourEyes"/>): the first says what they think, the second person's word decides. It ends
/// once: of many at the same moment one is the first and one the second, and the applicant gets one mail.
/// </summary>
public sealed class DecideApplication(
    Database db, MerchantApplications applications, Operators operators, OperatorLog log, Outbox outbox, TimeProvider clock)
{
    public async Task<Answer<MerchantApplication, DecideApplicationRefusal>> Run(
        DecideApplicationRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Corrections, ct) is not { } by) return DecideApplicationRefusal.Forbidden;
        while (true)
        {
            var (isTaken, refusal) = await db.Transact(async tx =>
            {
                await MerchantApplications.Turn(tx);
                var found = await applications.Find(tx.Connection!, request.Application, tx);
                var passes = found is not null && ApplicationChecks.Pass(await ApplicationChecks.Facts(tx.Connection!, found, tx));
                if (Decide(request, found, by.Person, passes) is not DecideApplicationRefusal.None and var decided)
                    return (true, decided);
                if (!await Take(tx, request, found!, by.Person))
                    return (false, DecideApplicationRefusal.None);
                await log.Append(tx, ActOf(request.Word), by, request.By, found!.Id.ToString(), request.Reason,
                    request.Word == ApplicationWord.Ask ? null : found.FirstBy is null ? "first" : "second");
                return (true, DecideApplicationRefusal.None);
            }, ct);
            // Somebody was a moment earlier: looked at again, it is their word that is the first.
            if (!isTaken)
                continue;
            if (refusal != DecideApplicationRefusal.None)
                return refusal;
            outbox.Wake();
            return (await applications.Find(request.Application, ct))!;
        }
    }

    /// <summary>The checks, in the order of the refusals.</summary>
    internal static DecideApplicationRefusal Decide(
        DecideApplicationRequest request, MerchantApplication? found, PersonId by, bool passes)
    {
        if (!OperatorLine.IsOne(request.Reason) || !Enum.IsDefined(request.Word)) return DecideApplicationRefusal.InvalidRequest;
        if (found is null) return DecideApplicationRefusal.NotFound;
        if (found.State != ApplicationState.InReview || found.Version != request.Version) return DecideApplicationRefusal.AlreadyDecided;
        if (request.Word != ApplicationWord.Ask && found.FirstBy is { } first && !FourEyes.AreTwo(first, by))
            return DecideApplicationRefusal.SamePerson;
        return request.Word == ApplicationWord.Accept && !passes ? DecideApplicationRefusal.NotEligible : DecideApplicationRefusal.None;
    }

    async Task<bool> Take(DbTransaction tx, DecideApplicationRequest request, MerchantApplication found, PersonId by)
    {
        var isFirst = found.FirstBy is null;
        var (next, mail) = request.Word switch
        {
            ApplicationWord.Ask => (ApplicationState.Asked, NoticeKind.ShopAsked),
            ApplicationWord.Accept when !isFirst => (ApplicationState.Approved, NoticeKind.ShopApproved),
            ApplicationWord.Refuse when !isFirst => (ApplicationState.Refused, NoticeKind.ShopRefused),
            _ => (ApplicationState.InReview, (NoticeKind?)null),
        };
        var now = clock.Now();
        var values = new
        {
            found.Id,
            found.Version,
            found.FirstBy,
            review = ApplicationState.InReview,
            next,
            by = FourEyes.Kept(by),
            accepts = request.Word == ApplicationWord.Accept,
            reason = request.Reason.Trim(),
            told = mail is null or NoticeKind.ShopApproved ? null : request.Reason.Trim(),
            at = now.ToUnixTimeMilliseconds(),
        };
        var sets = request.Word == ApplicationWord.Ask ? "first_by = null, first_accepts = null, first_reason = null, "
            : isFirst ? "first_by = @by, first_accepts = @accepts, first_reason = @reason, "
            : "second_by = @by, second_accepts = @accepts, ";
        if (await tx.Connection!.ExecuteAsync(
            $"""
            update merchant_application
            set {sets} state = @next, reason = @told, changed_ms = @at
            where id = @Id and state = @review and version = @Version and coalesce(first_by, '') = coalesce(@FirstBy, '')
            """, values, tx) != 1)
            return false;
        if (mail is { } what)
            await ApplicantLink.Mail(tx, outbox, what, found.Id, found.Form, found.Language, now, values.told);
        return true;
    }

    static OperatorAct ActOf(ApplicationWord word) => word switch
    {
        ApplicationWord.Accept => OperatorAct.AcceptedApplication,
        ApplicationWord.Refuse => OperatorAct.RefusedApplication,
        ApplicationWord.Ask => OperatorAct.AskedApplicant,
        _ => throw new ArgumentOutOfRangeException(nameof(word)),
    };
}
