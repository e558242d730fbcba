using System.Buffers.Text;
using System.Security.Cryptography;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Operations;

/// <summary>Another person approves a recovery.</summary>
/// <param name="BornOn">The day of birth on the papers as this person has seen them, of a verified member.</param>
public sealed record ApproveRecoveryRequest(RecoveryId Recovery, ActingOperator By, string? BornOn = null);

/// <summary>Why a recovery is not approved, in the order it is checked.</summary>
public enum ApproveRecoveryRefusal
{
    None = 0,

    /// <summary>There is no such recovery, or the member has left.</summary>
    NotFound = 1,

    /// <summary>The second person is the first, by whichever account.</summary>
    SamePerson = 2,

    /// <summary>It was approved, or has ended.</summary>
    Lapsed = 3,

    /// <summary>The member cannot be told any more, or cannot call.</summary>
    NotAvailable = 4,

    /// <summary>The address can still be taken back, or the telephone is another since a short while ago.</summary>
    Held = 5,

    /// <summary>The day of birth is not that of the verified papers.</summary>
    DifferentPerson = 6,

    /// <summary>Whoever approves may not.</summary>
    Forbidden = 7,

    /// <summary>Too many wrong days of birth were typed for this member.</summary>
    TooManyRequests = 8,
}

/// <summary>
/// The second of two people: approves the way back of a member who has lost everything. The member is told at once, by mail and on every
/// device that is signed in, and can stop it; after the time of waiting the link is mailed (<see cref="CarryOnRecoveries"/>).
/// </summary>
public sealed class ApproveRecovery(
    Database db, Operators operators, OperatorLog log, RecoveryChecks checks, Outbox outbox, Programme programme, TimeProvider clock)
{
    const int TokenBytes = 32;

    public async Task<Answer<Recovery, ApproveRecoveryRefusal>> Run(ApproveRecoveryRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Security, ct) is not { } by)
            return ApproveRecoveryRefusal.Forbidden;
        var found = await Find(request.Recovery, ct);
        if (Decide(found, by.Person, facts: null) is not ApproveRecoveryRefusal.None and var early)
            return early;
        if (await checks.Of(found!.Member, request.BornOn, found.Telephone, ct) is not { } facts)
            return ApproveRecoveryRefusal.TooManyRequests;
        var refusal = await db.Transact(async tx =>
        {
            found = await Recoveries.Find(tx.Connection!, request.Recovery, tx);
            var member = found is null ? null : await MemberDirectory.Read(tx.Connection!, found.Member, tx);
            if (Decide(found, by.Person, facts) is not ApproveRecoveryRefusal.None and var decided)
                return decided;
            var (now, token) = (clock.Now(), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes)));
            var (warning, opens) = (Id.New(now), now + found!.Wait(programme.Membership));
            if (member is null || Notice.Of(NoticeKind.RecoveryBegun, member, at: opens) is not { } notice)
                return ApproveRecoveryRefusal.NotAvailable;
            if (!await Recoveries.Approve(
                tx, found.Id, FourEyes.Kept(by.Person), warning, AskPasswordReset.Hash(token), now, opens))
                return ApproveRecoveryRefusal.Lapsed;
            await (notice with { Token = token }).Add(outbox, tx, warning);
            await log.Append(tx, OperatorAct.ApprovedRecovery, by, request.By, found.Member.ToString(), null, found.Id.ToString());
            return ApproveRecoveryRefusal.None;
        }, ct);
        outbox.Wake();
        return refusal == ApproveRecoveryRefusal.None ? (await Find(request.Recovery, ct))! : refusal;
    }

    /// <summary>All that are under way, the oldest first.</summary>
    public async Task<IReadOnlyList<Recovery>> Open(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Recoveries.Open(connection);
    }

    /// <summary>How many wait for a second person.</summary>
    public async Task<int> CountWaiting(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Recoveries.CountWaiting(connection);
    }

    /// <param name="found">The recovery; null when there is none.</param>
    /// <param name="facts">Null while only the recovery is looked at.</param>
    internal static ApproveRecoveryRefusal Decide(Recovery? found, PersonId by, RecoveryFacts? facts)
    {
        if (found is null || facts is { IsThere: false }) return ApproveRecoveryRefusal.NotFound;
        if (!FourEyes.AreTwo(found.ProposedBy, by)) return ApproveRecoveryRefusal.SamePerson;
        if (!found.IsOpen || found.IsApproved) return ApproveRecoveryRefusal.Lapsed;
        if (facts is not { } so) return ApproveRecoveryRefusal.None;
        if (!so.CanBeTold || !so.CanCall || found.Telephone is not null && so.Papers == PapersSay.Nothing)
            return ApproveRecoveryRefusal.NotAvailable;
        if (so.IsChanging) return ApproveRecoveryRefusal.Held;
        return so.Papers == PapersSay.DifferentPerson ? ApproveRecoveryRefusal.DifferentPerson : ApproveRecoveryRefusal.None;
    }

    async Task<Recovery?> Find(RecoveryId id, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await Recoveries.Find(connection, id);
    }
}
