using Ensen.Access;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>What a member could show beside the first step.</summary>
/// <param name="CanCall">Our numbers can be called from a registered telephone of Japan.</param>
/// <param name="HasCalled">The member has called from it before: it is theirs.</param>
/// <param name="HasCodes">Recovery codes are left.</param>
public readonly record struct SecondFactorsHad(bool HasAuthenticator, bool HasCodes, bool CanCall, bool HasCalled);

/// <summary>
/// Which second thing is asked for after the first: after the password, and after the link of a mail. Whoever set up an authenticator chose
/// it against stolen telephone numbers, so no call stands in for it. What each proves and why: docs/decisions/0022.
/// </summary>
public sealed class SecondFactors(Database db, ProofByCall call)
{
    /// <summary>What challenges of a sign-in that is under way are for. No session asks for one.</summary>
    internal static StepUpPurpose Purpose { get; } = new("sign-in");

    /// <summary>The same of whoever has lost everything: the telephone that has to call may be another than the registered one.</summary>
    internal static StepUpPurpose Recovering { get; } = new("recovery", only: ProofMethod.Call);

    internal static StepUpPurpose PurposeOf(PendingSignIn pending) =>
        pending.Began == SignInStart.RecoveryLink ? Recovering : Purpose;

    /// <summary>What is asked for after the password; nothing where the member has no second factor.</summary>
    /// <param name="isKnown">The member has signed in on the device before.</param>
    public async Task<IReadOnlyList<ProofMethod>> ToSignIn(MemberId member, bool isKnown, CancellationToken ct = default) =>
        OfSignIn(await Had(member, ct), isKnown);

    /// <summary>What is asked for after a link from a mail; nothing where there is nothing to ask for.</summary>
    public async Task<IReadOnlyList<ProofMethod>> ToReset(MemberId member, CancellationToken ct = default) =>
        OfReset(await Had(member, ct));

    /// <summary>
    /// What is asked for after the link of a recovery: a call, whatever else the member once set up. Nothing stands in for it.
    /// </summary>
    internal static IReadOnlyList<ProofMethod> ToRecover { get; } = [ProofMethod.Call];

    internal static IReadOnlyList<ProofMethod> OfSignIn(SecondFactorsHad had, bool isKnown) =>
        had.HasAuthenticator || !isKnown && had is { CanCall: true, HasCalled: true } ? Ways(had) : [];

    internal static IReadOnlyList<ProofMethod> OfReset(SecondFactorsHad had) => had.HasAuthenticator || had.CanCall ? Ways(had) : [];

    static IReadOnlyList<ProofMethod> Ways(SecondFactorsHad had)
    {
        var best = had.HasAuthenticator ? ProofMethod.Totp : ProofMethod.Call;
        return had.HasCodes ? [best, ProofMethod.RecoveryCode] : [best];
    }

    async Task<SecondFactorsHad> Had(MemberId member, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var (canCall, hasCalled) = await call.From(connection, member);
        return new SecondFactorsHad(
            await Authenticators.Has(connection, member), await RecoveryCodes.Left(connection, member) > 0, canCall, hasCalled);
    }
}
