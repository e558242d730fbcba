using System.Data.Common;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>What a member can prove who they are by, beside password and telephone.</summary>
/// <param name="RecoveryCodesLeft">Of ten; 0 also where none were ever made.</param>
public sealed record Factors(bool HasAuthenticator, int RecoveryCodesLeft);

/// <summary>The codes, shown once.</summary>
public sealed record NewRecoveryCodes(IReadOnlyList<string> Codes);

/// <summary>Why an authenticator stays as it is, in the order in which it is looked at.</summary>
public enum ChangeFactorsRefusal
{
    None = 0,

    /// <summary>The secret is none of ours, or the code is not what an authenticator shows for it now.</summary>
    WrongCode = 1,

    /// <summary>The member has to prove who they are.</summary>
    StepUpRequired = 2,
}

/// <summary>
/// Sets up and removes a member's authenticator app and makes recovery codes: each takes a proof of the person, and tells them by mail.
/// </summary>
public sealed class ChangeFactors(
    Database db, StepUp stepUp, Authenticators authenticators, MemberDirectory members, Outbox outbox,
    AuthenticatorClock authenticatorClock, TimeProvider clock)
{
    /// <summary>What a challenge says that is to change them.</summary>
    public static StepUpPurpose Purpose { get; } = new("factors", lasts: true);

    public async Task<Factors> Read(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return new Factors(await Authenticators.Has(connection, member), await RecoveryCodes.Left(connection, member));
    }

    /// <summary>Sets up an authenticator, in place of another, once it has shown a right code.</summary>
    public async Task<Answer<Factors, ChangeFactorsRefusal>> SetUp(MemberId member, StepUpProof proof, byte[] secret, string? code,
        string device, CancellationToken ct = default)
    {
        var step = secret.Length == Totp.SecretBytes ? Totp.StepOf(secret, code, authenticatorClock.Now, lastUsed: 0) : null;
        var refusal = await Change(member, proof, NoticeKind.AuthenticatorSet, device, step is not null, async tx =>
        {
            await authenticators.Set(tx, member, secret, step!.Value, clock.GetUtcNow());
            return true;
        }, ct);
        return refusal == ChangeFactorsRefusal.None ? await Read(member, ct) : refusal;
    }

    /// <summary>Removes it; where there is none, nothing is told.</summary>
    public async Task<Answer<Factors, ChangeFactorsRefusal>> Remove(MemberId member, StepUpProof proof, string device,
        CancellationToken ct = default)
    {
        var refusal = await Change(member, proof, NoticeKind.AuthenticatorRemoved, device, isRightCode: true,
            tx => Authenticators.Remove(tx, member), ct);
        return refusal == ChangeFactorsRefusal.None ? await Read(member, ct) : refusal;
    }

    /// <summary>Makes ten recovery codes; those before are worth nothing any more.</summary>
    public async Task<Answer<NewRecoveryCodes, ChangeFactorsRefusal>> MakeCodes(MemberId member, StepUpProof proof, string device,
        CancellationToken ct = default)
    {
        IReadOnlyList<string> codes = [];
        var refusal = await Change(member, proof, NoticeKind.RecoveryCodesMade, device, isRightCode: true, async tx =>
        {
            codes = await RecoveryCodes.Make(tx, member, clock.GetUtcNow());
            return true;
        }, ct);
        return refusal == ChangeFactorsRefusal.None ? new NewRecoveryCodes(codes) : refusal;
    }

    internal static ChangeFactorsRefusal Decide(bool isRightCode, bool isProven)
    {
        if (!isRightCode) return ChangeFactorsRefusal.WrongCode;
        return isProven ? ChangeFactorsRefusal.None : ChangeFactorsRefusal.StepUpRequired;
    }

    async Task<ChangeFactorsRefusal> Change(MemberId id, StepUpProof proof, NoticeKind what, string device, bool isRightCode,
        Func<DbTransaction, Task<bool>> change, CancellationToken ct)
    {
        var member = await members.Find(id, ct);
        var refusal = await db.Transact(async tx =>
        {
            var decided = Decide(isRightCode, isRightCode && await stepUp.Take(tx, proof, Purpose));
            var now = clock.Now();
            if (decided == ChangeFactorsRefusal.None && await change(tx) && member is not null
                && Notice.Of(what, member, device, now) is { } notice)
                await notice.Add(outbox, tx, Id.New(now));
            return decided;
        }, ct);
        if (refusal == ChangeFactorsRefusal.None)
            outbox.Wake();
        return refusal;
    }
}
