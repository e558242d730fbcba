using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>A new password for a member who is signed in.</summary>
/// <param name="Device">The device on which they ask.</param>
/// <param name="From">The address of the net that it comes from.</param>
public sealed record ChangePasswordRequest(MemberId Member, string Password, StepUpProof Proof, string Device, string From);

/// <summary>The password is the new one; so many other devices were signed out.</summary>
public sealed record PasswordChanged(int SignedOut);

/// <summary>Why a password stays as it is, in the order it is checked.</summary>
public enum ChangePasswordRefusal
{
    None = 0,

    /// <summary>What is wrong with it: <see cref="PasswordRule.Faults"/>.</summary>
    WeakPassword = 1,

    /// <summary>The member has to prove who they are.</summary>
    StepUpRequired = 2,

    /// <summary>Too many passwords are hashed at the moment.</summary>
    TooManyRequests = 3,
}

/// <summary>
/// Gives a member another password. Whoever knew the old one is out: every other session of the member ends in the same transaction, what
/// was proven on them is worth nothing, and a sign-in with the old password that is on its way finds that it is old. The member is told by
/// mail.
/// </summary>
public sealed class ChangePassword(
    Database db, StepUp stepUp, Sessions sessions, PendingSignIns pending, LowCaps lowCaps, MemberDirectory members, HashLine hashes,
    Outbox outbox, Programme programme, TimeProvider clock)
{
    /// <summary>What a challenge says that is to change a password.</summary>
    public static StepUpPurpose Purpose { get; } = new("password", lasts: true);

    public async Task<Answer<PasswordChanged, ChangePasswordRefusal>> Run(ChangePasswordRequest request, CancellationToken ct = default)
    {
        var member = await members.Find(request.Member, ct)
            ?? throw new ArgumentException("There is no such member.", nameof(request));
        if (PasswordRule.Faults(programme.Membership, request.Password, member.Email).Count > 0)
            return ChangePasswordRefusal.WeakPassword;
        // Nothing is hashed for whoever has no proof at all.
        if (request.Proof.Challenge is null && !await stepUp.IsProven(request.Proof.Caller, Purpose, ct))
            return ChangePasswordRefusal.StepUpRequired;
        if (await hashes.Make(request.Password, request.From, ct) is not { } hash)
            return ChangePasswordRefusal.TooManyRequests;

        var ended = await db.Transact(async tx =>
        {
            if (!await stepUp.Take(tx, request.Proof, Purpose))
                return null;
            var now = clock.Now();
            // First, as everywhere, the owner's turn.
            await SpendingLimits.TakeTurn(tx, request.Member);
            await ResetPassword.ForgetLinks(tx, request.Member, outbox, now);
            await ChangeMail.Drop(tx, request.Member, now);
            await Credentials.Set(tx, request.Member, CredentialKind.Password, hash, now);
            var others = await sessions.EndAll(tx, Subject.Member(request.Member), except: request.Proof.Caller.Session,
                SessionEnd.Password);
            await lowCaps.EndWithDevices(tx, request.Member);
            await pending.EndAll(tx, Subject.Member(request.Member));
            await stepUp.Void(tx, Subject.Member(request.Member));
            if (Notice.Of(NoticeKind.PasswordChanged, member, request.Device, now) is { } notice)
                await notice.Add(outbox, tx, Id.New(now));
            return others;
        }, ct);
        if (ended is null)
            return ChangePasswordRefusal.StepUpRequired;
        sessions.Tell(ended);
        outbox.Wake();
        return new PasswordChanged(ended.Count);
    }
}
