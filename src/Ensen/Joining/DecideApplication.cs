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

    /// <summary>They have said what they think already, by whichever account.</summary>
    SamePerson = 4,

    /// <summary>One of its checks has failed: it can be refused or asked back.</summary>
    NotEligible = 5,

    /// <summary>Whoever decides may not.</summary>
    Forbidden = 6,
}

/// <summary>
/// Two persons of one mind decide about a shop (<see cref="FourEyes"/>); where the first two disagree, a third one does. It ends once: of
/// many at the same moment each is the first, the second or the third, or comes too late, and the applicant gets one mail.
/// </summary>
public sealed class DecideApplication(
    Database db, MerchantApplications applications, Operators operators, OperatorLog log, Outbox outbox, TimeProvider clock)
{
    static readonly string[] s_places = ["first", "second", "third"];

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
                    request.Word == ApplicationWord.Ask ? null : s_places[found.Opinions.Count]);
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
        if (request.Word != ApplicationWord.Ask && found.Opinions.Any(said => !FourEyes.AreTwo(said.By, by)))
            return DecideApplicationRefusal.SamePerson;
        return request.Word == ApplicationWord.Accept && !passes ? DecideApplicationRefusal.NotEligible : DecideApplicationRefusal.None;
    }

    async Task<bool> Take(DbTransaction tx, DecideApplicationRequest request, MerchantApplication found, PersonId by)
    {
        var accepts = request.Word == ApplicationWord.Accept;
        var decides = request.Word != ApplicationWord.Ask && found.Opinions.IsDecidedBy(accepts);
        var (next, mail) = request.Word switch
        {
            ApplicationWord.Ask => (ApplicationState.Asked, NoticeKind.ShopAsked),
            ApplicationWord.Accept when decides => (ApplicationState.Approved, NoticeKind.ShopApproved),
            ApplicationWord.Refuse when decides => (ApplicationState.Refused, NoticeKind.ShopRefused),
            _ => (ApplicationState.InReview, (NoticeKind?)null),
        };
        var now = clock.Now();
        var values = new
        {
            found.Id,
            found.Version,
            said = found.Opinions.Count,
            review = ApplicationState.InReview,
            next,
            by = FourEyes.Kept(by),
            accepts,
            reason = request.Reason.Trim(),
            told = mail is null or NoticeKind.ShopApproved ? null : request.Reason.Trim(),
            at = now.ToUnixTimeMilliseconds(),
        };
        if (await tx.Connection!.ExecuteAsync(
            $"""
            update merchant_application
            set {(request.Word == ApplicationWord.Ask ? Forgotten : Said(found.Opinions.Count))}, state = @next, reason = @told,
              changed_ms = @at
            where id = @Id and state = @review and version = @Version
              and @said = case when first_by is null then 0 when second_by is null then 1 when third_by is null then 2 else 3 end
            """, values, tx) != 1)
            return false;
        if (mail is { } what)
            await ApplicantLink.Mail(tx, outbox, what, found.Id, found.Form, found.Language, now, values.told);
        return true;
    }

    // An answer is looked at from the beginning.
    const string Forgotten =
        """
        first_by = null, first_accepts = null, first_reason = null, second_by = null, second_accepts = null, second_reason = null,
        third_by = null, third_accepts = null, third_reason = null
        """;

    static string Said(int before) => $"{s_places[before]}_by = @by, {s_places[before]}_accepts = @accepts, {s_places[before]}_reason = @reason";

    static OperatorAct ActOf(ApplicationWord word) => word switch
    {
        ApplicationWord.Accept => OperatorAct.AcceptedApplication,
        ApplicationWord.Refuse => OperatorAct.RefusedApplication,
        ApplicationWord.Ask => OperatorAct.AskedApplicant,
        _ => throw new ArgumentOutOfRangeException(nameof(word)),
    };
}
