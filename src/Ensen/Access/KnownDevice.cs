using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Access;

/// <summary>
/// A device on which the owners (members, stores of tills) have signed in before, by what it keeps for long. Guesses made elsewhere do
/// not take its tries: somebody who guesses at an account does not keep its owner out.
/// </summary>
public sealed record KnownDevice(Guid Id, IReadOnlyList<Guid> Owners)
{
    public bool Knows(Guid owner) => Owners.Contains(owner);
}

/// <summary>
/// Who has signed in on which device. What a device keeps says which it is and nothing more, so that a device that is thrown out is a new
/// one when somebody signs in on it again: whoever has found it asks for more than a password, and the owner is told.
/// </summary>
public sealed class DeviceOwners(Database db, TimeProvider clock)
{
    /// <summary>So many of a device's owners are known, the last seen first.</summary>
    const int Most = 20;

    /// <summary>After so long without a sign-in a device is a new one.</summary>
    public static TimeSpan Kept { get; } = TimeSpan.FromDays(400);

    public async Task<IReadOnlyList<Guid>> Of(Guid device, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<Guid>(
            """
            select owner
            from known_device
            where device = @device and seen_ms > @from
            order by seen_ms desc
            limit @Most
            """,
            new { device, from = (clock.GetUtcNow() - Kept).ToUnixTimeMilliseconds(), Most })).AsList();
    }

    /// <summary>Somebody has signed in there; not where the session was ended meanwhile.</summary>
    public Task Add(Guid device, Guid owner, SessionId session, CancellationToken ct = default) =>
        db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            insert into known_device (device, owner, session, seen_ms)
            select @device, @owner, @session, @now
            where exists (select 1 from session where id = @session and ended_ms is null)
            on conflict (device, owner) do update set session = excluded.session, seen_ms = excluded.seen_ms
            """,
            new { device, owner, session, now = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx), ct);

    /// <summary>Forgets devices on which nobody has signed in for long. Run now and then.</summary>
    public Task<int> Tidy(CancellationToken ct = default)
    {
        var old = (clock.GetUtcNow() - Kept).ToUnixTimeMilliseconds();
        return db.Transact(tx => tx.Connection!.ExecuteAsync("delete from known_device where seen_ms < @old", new { old }, tx), ct);
    }

    /// <summary>The device of a session is known no more.</summary>
    internal static Task Forget(DbTransaction tx, SessionId session) =>
        tx.Connection!.ExecuteAsync("delete from known_device where session = @session", new { session }, tx);

    /// <summary>None of the subject's is, but that of the session that stays.</summary>
    internal static Task ForgetAll(DbTransaction tx, Subject subject, Guid keep) => tx.Connection!.ExecuteAsync(
        """
        delete from known_device
        where session <> @keep
          and (owner = @Id or session in (select id from session where subject = @Id and kind = @Kind))
        """, new { subject.Id, subject.Kind, keep }, tx);
}
