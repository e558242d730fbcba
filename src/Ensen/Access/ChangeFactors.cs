using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Access;

/// <summary>What somebody can prove who they are by, beside password, passkeys and telephone.</summary>
/// <param name="RecoveryCodesLeft">Of ten; 0 also where none were ever made.</param>
public sealed record Factors(bool HasAuthenticator, int RecoveryCodesLeft)
{
    /// <summary>Forgets all that this subject proves who they are by: they sign in no more.</summary>
    internal static Task Forget(DbTransaction tx, Subject subject) => tx.Connection!.ExecuteAsync(
        """
        delete from credential where owner = @Id;
        delete from authenticator where owner = @Id;
        delete from recovery_code where owner = @Id;
        delete from passkey where owner = @Id and kind = @Kind;
        """, new { subject.Id, subject.Kind }, tx);
}

/// <summary>The codes, shown once.</summary>
public sealed record NewRecoveryCodes(IReadOnlyList<string> Codes);

/// <summary>Why an authenticator stays as it is, in the order in which it is looked at.</summary>
public enum ChangeFactorsRefusal
{
    None = 0,

    /// <summary>The secret is none of ours, or the code is not what an authenticator shows for it now.</summary>
    WrongCode = 1,

    /// <summary>
    /// They must always have a passkey or an authenticator (<see cref="IFactorOwner.MustKeepOne"/>), and this is the last.
    /// </summary>
    NotDetachable = 2,

    /// <summary>They have to prove who they are.</summary>
    StepUpRequired = 3,
}

/// <summary>
/// Sets up and removes somebody's authenticator app and makes recovery codes: each takes a proof of the person, and is told.
/// </summary>
public sealed class ChangeFactors(
    Database db, StepUp stepUp, Authenticators authenticators, FactorOwners owners, Outbox outbox, AuthenticatorClock authenticatorClock,
    TimeProvider clock)
{
    /// <summary>What a challenge says that is to change them.</summary>
    public static StepUpPurpose Purpose { get; } = new("factors", lasts: true);

    public async Task<Factors> Read(Subject subject, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return new Factors(await Authenticators.Has(connection, subject.Id), await RecoveryCodes.Left(connection, subject.Id));
    }

    /// <summary>Sets up an authenticator, in place of another, once it has shown a right code.</summary>
    public async Task<Answer<Factors, ChangeFactorsRefusal>> SetUp(Subject subject, StepUpProof proof, byte[] secret, string? code,
        string device, CancellationToken ct = default)
    {
        var step = secret.Length == Totp.SecretBytes ? Totp.StepOf(secret, code, authenticatorClock.Now, lastUsed: 0) : null;
        var refusal = await Change(subject, proof, FactorEvent.AuthenticatorSet, device, step is not null, async tx =>
        {
            await authenticators.Set(tx, subject.Id, secret, step!.Value, clock.GetUtcNow());
            return true;
        }, ct);
        return refusal == ChangeFactorsRefusal.None ? await Read(subject, ct) : refusal;
    }

    /// <summary>Removes it; where there is none, nothing is told.</summary>
    public async Task<Answer<Factors, ChangeFactorsRefusal>> Remove(Subject subject, StepUpProof proof, string device,
        CancellationToken ct = default)
    {
        var refusal = await Change(subject, proof, FactorEvent.AuthenticatorRemoved, device, isRightCode: true,
            tx => Authenticators.Remove(tx, subject.Id), ct);
        return refusal == ChangeFactorsRefusal.None ? await Read(subject, ct) : refusal;
    }

    /// <summary>Makes ten recovery codes; those before are worth nothing any more.</summary>
    public async Task<Answer<NewRecoveryCodes, ChangeFactorsRefusal>> MakeCodes(Subject subject, StepUpProof proof, string device,
        CancellationToken ct = default)
    {
        IReadOnlyList<string> codes = [];
        var refusal = await Change(subject, proof, FactorEvent.RecoveryCodesMade, device, isRightCode: true, async tx =>
        {
            codes = await RecoveryCodes.Make(tx, subject.Id, clock.GetUtcNow());
            return true;
        }, ct);
        return refusal == ChangeFactorsRefusal.None ? new NewRecoveryCodes(codes) : refusal;
    }

    /// <param name="mayGo">What goes, if anything does, is not the last that they must have.</param>
    internal static ChangeFactorsRefusal Decide(bool isRightCode, bool mayGo, bool isProven)
    {
        if (!isRightCode) return ChangeFactorsRefusal.WrongCode;
        if (!mayGo) return ChangeFactorsRefusal.NotDetachable;
        return isProven ? ChangeFactorsRefusal.None : ChangeFactorsRefusal.StepUpRequired;
    }

    async Task<ChangeFactorsRefusal> Change(Subject subject, StepUpProof proof, FactorEvent what, string device, bool isRightCode,
        Func<DbTransaction, Task<bool>> change, CancellationToken ct)
    {
        var refusal = await db.Transact(async tx =>
        {
            var mayGo = what != FactorEvent.AuthenticatorRemoved || await owners.MayLoseOne(tx, subject);
            var decided = Decide(isRightCode, mayGo, isRightCode && mayGo && await stepUp.Take(tx, proof, Purpose));
            if (decided == ChangeFactorsRefusal.None && await change(tx))
                await owners.Tell(tx, subject, what, null, device);
            return decided;
        }, ct);
        if (refusal == ChangeFactorsRefusal.None)
            outbox.Wake();
        return refusal;
    }
}
