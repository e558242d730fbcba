using System.Data.Common;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>Why a passkey opens nothing. Whatever was wrong, whoever asks is told the same.</summary>
public enum PasskeySignInRefusal
{
    None = 0,
    Unauthenticated = 1,
}

/// <summary>A member who signed in with a passkey.</summary>
public sealed record SignedInByPasskey(Member Member, OpenedSession Session);

/// <summary>
/// Signs a member in whose passkey answered a challenge: a new session of the highest level, and a mail that says so where the device is
/// new. A passkey stands for possession and for who has it, so nothing else is asked for; it proves nothing for later acts. A passkey that
/// was copied opens nothing, and its member is told.
/// </summary>
public sealed class SignInByPasskey(
    Database db, Passkeys passkeys, OpenMemberSession open, MemberDirectory members, Outbox outbox, TimeProvider clock)
{
    /// <param name="signed">What the web found right: signature, challenge, domain, origin.</param>
    /// <param name="isKnown">The member has signed in on this device before.</param>
    public async Task<Answer<SignedInByPasskey, PasskeySignInRefusal>> Run(
        SignedByPasskey signed, string device, bool isKnown = false, CancellationToken ct = default)
    {
        if (await MemberOf(signed, ct) is not { } member)
            return PasskeySignInRefusal.Unauthenticated;
        var session = await db.Transact(async tx =>
        {
            if (!await Counts(tx, signed, member, device))
                return null;
            return await open.Run(tx, member, device, isKnown, AssuranceLevel.Passkey);
        }, ct);
        outbox.Wake();
        return session is null ? PasskeySignInRefusal.Unauthenticated : new SignedInByPasskey(member, session);
    }

    /// <summary>Whether what was signed proves that whoever is signed in already is the member. Nobody is signed in anew.</summary>
    public async Task<bool> Prove(SignedByPasskey signed, string device, CancellationToken ct = default)
    {
        if (await MemberOf(signed, ct) is not { } member)
            return false;
        var counts = await db.Transact(tx => Counts(tx, signed, member, device), ct);
        outbox.Wake();
        return counts;
    }

    async Task<Member?> MemberOf(SignedByPasskey signed, CancellationToken ct) =>
        signed.Subject.Kind == SubjectKind.Member ? await members.Find(new MemberId(signed.Subject.Id), ct) : null;

    async Task<bool> Counts(DbTransaction tx, SignedByPasskey signed, Member member, string device)
    {
        var use = await passkeys.Use(tx, signed);
        if (use == PasskeyUse.Copied)
            await Tell(tx, NoticeKind.PasskeyCopied, member, device);
        return use == PasskeyUse.Counts;
    }

    Task Tell(DbTransaction tx, NoticeKind what, Member member, string device) =>
        Notice.Of(what, member, device, clock.Now()) is { } notice ? notice.Add(outbox, tx, Id.New(clock)) : Task.CompletedTask;
}
