using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>Another password for a member who forgot theirs.</summary>
/// <param name="Token">Of the sign-in that began with the link.</param>
/// <param name="From">The address of the net that it comes from.</param>
public sealed record ResetPasswordRequest(string? Token, string Password, string Device, string From);

/// <summary>Why the password stays as it is, in the order it is checked.</summary>
public enum ResetPasswordRefusal
{
    None = 0,

    /// <summary>A link of the member's was used, or this one is too old.</summary>
    Lapsed = 1,

    /// <summary>The second thing was not shown.</summary>
    StepUpRequired = 2,

    /// <summary>What is wrong with it: <see cref="PasswordRule.Faults"/>.</summary>
    WeakPassword = 3,

    /// <summary>Too many passwords are hashed at the moment.</summary>
    TooManyRequests = 4,
}

/// <summary>
/// Replaces a forgotten password, in three steps: the link of a mail to the confirmed address, then a call or the second factor
/// (<see cref="SecondStep"/>), then the new password. The link is used up by the last, and every other link with it. Every session of the
/// member ends, also that of whoever asked for the link, and the member is told by mail. Who has shown the second thing signs in with the
/// new password alone, once, for some minutes (<see cref="SignIn"/>).
/// Who has lost everything comes the same way by the link of a <see cref="Recovery"/> and a call alone: then all else is gone, too, by
/// which they proved who they are, and low caps begin.
/// </summary>
public sealed class ResetPassword(
    Database db, PendingSignIns pending, SecondFactors factors, Sessions sessions, StepUp stepUp, MemberDirectory members, HashLine hashes,
    LowCaps lowCaps, Outbox outbox, Programme programme, TimeProvider clock)
{
    /// <summary>
    /// The first step, by the link's token: what is to be shown next, which may be nothing. Null when the link opens nothing (any more). It
    /// is not used up, for whoever comes in by it may be no further than this.
    /// </summary>
    public async Task<SecondStepAsked?> Begin(string? token, string device, CancellationToken ct = default)
    {
        if (await Open(token, ct) is not { } link || await members.Find(link.Member, ct) is not { MailConfirmed: true, Email: { } email })
            return null;
        var methods = link.IsRecovery ? SecondFactors.ToRecover : await factors.ToReset(link.Member, ct);
        var now = clock.Now();
        var pendingToken = await db.Transact(tx => pending.Begin(tx, new PendingSignIn
        {
            Id = Id.New(now),
            Kind = SubjectKind.Member,
            Subject = link.Member,
            Began = link.IsRecovery ? SignInStart.RecoveryLink : SignInStart.ResetLink,
            Account = EmailAddress.TryParse(email, out _, out var key) ? key : Id.Bare(link.Member),
            Device = device,
            Cause = link.Id,
            ExpiresMs = Math.Min(link.ExpiresMs, now.AddMinutes(programme.Membership.ResetLinkMinutes).ToUnixTimeMilliseconds()),
            ProvenMs = methods.Count == 0 ? now.ToUnixTimeMilliseconds() : null,
        }), ct);
        return new SecondStepAsked(pendingToken, methods);
    }

    /// <summary>The last step.</summary>
    public async Task<Answer<PasswordChanged, ResetPasswordRefusal>> Run(ResetPasswordRequest request, CancellationToken ct = default)
    {
        var found = await pending.Find(request.Token, ct) is { Began: SignInStart.ResetLink or SignInStart.RecoveryLink } began
            ? began : null;
        var member = found is null ? null : await members.Find(new MemberId(found.Subject), ct);
        var isWeak = PasswordRule.Faults(programme.Membership, request.Password, member?.Email).Count > 0;
        if (Decide(member is null ? null : found, isWeak) is var refusal and not ResetPasswordRefusal.None)
            return refusal;
        if (await hashes.Make(request.Password, request.From, ct) is not { } hash)
            return ResetPasswordRefusal.TooManyRequests;

        var subject = Subject.Member(member!.Id);
        var isRecovery = found!.Began == SignInStart.RecoveryLink;
        var ended = await db.Transact(async tx =>
        {
            var now = clock.Now();
            var cause = found.Cause!.Value;
            if (!await (isRecovery ? Recover(tx, member, new RecoveryId(cause), now) : UseUp(tx, cause, now)))
                return null;
            await ForgetLinks(tx, member.Id, outbox, now);
            var stamp = await Credentials.Set(tx, member.Id, CredentialKind.Password, hash, now);
            await ChangeMail.Drop(tx, member.Id, now);
            // Whoever has just called is not asked for a second call: the new password is all that is left to type.
            var goesOn = await StepUp.WasTaken(tx, found.Caller, SecondFactors.PurposeOf(found))
                && await pending.AwaitPassword(tx, found, stamp, programme.Membership.StepUpLife);
            await pending.EndAll(tx, subject, except: goesOn ? found.Id : null);
            var all = await sessions.EndAll(tx, subject, except: null, SessionEnd.Password);
            await stepUp.Void(tx, subject);
            if (isRecovery)
                await members.Changing(tx, member.Id);
            if (Notice.Of(isRecovery ? NoticeKind.Recovered : NoticeKind.PasswordReset, member, request.Device, now) is { } notice)
                await notice.Add(outbox, tx, Id.New(now));
            return all;
        }, ct);
        if (ended is null)
            return ResetPasswordRefusal.Lapsed;
        sessions.Tell(ended);
        members.Changed(member.Id);
        outbox.Wake();
        return new PasswordChanged(ended.Count);
    }

    internal static ResetPasswordRefusal Decide(PendingSignIn? found, bool isWeak)
    {
        if (found is null) return ResetPasswordRefusal.Lapsed;
        if (found.ProvenMs is null) return ResetPasswordRefusal.StepUpRequired;
        return isWeak ? ResetPasswordRefusal.WeakPassword : ResetPasswordRefusal.None;
    }

    async Task<Link?> Open(string? token, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(token) || token.Length > 200)
            return null;
        var (hash, now) = (AskPasswordReset.Hash(token), clock.Now());
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Link?>(
            """
            select id, member, expires_ms as ExpiresMs
            from password_reset
            where token_hash = @hash and used_ms is null and expires_ms > @now
            """,
            new { hash, now = now.ToUnixTimeMilliseconds() })
            ?? (await Recoveries.ByLink(connection, hash, now) is { LinkUntilMs: { } until } found
                ? new Link { Id = found.Id, Member = found.Member, ExpiresMs = until, IsRecovery = true } : null);
    }

    /// <summary>
    /// The link of a recovery does what it is for, once. Its member's turn comes first, as everywhere, so that leaving and paying at the
    /// same moment find all of it or nothing.
    /// </summary>
    async Task<bool> Recover(DbTransaction tx, Member member, RecoveryId id, DateTimeOffset now)
    {
        await SpendingLimits.TakeTurn(tx, member.Id);
        if (await Recoveries.Use(tx, id, now) is not { } used)
            return false;
        await Factors.Forget(tx, Subject.Member(member.Id));
        await lowCaps.Begin(tx, member.Id, LowCapsCause.Recovered);
        if (used.Telephone is { } telephone)
            await ChangeTelephone.Replace(tx, member, telephone, now);
        return true;
    }

    /// <summary>
    /// Links that were mailed open nothing any more: the password or the address that they were for is another. A recovery ends with them:
    /// whoever could change either is not without every way in.
    /// </summary>
    internal static async Task ForgetLinks(DbTransaction tx, MemberId member, Outbox outbox, DateTimeOffset now)
    {
        await tx.Connection!.ExecuteAsync("delete from password_reset where member = @member and used_ms is null", new { member }, tx);
        await StopRecovery.OfWhoIsThere(tx, member, outbox, now);
    }

    /// <summary>Of any number at once one uses the link.</summary>
    static async Task<bool> UseUp(DbTransaction tx, Guid link, DateTimeOffset now) => await tx.Connection!.ExecuteAsync(
        "update password_reset set used_ms = @at where id = @link and used_ms is null and expires_ms > @at",
        new { link, at = now.ToUnixTimeMilliseconds() }, tx) == 1;

    sealed class Link
    {
        public Guid Id { get; init; }
        public MemberId Member { get; init; }
        public long ExpiresMs { get; init; }

        /// <summary>Of a recovery, whose id it has then; else the password is forgotten, and nothing else.</summary>
        public bool IsRecovery { get; init; }
    }
}
