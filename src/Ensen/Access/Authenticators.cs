using System.Data.Common;
using Dapper;

namespace Ensen.Access;

/// <summary>
/// The rows of authenticator apps: of each subject one at most, its secret protected, with the step of the last code taken.
/// </summary>
public sealed class Authenticators(ISecretProtection protection)
{
    /// <summary>What a code is compared with where there is no authenticator; never right.</summary>
    readonly Lazy<byte[]> _nobodys = new(() => protection.Protect(Totp.NewSecret()));

    public static async Task<bool> Has(DbConnection connection, Guid owner, DbTransaction? tx = null) =>
        await connection.ExecuteScalarAsync<int?>("select 1 from authenticator where owner = @owner", new { owner }, tx) is not null;

    /// <summary>Sets it, in place of another. The code that showed it is used up.</summary>
    public Task Set(DbTransaction tx, Guid owner, byte[] secret, long step, DateTimeOffset now) => tx.Connection!.ExecuteAsync(
        """
        insert into authenticator (owner, protected_secret, step, set_ms)
        values (@owner, @secret, @step, @at)
        on conflict (owner) do update
        set protected_secret = excluded.protected_secret, step = excluded.step, set_ms = excluded.set_ms
        """,
        new { owner, secret = protection.Protect(secret), step, at = now.ToUnixTimeMilliseconds() }, tx);

    /// <summary>False when there was none.</summary>
    public static async Task<bool> Remove(DbTransaction tx, Guid owner) =>
        await tx.Connection!.ExecuteAsync("delete from authenticator where owner = @owner", new { owner }, tx) == 1;

    /// <summary>Removes one that was set since an instant: a stolen session may have.</summary>
    internal static Task<int> RemoveSince(DbTransaction tx, Guid owner, DateTimeOffset since) => tx.Connection!.ExecuteAsync(
        "delete from authenticator where owner = @owner and set_ms >= @from", new { owner, from = since.ToUnixTimeMilliseconds() }, tx);

    /// <summary>
    /// The step of time that a typed code is of, for whoever uses it up then (<see cref="UseUp"/>); null when it is wrong. Nobody, and
    /// somebody without an authenticator, take the same work.
    /// </summary>
    public async Task<long?> StepOf(DbConnection connection, Guid owner, string? typed, DateTimeOffset now)
    {
        var (secret, used) = await connection.QuerySingleOrDefaultAsync<(byte[]? Secret, long Used)>(
            "select protected_secret, step from authenticator where owner = @owner", new { owner });
        var step = protection.Unprotect(secret ?? _nobodys.Value) is { } clear ? Totp.StepOf(clear, typed, now, used) : null;
        return secret is null ? null : step;
    }

    /// <summary>A code is used up, and those before it. False for the second of two at once, and where the authenticator is gone.</summary>
    internal static async Task<bool> UseUp(DbTransaction tx, Guid owner, long step) => await tx.Connection!.ExecuteAsync(
        "update authenticator set step = @step where owner = @owner and step < @step", new { owner, step }, tx) == 1;

    /// <summary>
    /// Whether a code is right now; it is used up by that, and so are those before it. Of a code at two places one is taken.
    /// </summary>
    public async Task<bool> Take(DbTransaction tx, Guid owner, string typed, DateTimeOffset now)
    {
        var (secret, used) = await tx.Connection!.QuerySingleOrDefaultAsync<(byte[]? Secret, long Used)>(
            "select protected_secret, step from authenticator where owner = @owner", new { owner }, tx);
        return secret is not null && protection.Unprotect(secret) is { } clear && Totp.StepOf(clear, typed, now, used) is { } step
            && await UseUp(tx, owner, step);
    }
}
