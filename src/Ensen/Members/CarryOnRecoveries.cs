using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>
/// Carries recoveries on by the clock: mails each link once its time of waiting is over, and ends what nobody approved or used, and what
/// whoever is signed in has shown to be needless. The time of waiting begins when the mail that warns the member has left: while the mail
/// gateway is down no link goes out.
/// </summary>
public sealed class CarryOnRecoveries(Database db, Outbox outbox, Programme programme, TimeProvider clock)
{
    const int TokenBytes = 32;

    public async Task Run(CancellationToken ct = default)
    {
        IReadOnlyList<Recovery> open;
        await using (var connection = await db.Connect(ct))
            open = await Recoveries.Open(connection);
        foreach (var recovery in open)
            await CarryOn(recovery, clock.Now(), ct);
        await db.Transact(tx => Recoveries.Forget(tx, clock.Now()), ct);
        outbox.Wake();
    }

    async Task CarryOn(Recovery recovery, DateTimeOffset now, CancellationToken ct)
    {
        if (!recovery.IsApproved)
        {
            if (now >= Instant.OfMilliseconds(recovery.ProposedMs) + Recovery.ApprovedWithin)
                await db.Transact(tx => Recoveries.End(tx, recovery.Id, RecoveryEnd.Lapsed, now), ct);
            return;
        }
        if (await Ends(recovery, now, tx => Recoveries.EndIfSignedIn(tx, recovery.Id, now), ct))
            return;
        if (recovery.LinkUntilMs is { } until)
        {
            if (now.ToUnixTimeMilliseconds() >= until)
                await Ends(recovery, now, tx => Recoveries.End(tx, recovery.Id, RecoveryEnd.Lapsed, now), ct);
        }
        else if (now.ToUnixTimeMilliseconds() >= recovery.OpensMs)
        {
            if (await TooSoon(recovery, now, ct) is { } opens)
                await db.Transact(tx => Recoveries.Postpone(tx, recovery.Id, opens), ct);
            else
                await db.Transact(tx => Mail(tx, recovery, now), ct);
        }
    }

    /// <summary>Where it ends by that, the member is told in the same transaction: they were told that it had begun.</summary>
    Task<bool> Ends(Recovery recovery, DateTimeOffset now, Func<DbTransaction, Task<bool>> end, CancellationToken ct) =>
        db.Transact(async tx =>
        {
            if (!await end(tx))
                return false;
            await StopRecovery.Tell(tx, recovery.Member, outbox, now);
            return true;
        }, ct);

    /// <summary>When the link may go out, where the member has not been warned for as long as it takes; null when it may now.</summary>
    async Task<DateTimeOffset?> TooSoon(Recovery recovery, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var warned = await Outbox.EndOf(connection, recovery.Warning!.Value);
        var opens = (warned.Waits ? now : warned.Ended ?? DateTimeOffset.UnixEpoch) + recovery.Wait(programme.Membership);
        return opens > now ? opens : null;
    }

    async Task Mail(DbTransaction tx, Recovery recovery, DateTimeOffset now)
    {
        var until = now.AddHours(programme.Membership.RecoveryLinkHours);
        var member = await MemberDirectory.Read(tx.Connection!, recovery.Member, tx);
        if (member is null || Notice.Of(NoticeKind.RecoveryLink, member, at: until) is not { } notice)
        {
            await Recoveries.End(tx, recovery.Id, RecoveryEnd.Lapsed, now);
            return;
        }
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        if (await Recoveries.Mail(tx, recovery.Id, AskPasswordReset.Hash(token), now, until))
            await (notice with { Token = token }).Add(outbox, tx, Id.New(now));
    }
}
