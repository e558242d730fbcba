using System.Data.Common;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>It was stopped.</summary>
public sealed record RecoveryStopped(MemberId Member);

/// <summary>Why nothing is stopped.</summary>
public enum StopRecoveryRefusal
{
    None = 0,

    /// <summary>The link is none, or the recovery it is of has ended; or the member has none under way.</summary>
    Lapsed = 1,
}

/// <summary>
/// A member who has lost nothing stops a way back that others opened in their name: by the link of the mail, without signing in, or on any
/// device that is signed in. It needs no proof: stopping takes nothing away, and operators can begin anew.
/// </summary>
public sealed class StopRecovery(Database db, Outbox outbox, TimeProvider clock)
{
    public async Task<Answer<RecoveryStopped, StopRecoveryRefusal>> ByLink(string? token, CancellationToken ct = default)
    {
        if (token is not { Length: > 0 and <= 200 })
            return StopRecoveryRefusal.Lapsed;
        Recovery? found;
        await using (var connection = await db.Connect(ct))
            found = await Recoveries.ByStopLink(connection, AskPasswordReset.Hash(token));
        return await Stop(found, ct);
    }

    /// <summary>What is under way and the member was told of; null when nothing is.</summary>
    public async Task<Recovery?> Find(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Recoveries.OpenOf(connection, member) is { IsApproved: true } open ? open : null;
    }

    public async Task<Answer<RecoveryStopped, StopRecoveryRefusal>> ByMember(MemberId member, CancellationToken ct = default) =>
        await Stop(await Find(member, ct), ct);

    /// <summary>Tells the member that it is over, in the transaction that ended it.</summary>
    internal static async Task Tell(DbTransaction tx, MemberId id, Outbox outbox, DateTimeOffset now)
    {
        if (await MemberDirectory.Read(tx.Connection!, id, tx) is { } member
            && Notice.Of(NoticeKind.RecoveryEnded, member, at: now) is { } notice)
            await notice.Add(outbox, tx, Id.New(now));
    }

    /// <summary>
    /// Ends the member's, if one was approved, in the transaction of something that nobody does who has lost everything: with the second
    /// factor, in a session, by the link of a mail that a session asked for.
    /// </summary>
    internal static async Task OfWhoIsThere(DbTransaction tx, MemberId member, Outbox outbox, DateTimeOffset now)
    {
        if (await Recoveries.EndOf(tx, member, RecoveryEnd.SignedIn, now))
            await Tell(tx, member, outbox, now);
    }

    async Task<Answer<RecoveryStopped, StopRecoveryRefusal>> Stop(Recovery? found, CancellationToken ct)
    {
        if (found is null)
            return StopRecoveryRefusal.Lapsed;
        var now = clock.Now();
        var stopped = await db.Transact(async tx =>
        {
            if (!await Recoveries.End(tx, found.Id, RecoveryEnd.Stopped, now))
                return false;
            await Tell(tx, found.Member, outbox, now);
            return true;
        }, ct);
        outbox.Wake();
        return stopped ? new RecoveryStopped(found.Member) : StopRecoveryRefusal.Lapsed;
    }
}
