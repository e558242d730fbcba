using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;
using Microsoft.AspNetCore.Identity;

namespace Ensen.Access;

/// <summary>
/// A session's person proves again that it is they, before something that a thief of the session wants: their caps raised, their wallet
/// thawed. On a page that counts for the session and for some minutes (<see cref="Prove"/>); a program answers a challenge of one purpose
/// and uses it once. Guesses are counted with those of signing in.
/// </summary>
public sealed class StepUp(Database db, Guesses guesses, HashLine hashes, Programme programme, TimeProvider clock)
{
    const int MostPassword = 1_000;

    /// <summary>After this long, whoever was told "too many" may try again.</summary>
    public static TimeSpan ComeAgain => HashLine.ComeAgain;

    /// <summary>Asks for a proof.</summary>
    public async Task<Challenge> Begin(Caller caller, StepUpPurpose purpose, ProofMethod method, CancellationToken ct = default)
    {
        var now = clock.Now();
        var (id, until) = (Id.New<ChallengeId>(now), now + programme.Membership.StepUpLife);
        await db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            insert into challenge (id, session, purpose, method, created_ms, expires_ms)
            values (@id, @Session, @Name, @method, @now, @until)
            """,
            new { id, caller.Session, purpose.Name, method, now = now.ToUnixTimeMilliseconds(), until = until.ToUnixTimeMilliseconds() },
            tx), ct);
        return new Challenge(id, ChallengeState.Pending, until);
    }

    /// <summary>How a challenge of this session stands; null when there is none.</summary>
    public async Task<Challenge?> Find(Caller caller, ChallengeId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QuerySingleOrDefaultAsync<Row?>(
            "select id, expires_ms, failed_ms, passed_ms from challenge where id = @id and session = @Session",
            new { id, caller.Session }))?.At(clock.Now());
    }

    /// <summary>Answers a challenge by password. It has one answer, whether that is right or wrong; later ones are not looked at.</summary>
    public async Task<Answer<Challenge, StepUpRefusal>> Answer(Caller caller, ChallengeId id, TypedPassword typed,
        CancellationToken ct = default)
    {
        if (await Find(caller, id, ct) is not { } found)
            return StepUpRefusal.NotFound;
        if (found.State != ChallengeState.Pending || !await Claim(id, ct))
            return await Find(caller, id, ct) is { } answered ? answered : StepUpRefusal.NotFound;
        if (await IsRight(caller, typed, ct) is not { } right)
        {
            await Write("answered_ms = null", id, ct);
            return StepUpRefusal.TooManyRequests;
        }
        await Write(right ? "passed_ms = @now, expires_ms = @until" : "failed_ms = @now", id, ct);
        return await Find(caller, id, ct) is { } after ? after : StepUpRefusal.NotFound;
    }

    /// <summary>The session's person proves by password who they are: true, false, or null when it was not looked at.</summary>
    public async Task<bool?> Prove(Caller caller, TypedPassword typed, CancellationToken ct = default)
    {
        var right = await IsRight(caller, typed, ct);
        if (right is true)
            await db.Transact(tx => Mark(tx, caller), ct);
        return right;
    }

    /// <summary>Whether the session's person has proven it on a page, a moment ago.</summary>
    public async Task<bool> IsProven(Caller caller, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await IsProven(connection, caller, null);
    }

    /// <summary>
    /// Whether the proof stands, in the transaction that needs it. A challenge is used up by it, with that transaction or not at all: it
    /// must be of this session and purpose, passed, and unused.
    /// </summary>
    public async Task<bool> Take(DbTransaction tx, StepUpProof proof, StepUpPurpose purpose) =>
        await IsProven(tx.Connection!, proof.Caller, tx)
        || proof.Challenge is { } challenge && await tx.Connection!.ExecuteAsync(
            """
            update challenge
            set used_ms = @now
            where id = @challenge and session = @Session and purpose = @Name
              and passed_ms is not null and used_ms is null and expires_ms > @now
            """,
            new { challenge, proof.Caller.Session, purpose.Name, now = Now }, tx) == 1;

    /// <summary>
    /// Proofs and challenges of all the subject's sessions are worth nothing from now on: whoever locks a door takes the open keys back.
    /// </summary>
    public Task Void(Subject subject, CancellationToken ct = default) => db.Transact(async tx =>
    {
        await tx.Connection!.ExecuteAsync(
            """
            update challenge
            set expires_ms = @now
            where expires_ms > @now and session in (select id from session where subject = @Id and kind = @Kind)
            """, new { subject.Id, subject.Kind, now = Now }, tx);
        return await tx.Connection!.ExecuteAsync(
            "update session set proven_ms = null where subject = @Id and kind = @Kind and proven_ms is not null",
            new { subject.Id, subject.Kind }, tx);
    }, ct);

    /// <summary>Forgets challenges that nobody can use any more. Run now and then.</summary>
    public Task<int> Tidy(CancellationToken ct = default)
    {
        var old = clock.GetUtcNow().AddDays(-2).ToUnixTimeMilliseconds();
        return db.Transact(tx => tx.Connection!.ExecuteAsync("delete from challenge where created_ms < @old", new { old }, tx), ct);
    }

    /// <summary>The session's person has proven who they are, now.</summary>
    internal Task Mark(DbTransaction tx, Caller caller) => tx.Connection!.ExecuteAsync(
        "update session set proven_ms = @now where subject = @Id and kind = @Kind and id = @Session and ended_ms is null",
        new { caller.Subject.Id, caller.Subject.Kind, caller.Session, now = Now }, tx);

    long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    async Task<bool?> IsRight(Caller caller, TypedPassword typed, CancellationToken ct)
    {
        var guess = await guesses.Begin("password", typed.Account, typed.From, typed.Device, ct);
        if (!guess.May)
            return null;
        string? hash;
        await using (var connection = await db.Connect(ct))
            hash = await Credentials.FindHash(connection, caller.Subject.Id, CredentialKind.Password);
        var isText = typed.Text.Length <= MostPassword;
        var source = typed.Device is { } device ? Id.Bare(device) : typed.From;
        var matches = await hashes.Verify(isText ? hash : null, isText ? typed.Text : "", source, typed.Device is not null, ct);
        if (matches is null)
        {
            await guess.Unseen();
            return null;
        }
        if (matches is PasswordVerificationResult.Failed)
            return false;
        await guess.Right();
        return true;
    }

    /// <summary>Of a hundred answers at once one is looked at.</summary>
    async Task<bool> Claim(ChallengeId id, CancellationToken ct) => await db.Transact(tx => tx.Connection!.ExecuteAsync(
        "update challenge set answered_ms = @Now where id = @id and answered_ms is null and expires_ms > @Now",
        new { id, Now }, tx), ct) == 1;

    Task Write(string what, ChallengeId id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var until = (now + programme.Membership.StepUpLife).ToUnixTimeMilliseconds();
        return db.Transact(tx => tx.Connection!.ExecuteAsync(
            $"update challenge set {what} where id = @id", new { id, now = now.ToUnixTimeMilliseconds(), until }, tx), ct);
    }

    async Task<bool> IsProven(DbConnection connection, Caller caller, DbTransaction? tx)
    {
        var since = (clock.GetUtcNow() - programme.Membership.StepUpLife).ToUnixTimeMilliseconds();
        return await connection.ExecuteScalarAsync<int?>(
            """
            select 1
            from session
            where subject = @Id and kind = @Kind and id = @Session and ended_ms is null and proven_ms > @since
            """,
            new { caller.Subject.Id, caller.Subject.Kind, caller.Session, since }, tx) is not null;
    }

    sealed record Row(ChallengeId Id, long ExpiresMs, long? FailedMs, long? PassedMs)
    {
        public Challenge At(DateTimeOffset now)
        {
            var until = Instant.OfMilliseconds(ExpiresMs);
            return new Challenge(Id,
                FailedMs is not null ? ChallengeState.Failed
                    : until <= now ? ChallengeState.Lapsed
                    : PassedMs is null ? ChallengeState.Pending
                    : ChallengeState.Passed,
                until);
        }
    }
}
