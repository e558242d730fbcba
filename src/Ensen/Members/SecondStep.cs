using System.Data.Common;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>What whoever signs in shows at the second step.</summary>
/// <param name="Token">Of the sign-in that waits (<see cref="SecondStepAsked"/>).</param>
/// <param name="Code">What was typed; nothing for a call.</param>
/// <param name="From">The address of the net that it comes from.</param>
/// <param name="Device">The device, where the account has signed in on it before.</param>
public sealed record SecondStepRequest(string? Token, ProofMethod Method, string? Code, string From, KnownDevice? Device = null);

/// <summary>Why the second step is not done, in the order in which it is looked at.</summary>
public enum SecondStepRefusal
{
    None = 0,

    /// <summary>Nothing waits under this token, or waits no more: the sign-in begins anew.</summary>
    Lapsed = 1,

    /// <summary>That way is none that was asked for.</summary>
    NotAvailable = 2,

    /// <summary>Too many wrong ones, or no number is free to be called: nothing was looked at.</summary>
    TooManyRequests = 3,

    /// <summary>It was wrong.</summary>
    Unauthenticated = 4,
}

/// <summary>
/// A session; or, without one, a call that is waited for; or, with neither, the proof for a new password. Else why not, and after how long
/// that may be tried again.
/// </summary>
public readonly record struct SecondStepAnswer(
    OpenedSession? Session, Challenge? Call = null, SecondStepRefusal Refusal = SecondStepRefusal.None, TimeSpan? Wait = null)
{
    public bool IsDone => Refusal == SecondStepRefusal.None && Call is null;

    public static implicit operator SecondStepAnswer(SecondStepRefusal refusal) => new(null, null, refusal);
}

/// <summary>How a sign-in that waits stands, for the page that asks.</summary>
/// <param name="Call">The call that is waited for, or that came.</param>
/// <param name="Telephone">The telephone that has to call.</param>
public sealed record SecondStepState(
    PendingSignIn Pending, IReadOnlyList<ProofMethod> Methods, Challenge? Call, Member Member, string? Telephone)
{
    /// <summary>No call came in time: another number is to be asked for.</summary>
    public bool CallLapsed { get; init; }
}

