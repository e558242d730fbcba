using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Microsoft.AspNetCore.Identity;

namespace Ensen.Web.Session;

/// <summary>
/// A member's sign-in as typed. <paramref name="From"/>: the address it comes from, as <see cref="RequestDevice.AddressOf"/> gives it.
/// <paramref name="Known"/>: what the device is known by, from an earlier sign-in.
/// </summary>
public sealed record SignInRequest(string Email, string Password, string Device, string From, KnownDevice? Known = null);

/// <summary>Why somebody is not signed in. An address nobody has and a wrong password get the same answer, equally slow.</summary>
public enum SignInRefusal
{
    None = 0,
    Unauthenticated = 1,
    TooManyRequests = 2,
}

/// <summary>
/// Signs a member in by e-mail address and password: a new session for this device, and a mail that says so where the device is new.
/// Guesses are counted in the database before the password is looked at (<see cref="Guesses"/>), and passwords are hashed a few at a time
/// (<see cref="HashLine"/>).
/// </summary>
public sealed class SignIn(
    UserManager<MemberProof> users, Guesses guesses, HashLine hashes, Sessions sessions, MemberDirectory directory, Outbox outbox,
    Database db, TimeProvider clock)
{
    const int MostPassword = 1_000;

    /// <summary>After this long, whoever was told "too many" may try again.</summary>
    public TimeSpan RetryAfter { get; private set; } = HashLine.ComeAgain;

    public async Task<Answer<OpenedSession, SignInRefusal>> Run(SignInRequest request, CancellationToken ct = default)
    {
        var account = users.NormalizeEmail(request.Email.Trim()) ?? "";
        var user = await users.FindByEmailAsync(account);
        var known = user is not null && request.Known?.Knows(user.Member) is true ? request.Known.Id : (Guid?)null;
        var guess = await guesses.Begin("password", account, request.From, known, ct);
        if (!guess.May)
        {
            RetryAfter = guess.Wait;
            return SignInRefusal.TooManyRequests;
        }
        var isText = request.Password.Length <= MostPassword;
        var source = known is { } device ? Id.Bare(device) : request.From;
        var matches = await hashes.Verify(isText ? user?.PasswordHash : null, isText ? request.Password : "", source,
            known is not null, ct);
        if (matches is null)
        {
            await guess.Unseen();
            return SignInRefusal.TooManyRequests;
        }
        if (matches is PasswordVerificationResult.Failed || await directory.Find(user!.Member, ct) is not { } member)
            return SignInRefusal.Unauthenticated;

        await guess.Right();
        if (matches is PasswordVerificationResult.SuccessRehashNeeded && await hashes.Make(request.Password, source, ct) is { } stronger)
        {
            user.PasswordHash = stronger;
            await users.UpdateSecurityStampAsync(user);
        }
        // Changed while it was looked at: what was typed is looked at again, beside the password of now.
        return await Open(member, request.Device, user.SecurityStamp, isKnown: known is not null, ct) is { } opened ? opened
            : await Run(request, ct);
    }

    /// <summary>Opens a session for a member who has proven who they are (also by having just registered).</summary>
    public async Task<OpenedSession> Open(Member member, string device, CancellationToken ct = default) =>
        await Open(member, device, stampRead: null, isKnown: false, ct) ?? throw new InvalidOperationException("A session was not opened.");

    /// <summary>Null when the password whose stamp was read is no longer the member's: it was changed while it was looked at.</summary>
    /// <param name="isKnown">The member has signed in on this device before: a mail for each time would be read by nobody.</param>
    async Task<OpenedSession?> Open(Member member, string device, string? stampRead, bool isKnown, CancellationToken ct)
    {
        var session = await db.Transact(async tx =>
        {
            if (stampRead is not null && !await Credentials.Holds(tx, member.Id, CredentialKind.Password, stampRead))
                return null;
            var opened = await sessions.Open(tx, Subject.Member(member.Id), device, assurance: AssuranceLevel.Password);
            if (!isKnown && member is { MailConfirmed: true, Email: { } to })
                await new Notice(NoticeKind.SignedIn, member.Id, to, member.Name, member.Language, Device: device)
                    .Add(outbox, tx, Id.New(clock));
            return opened;
        }, ct);
        outbox.Wake();
        return session;
    }
}
