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
/// new. A passkey stands for possession and for who has it, so nothing else is asked for; it proves nothing for later acts.
/// </summary>
public sealed class SignInByPasskey(Database db, UsePasskey use, OpenMemberSession open, MemberDirectory members, Outbox outbox)
{
    /// <param name="signed">What the web found right: signature, challenge, domain, origin.</param>
    /// <param name="isKnown">The member has signed in on this device before.</param>
    public async Task<Answer<SignedInByPasskey, PasskeySignInRefusal>> Run(
        SignedByPasskey signed, string device, bool isKnown = false, CancellationToken ct = default)
    {
        if (signed.Subject.Kind != SubjectKind.Member || await members.Find(new MemberId(signed.Subject.Id), ct) is not { } member)
            return PasskeySignInRefusal.Unauthenticated;
        var session = await db.Transact(async tx => await use.Counts(tx, signed, device)
            ? await open.Run(tx, member, device, isKnown, AssuranceLevel.Passkey) : null, ct);
        outbox.Wake();
        return session is null ? PasskeySignInRefusal.Unauthenticated : new SignedInByPasskey(member, session);
    }
}
