using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Identity;

/// <summary>
/// How a verification ends, whoever ends it: a gateway's report, two persons, the time. It ends once; with it the member's level changes,
/// and the member is told by mail.
/// </summary>
public sealed class EndVerification(Database db, MemberKeys keys, MemberDirectory members, Outbox outbox, Programme programme,
    TimeProvider clock)
{
    /// <summary>
    /// The member is who they say. Verified before as somebody born on another day, it is not: then it is rejected. False when it had
    /// ended.
    /// </summary>
    /// <param name="validUntil">The last day of a document that has one.</param>
    internal async Task<bool> Accept(DbTransaction tx, Verification found, JapanDay? validUntil)
    {
        var connection = tx.Connection!;
        var today = JapanDay.Of(clock.GetUtcNow());
        var details = await PersonalDetails.Read(
            connection, keys, found.Member, found.Id, await Verifications.Details(connection, found.Id, tx), tx);
        var before = await VerifiedIdentity.Read(connection, keys, found.Member, tx);
        if (details is null || before is not null && before.BornOn != details.BornOn)
            return await Close(tx, found, VerificationState.Rejected, Verification.Reasons.DifferentPerson);
        var recheck = new JapanDay(today.Date.AddMonths(programme.Identity.RecheckMonths));
        if (validUntil is { } last && last < recheck)
            recheck = last;
        if (!await End(tx, found, VerificationState.Accepted, null, recheck))
            return false;
        var adult = details.AdultOn(programme.Identity);
        await connection.ExecuteAsync("update member set verified = @yes, adult_on = @adultOn where id = @Member",
            new { found.Member, yes = true, adultOn = adult > today ? adult.ToString() : null }, tx);
        await members.Changing(tx, found.Member);
        await Tell(tx, found.Member, NoticeKind.IdentityVerified);
        return true;
    }

    /// <summary>It did not come to that. False when it had ended.</summary>
    internal async Task<bool> Close(DbTransaction tx, Verification found, VerificationState state, string reason)
    {
        if (!await End(tx, found, state, reason, null))
            return false;
        await Tell(tx, found.Member, state == VerificationState.Rejected ? NoticeKind.IdentityRejected : NoticeKind.IdentityLapsed);
        return true;
    }

    /// <summary>An accepted one counts no more from now on: the member is where they were before it.</summary>
    internal async Task<bool> Recheck(DbTransaction tx, Verification found)
    {
        if (await tx.Connection!.ExecuteAsync(
            "update verification set state = @lapsed, reason = @reason where id = @Id and state = @accepted",
            new
            {
                found.Id,
                lapsed = VerificationState.Lapsed,
                reason = Verification.Reasons.RecheckDue,
                accepted = VerificationState.Accepted,
            }, tx) == 0)
            return false;
        if (await Verifications.InForce(tx.Connection!, found.Member, tx) is not null)
            return true;
        await tx.Connection!.ExecuteAsync("update member set verified = @no, adult_on = null where id = @Member", new { found.Member, no = false }, tx);
        await members.Changing(tx, found.Member);
        await Tell(tx, found.Member, NoticeKind.IdentityDue);
        return true;
    }

    /// <summary>Its time is over: in a transaction of its own, as the job does it.</summary>
    internal Task<bool> Lapse(Verification found, string reason) =>
        Alone(found, tx => Close(tx, found, VerificationState.Lapsed, reason));

    /// <summary>Its re-check is due.</summary>
    internal Task<bool> Due(Verification found) => Alone(found, tx => Recheck(tx, found));

    /// <summary>Its re-check is near: the member is told, once.</summary>
    internal Task<bool> TellSoon(Verification found) => Alone(found, async tx =>
    {
        var now = clock.Now();
        if (await tx.Connection!.ExecuteAsync(
            "update verification set recheck_told_ms = @now where id = @Id and recheck_told_ms is null",
            new { found.Id, now = now.ToUnixTimeMilliseconds() }, tx) == 0)
            return false;
        await Tell(tx, found.Member, NoticeKind.IdentityRecheck, JapanDay.Parse(found.RecheckOn!).Start);
        return true;
    });

    async Task<bool> Alone(Verification found, Func<DbTransaction, Task<bool>> act)
    {
        var done = await db.Transact(act);
        if (done)
            Ended(found.Member);
        return done;
    }

    /// <summary>After the commit: this node sees it at once, and what is to be told is told.</summary>
    internal void Ended(MemberId member)
    {
        members.Changed(member);
        outbox.Wake();
    }

    internal async Task Tell(DbTransaction tx, MemberId id, NoticeKind what, DateTimeOffset? at = null)
    {
        var now = clock.Now();
        if (await MemberDirectory.Read(tx.Connection!, id, tx) is { } member && Notice.Of(what, member, at: at ?? now) is { } notice)
            await notice.Add(outbox, tx, Id.New(now));
    }

    async Task<bool> End(DbTransaction tx, Verification found, VerificationState state, string? reason, JapanDay? recheckOn) =>
        await tx.Connection!.ExecuteAsync(
            """
            update verification
            set state = @state, reason = @reason, ended_ms = @now, recheck_on = @recheck
            where id = @Id and state = @was
            """,
            new
            {
                found.Id,
                state,
                reason,
                now = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                recheck = recheckOn?.ToString(),
                was = found.State,
            }, tx) == 1;
}
