using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Access;

/// <summary>
/// The rows of sign-ins that wait for their next step. A token is 128 random bits, written as the id of a challenge, and is good for some
/// minutes; the database knows its SHA-256.
/// </summary>
public sealed class PendingSignIns(Database db, TimeProvider clock)
{
    /// <summary>Writes one, in the transaction of its first step, and returns its token, which is nowhere else.</summary>
    internal async Task<string> Begin(DbTransaction tx, PendingSignIn pending)
    {
        var token = Id.Format(ChallengeId.Prefix, new Guid(RandomNumberGenerator.GetBytes(16)));
        await tx.Connection!.ExecuteAsync(
            """
            insert into pending_sign_in (id, token_hash, kind, subject, began, account, device, is_known, stamp, cause, created_ms, expires_ms,
              proven_ms)
            values (@Id, @hash, @Kind, @Subject, @Began, @Account, @device, @IsKnown, @Stamp, @Cause, @Now, @ExpiresMs, @ProvenMs)
            """,
            new
            {
                pending.Id,
                hash = TokenHash.Of(token).ToArray(),
                pending.Kind,
                pending.Subject,
                pending.Began,
                pending.Account,
                device = pending.Device.Length > 100 ? pending.Device[..100] : pending.Device,
                pending.IsKnown,
                pending.Stamp,
                pending.Cause,
                Now,
                pending.ExpiresMs,
                pending.ProvenMs,
            }, tx);
        return token;
    }

    /// <summary>The one of this token; null when there is none, or it has ended, or is too old.</summary>
    public async Task<PendingSignIn?> Find(string? token, CancellationToken ct = default)
    {
        if (!Id.TryParse(token, out ChallengeId _))
            return null;
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<PendingSignIn?>(
            """
            select id, kind, subject, began, account, device, is_known as IsKnown, stamp, cause, expires_ms as ExpiresMs, proven_ms as ProvenMs
            from pending_sign_in
            where token_hash = @hash and ended_ms is null and expires_ms > @Now
            """,
            new { hash = TokenHash.Of(token).ToArray(), Now });
    }

    /// <summary>The second thing was shown. False when the sign-in is over.</summary>
    internal async Task<bool> Prove(DbTransaction tx, PendingSignIn pending) => await tx.Connection!.ExecuteAsync(
        "update pending_sign_in set proven_ms = @Now where id = @Id and ended_ms is null and expires_ms > @Now",
        new { pending.Id, Now }, tx) == 1;

    /// <summary>It does what it was for: of any number at once one does.</summary>
    internal async Task<bool> End(DbTransaction tx, PendingSignIn pending) => await tx.Connection!.ExecuteAsync(
        "update pending_sign_in set ended_ms = @Now where id = @Id and ended_ms is null and expires_ms > @Now",
        new { pending.Id, Now }, tx) == 1;

    /// <summary>
    /// The password that the sign-in set is all that is left to type, for some minutes. False when the sign-in is over.
    /// </summary>
    /// <param name="stamp">Of that password: with any other the sign-in is worth nothing.</param>
    internal async Task<bool> AwaitPassword(DbTransaction tx, PendingSignIn pending, string stamp, TimeSpan life) =>
        await tx.Connection!.ExecuteAsync(
            """
            update pending_sign_in
            set began = @began, stamp = @stamp, cause = null, expires_ms = @until
            where id = @Id and ended_ms is null and expires_ms > @Now
            """,
            new { pending.Id, began = SignInStart.NewPassword, stamp, until = Now + (long)life.TotalMilliseconds, Now }, tx) == 1;

    /// <summary>Nobody goes on with any of the subject's: the password that they began with is another now.</summary>
    /// <param name="except">The sign-in that made it another.</param>
    internal Task EndAll(DbTransaction tx, Subject subject, Guid? except = null) => tx.Connection!.ExecuteAsync(
        "update pending_sign_in set ended_ms = @Now where subject = @Id and kind = @Kind and id <> @keep and ended_ms is null",
        new { subject.Id, subject.Kind, keep = except ?? Guid.Empty, Now }, tx);

    /// <summary>Forgets those that nobody can go on with any more. Run now and then.</summary>
    public Task<int> Tidy(CancellationToken ct = default)
    {
        var old = clock.GetUtcNow().AddDays(-2).ToUnixTimeMilliseconds();
        return db.Transact(tx => tx.Connection!.ExecuteAsync("delete from pending_sign_in where expires_ms < @old", new { old }, tx), ct);
    }

    long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