/// <summary>
/// The second step of a sign-in: an authenticator's code, a recovery code, or a call. After a password it opens the session, once; after a
/// link from a mail it lets another password be set. Whoever has lost everything is asked for a call alone.
/// </summary>
public sealed class SecondStep(
    Database db, PendingSignIns pending, SecondFactors factors, StepUp stepUp, OpenMemberSession open, MemberDirectory directory,
    Outbox outbox)
{
    public async Task<SecondStepState?> Find(string? token, CancellationToken ct = default)
    {
        if (await Waiting(token, ct) is not { } found
            || await directory.Find(new MemberId(found.Subject), ct) is not { } member)
            return null;
        var methods = await MethodsOf(found, ct);
        var last = methods.Contains(ProofMethod.Call)
            ? await stepUp.Latest(found.Caller, SecondFactors.PurposeOf(found), ProofMethod.Call, ct) : null;
        return new SecondStepState(found, methods, IsOpen(last) ? last : null, member, await TelephoneOf(found, member, ct))
        {
            CallLapsed = last?.State == ChallengeState.Lapsed,
        };
    }

    public async Task<SecondStepAnswer> Run(SecondStepRequest request, CancellationToken ct = default)
    {
        if (await Waiting(request.Token, ct) is not { } found
            || await directory.Find(new MemberId(found.Subject), ct) is not { } member)
            return SecondStepRefusal.Lapsed;
        if (!(await MethodsOf(found, ct)).Contains(request.Method))
            return SecondStepRefusal.NotAvailable;
        var shown = request.Method == ProofMethod.Call ? await AwaitCall(found, ct) : await JudgeCode(found, request, ct);
        return shown.Value switch
        {
            null when shown.Refusal == StepUpRefusal.TooManyRequests =>
                new SecondStepAnswer(null, null, SecondStepRefusal.TooManyRequests, shown.Wait),
            null => SecondStepRefusal.NotAvailable,
            { State: ChallengeState.Passed } passed => await Finish(found, member, passed, ct),
            { Method: ProofMethod.Call } waiting => new SecondStepAnswer(null, waiting),
            _ => SecondStepRefusal.Unauthenticated,
        };
    }

    /// <summary>A sign-in with a step beside the password; one that waits for the password alone has none.</summary>
    async Task<PendingSignIn?> Waiting(string? token, CancellationToken ct) =>
        await pending.Find(token, ct) is { Began: not SignInStart.NewPassword } found ? found : null;

    async Task<IReadOnlyList<ProofMethod>> MethodsOf(PendingSignIn found, CancellationToken ct) => found.Began switch
    {
        SignInStart.Password => await factors.ToSignIn(new MemberId(found.Subject), found.IsKnown, ct),
        SignInStart.ResetLink => await factors.ToReset(new MemberId(found.Subject), ct),
        SignInStart.RecoveryLink => SecondFactors.ToRecover,
        SignInStart.NewPassword => [],
    };

    async Task<string?> TelephoneOf(PendingSignIn found, Member member, CancellationToken ct)
    {
        if (found.Began != SignInStart.RecoveryLink)
            return member.Telephone;
        await using var connection = await db.Connect(ct);
        return await Recoveries.TelephoneOf(connection, member.Id);
    }

    /// <summary>The call that is waited for, or that came; null when a number is to be asked for first.</summary>
    async Task<Challenge?> Called(PendingSignIn found, CancellationToken ct)
    {
        var last = await stepUp.Latest(found.Caller, SecondFactors.PurposeOf(found), ProofMethod.Call, ct);
        return IsOpen(last) ? last : null;
    }

    static bool IsOpen(Challenge? call) => call?.State is ChallengeState.Pending or ChallengeState.Passed;

    async Task<StepUpAnswer> AwaitCall(PendingSignIn found, CancellationToken ct) =>
        await Called(found, ct) is { } open ? open
            : await stepUp.Begin(found.Caller, SecondFactors.PurposeOf(found), ProofMethod.Call, ct: ct);

    async Task<StepUpAnswer> JudgeCode(PendingSignIn found, SecondStepRequest request, CancellationToken ct)
    {
        var begun = await stepUp.Begin(found.Caller, SecondFactors.PurposeOf(found), request.Method, ct: ct);
        var device = request.Device is { } known && known.Knows(found.Subject) ? known.Id : (Guid?)null;
        return begun.Value is { } asked
            ? await stepUp.Answer(found.Caller, asked.Id, new TypedProof(request.Code ?? "", found.Account, request.From, device), ct)
            : begun;
    }

    async Task<SecondStepAnswer> Finish(PendingSignIn found, Member member, Challenge passed, CancellationToken ct)
    {
        var session = await db.Transact(async tx =>
        {
            if (!await stepUp.Take(tx, new StepUpProof(found.Caller, passed.Id), SecondFactors.PurposeOf(found)))
                return null;
            return found.Began == SignInStart.Password ? await Open(tx, found, member)
                : await pending.Prove(tx, found) ? new Done(null) : null;
        }, ct);
        outbox.Wake();
        return session is null ? SecondStepRefusal.Lapsed : new SecondStepAnswer(session.Session);
    }

    /// <summary>Null when the sign-in is over, or the password with which it began is another by now.</summary>
    async Task<Done?> Open(DbTransaction tx, PendingSignIn found, Member member) =>
        await Credentials.Holds(tx, found.Subject, CredentialKind.Password, found.Stamp ?? "") && await pending.End(tx, found)
            ? new Done(await open.Run(tx, member, found.Device, found.IsKnown, AssuranceLevel.Password))
            : null;

    sealed record Done(OpenedSession? Session);
}
