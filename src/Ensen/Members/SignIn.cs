using System.Data.Common;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>A member's sign-in as typed.</summary>
/// <param name="From">The address of the net that it comes from.</param>
/// <param name="Known">What the device is known by, from an earlier sign-in.</param>
/// <param name="Waiting">The token of a sign-in that set the password a moment ago (<see cref="ResetPassword"/>).</param>
public sealed record SignInRequest(
    string Email, string Password, string Device, string From, KnownDevice? Known = null, string? Waiting = null);

/// <summary>Why somebody is not signed in. An address nobody has and a wrong password get the same answer, equally slow.</summary>
public enum SignInRefusal
{
    None = 0,
    Unauthenticated = 1,
    TooManyRequests = 2,
}

/// <summary>What is still to be shown, and the token of the sign-in that goes on with it.</summary>
/// <param name="Methods">The ways, the best first.</param>
public sealed record SecondStepAsked(string Token, IReadOnlyList<ProofMethod> Methods);

/// <summary>A session, or what is still to be shown for it; or why nothing was done, and after how long that may be tried again.</summary>
public readonly record struct SignInAnswer(
    OpenedSession? Session, SecondStepAsked? Next = null, SignInRefusal Refusal = SignInRefusal.None, TimeSpan? Wait = null)
{
    public static SignInAnswer Refused(SignInRefusal why, TimeSpan? wait = null) => new(null, null, why, wait);
}

