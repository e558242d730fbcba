using System.Data.Common;
using System.Security.Cryptography;
using Dapper;

namespace Ensen.Access;

/// <summary>What somebody proves who they are by; of each an owner has one at most.</summary>
public enum CredentialKind
{
    /// <summary>A member's own.</summary>
    Password = 1,

    /// <summary>A store's, typed to sign its tills in.</summary>
    TillPin = 2,

    /// <summary>A store's, typed to refund.</summary>
    RefundPin = 3,

    /// <summary>Of one of a merchant's staff, typed at a till.</summary>
    ClerkPin = 4,
}

/// <summary>The rows of credentials: hashes (<see cref="PasswordHash"/>), each with a stamp that changes whenever its hash does.</summary>
public static class Credentials
{
    /// <summary>The hash; null when the owner has no such credential.</summary>
    public static Task<string?> FindHash(DbConnection connection, Guid owner, CredentialKind kind) =>
        connection.QuerySingleOrDefaultAsync<string?>("select hash from credential where owner = @owner and kind = @kind",
            new { owner, kind });

    /// <summary>Sets or changes a credential, whatever it was before, and returns its stamp.</summary>
    public static async Task<string> Set(DbTransaction tx, Guid owner, CredentialKind kind, string hash, DateTimeOffset now)
    {
        var stamp = NewStamp();
        await tx.Connection!.ExecuteAsync(
            """
            insert into credential (owner, kind, hash, stamp, set_ms)
            values (@owner, @kind, @hash, @stamp, @at)
            on conflict (owner, kind) do update set hash = excluded.hash, stamp = excluded.stamp, set_ms = excluded.set_ms
            """,
            new { owner, kind, hash, stamp, at = now.ToUnixTimeMilliseconds() }, tx);
        return stamp;
    }

    /// <summary>
    /// Changes a credential whose stamp is still the one that was read (empty: there was none). False when somebody changed it first.
    /// </summary>
    public static async Task<bool> Keep(
        DbTransaction tx, Guid owner, CredentialKind kind, string hash, string stamp, string stampRead, DateTimeOffset now) =>
        await tx.Connection!.ExecuteAsync(
            """
            insert into credential (owner, kind, hash, stamp, set_ms)
            values (@owner, @kind, @hash, @stamp, @at)
            on conflict (owner, kind) do update set hash = excluded.hash, stamp = excluded.stamp, set_ms = excluded.set_ms
            where credential.stamp = @stampRead
            """,
            new { owner, kind, hash, stamp, stampRead, at = now.ToUnixTimeMilliseconds() }, tx) == 1;

    /// <summary>
    /// Whether the stamp is still the one that was read, held until the transaction ends: whoever changes the credential beside it waits.
    /// </summary>
    public static async Task<bool> Holds(DbTransaction tx, Guid owner, CredentialKind kind, string stampRead) =>
        await tx.Connection!.ExecuteAsync(
            "update credential set stamp = stamp where owner = @owner and kind = @kind and stamp = @stampRead",
            new { owner, kind, stampRead }, tx) == 1;

    internal static string NewStamp() => Convert.ToHexString(RandomNumberGenerator.GetBytes(20));
}