/// <summary>
/// Signs a member in by e-mail address and password: a list of steps, each a function below. Where the member has a second factor the
/// sign-in is not over with it but waits for that (<see cref="SecondStep"/>).
/// </summary>
public sealed class SignIn(
    Database db, MemberProofs proofs, MemberDirectory directory, Guesses guesses, HashLine hashes, SecondFactors factors,
    PendingSignIns pending, OpenMemberSession open, Sessions sessions, ConfirmMail confirm, Outbox outbox, Programme programme,
    TimeProvider clock)
{
    const int MostPassword = 1_000;

    /// <summary>The steps in their order. A step ends the sign-in with an answer, or leaves it to the next one (null).</summary>
    Func<Attempt, CancellationToken, Task<SignInAnswer?>>[] Steps =>
        [CountTheGuess, LookAtThePassword, HashItAsToday, AskForTheSecondFactor, OpenTheSession];

    public async Task<SignInAnswer> Run(SignInRequest request, CancellationToken ct = default)
    {
        var attempt = new Attempt(request);
        foreach (var step in Steps)
            if (await step(attempt, ct) is { } answer)
                return answer;
        // The password was changed while it was looked at, or what was shown before it was used up: what was typed is looked at again,
        // beside the password of now.
        return await Run(request, ct);
    }

    /// <summary>The session of somebody who has just become a member: the first device is no new one.</summary>
    public Task<OpenedSession> Open(Member member, string device, CancellationToken ct = default) =>
        sessions.Open(Subject.Member(member.Id), device, assurance: AssuranceLevel.Password, ct: ct);

    async Task<SignInAnswer?> CountTheGuess(Attempt attempt, CancellationToken ct)
    {
        attempt.Account = EmailAddress.TryParse(attempt.Asked.Email.Trim(), out _, out var key) ? key : attempt.Asked.Email.Trim();
        // An address that nobody has confirmed opens nothing where it can be: else whoever registers with an address would learn here
        // whether it was free.
        var proof = await proofs.FindByEmail(attempt.Account, ct);
        attempt.Proof = proof is { MailConfirmed: false } && confirm.CanSend ? null : proof;
        attempt.Device = attempt.Proof is { } found && attempt.Asked.Known?.Knows(found.Member) is true ? attempt.Asked.Known.Id : null;
        attempt.Guess = await guesses.Begin("password", attempt.Account, attempt.Asked.From, attempt.Device, ct);
        return attempt.Guess.May ? null : SignInAnswer.Refused(SignInRefusal.TooManyRequests, attempt.Guess.Wait);
    }

    async Task<SignInAnswer?> LookAtThePassword(Attempt attempt, CancellationToken ct)
    {
        var isText = attempt.Asked.Password.Length <= MostPassword;
        attempt.Matches = await hashes.Verify(isText ? attempt.Proof?.PasswordHash : null, isText ? attempt.Asked.Password : "",
            attempt.Source, attempt.Device is not null, ct);
        if (attempt.Matches is null)
        {
            await attempt.Guess.Unseen();
            return SignInAnswer.Refused(SignInRefusal.TooManyRequests, HashLine.ComeAgain);
        }
        if (attempt.Matches is PasswordVerdict.Wrong || await directory.Find(attempt.Proof!.Member, ct) is not { } member)
            return SignInAnswer.Refused(SignInRefusal.Unauthenticated);
        attempt.Member = member;
        await attempt.Guess.Right();
        return null;
    }

    async Task<SignInAnswer?> HashItAsToday(Attempt attempt, CancellationToken ct)
    {
        if (attempt.Matches is PasswordVerdict.RightAndOutdated
            && await hashes.Make(attempt.Asked.Password, attempt.Source, ct) is { } stronger)
        {
            (attempt.Proof!.PasswordHash, attempt.Proof.SecurityStamp) = (stronger, Credentials.NewStamp());
            await proofs.Keep(attempt.Proof, ct);
        }
        return null;
    }

    async Task<SignInAnswer?> AskForTheSecondFactor(Attempt attempt, CancellationToken ct)
    {
        var methods = await factors.ToSignIn(attempt.Member.Id, isKnown: attempt.Device is not null, ct);
        // What is asked for was shown before the password was set.
        attempt.Shown = methods.Count > 0 && await pending.Find(attempt.Asked.Waiting, ct) is { Began: SignInStart.NewPassword } found
            && found.Subject == attempt.Member.Id && found.Stamp == attempt.Proof!.SecurityStamp ? found : null;
        if (methods.Count == 0 || attempt.Shown is not null)
            return null;
        var now = clock.Now();
        var token = await db.Transact(async tx => await Holds(tx, attempt) ? await pending.Begin(tx, new PendingSignIn
        {
            Id = Id.New(now),
            Kind = SubjectKind.Member,
            Subject = attempt.Member.Id,
            Began = SignInStart.Password,
            Account = attempt.Account,
            Device = attempt.Asked.Device,
            IsKnown = attempt.Device is not null,
            Stamp = attempt.Proof!.SecurityStamp,
            ExpiresMs = (now + programme.Membership.StepUpLife).ToUnixTimeMilliseconds(),
        }) : null, ct);
        return token is null ? null : new SignInAnswer(null, new SecondStepAsked(token, methods));
    }

    async Task<SignInAnswer?> OpenTheSession(Attempt attempt, CancellationToken ct)
    {
        var session = await db.Transact(async tx => await Holds(tx, attempt) && await MayPass(tx, attempt)
            ? await open.Run(tx, attempt.Member, attempt.Asked.Device, attempt.Device is not null, AssuranceLevel.Password)
            : null, ct);
        outbox.Wake();
        return session is null ? null : new SignInAnswer(session);
    }

    /// <summary>Whether the password is still the one that was looked at.</summary>
    static Task<bool> Holds(DbTransaction tx, Attempt attempt) =>
        Credentials.Holds(tx, attempt.Member.Id, CredentialKind.Password, attempt.Proof!.SecurityStamp);

    /// <summary>What was shown before opens one session: of any number at once one passes, and the others are asked again.</summary>
    async Task<bool> MayPass(DbTransaction tx, Attempt attempt) => attempt.Shown is not { } shown || await pending.End(tx, shown);

    /// <summary>What the steps have found so far.</summary>
    sealed class Attempt(SignInRequest asked)
    {
        public SignInRequest Asked => asked;
        public string Account { get; set; } = "";
        public MemberProof? Proof { get; set; }
        public Member Member { get; set; } = null!;

        /// <summary>The device, where the account has signed in on it before.</summary>
        public Guid? Device { get; set; }
        public Guess Guess { get; set; } = null!;
        public PasswordVerdict? Matches { get; set; }

        /// <summary>The sign-in in which the second thing was shown before the password was set.</summary>
        public PendingSignIn? Shown { get; set; }

        /// <summary>By what hashes wait their turn.</summary>
        public string Source => Device is { } device ? Id.Bare(device) : Asked.From;
    }
}
