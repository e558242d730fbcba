using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Operations;

/// <summary>A device of a member's that shall be signed out, or a passkey that shall open nothing any more: one of the two.</summary>
public sealed record ThrowOutRequest(MemberId Member, SessionId? Device, PasskeyId? Passkey, string Reason, ActingOperator By);

/// <summary>It is gone.</summary>
public sealed record ThrownOut(MemberId Member);

/// <summary>Why it stays, in the order it is checked.</summary>
public enum ThrowOutRefusal
{
    None = 0,

    /// <summary>The reason is missing or longer than a line of 200 characters, or it is not one thing that shall go.</summary>
    InvalidRequest = 1,

    /// <summary>The member has no such device or passkey, or not any more.</summary>
    NotFound = 2,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 3,
}

/// <summary>
/// An operator throws one of a member's devices or passkeys out: at once, recorded with the reason, and the member is told by mail. What
/// the member signs in with otherwise stays as it is, and low caps end that the device alone had brought on.
/// </summary>
public sealed class ThrowOut(
    Database db, Operators operators, OperatorLog log, Sessions sessions, LowCaps lowCaps, MemberDirectory members, Outbox outbox,
    TimeProvider clock)
{
    public async Task<Answer<ThrownOut, ThrowOutRefusal>> Run(ThrowOutRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Security, ct) is not { } by)
            return ThrowOutRefusal.Forbidden;
        if (Decide(request, isThere: true) is not ThrowOutRefusal.None and var invalid)
            return invalid;
        var member = await members.Find(request.Member, ct);
        var subject = Subject.Member(request.Member);
        EndedSessions? ended = null;
        var refusal = await db.Transact(async tx =>
        {
            await SpendingLimits.TakeTurn(tx, request.Member);
            var passkey = request.Passkey is { } key
                ? (await Passkeys.Of(tx.Connection!, subject, tx)).FirstOrDefault(p => p.Id == key) : null;
            var device = request.Device is { } session
                ? await Sessions.DeviceOf(tx, new Caller(session, subject, subject.Id)) : passkey?.Name;
            var isThere = request.Device is { } which ? (ended = await sessions.End(tx, subject, which, SessionEnd.Staff)).Count == 1
                : passkey is not null && await Passkeys.Remove(tx, subject, passkey.Id);
            if (Decide(request, isThere) is not ThrowOutRefusal.None and var decided)
                return decided;
            if (request.Device is not null)
                await lowCaps.EndWithDevices(tx, request.Member);
            var now = clock.Now();
            if (member is not null && Notice.Of(
                passkey is null ? NoticeKind.DeviceThrownOut : NoticeKind.PasskeyThrownOut, member, device, now) is { } notice)
                await (notice with { Passkey = passkey?.Name }).Add(outbox, tx, Id.New(now));
            await log.Append(tx, passkey is null ? OperatorAct.ThrewOutDevice : OperatorAct.ThrewOutPasskey, by, request.By,
                request.Member.ToString(), request.Reason, request.Device?.ToString() ?? request.Passkey?.ToString());
            return ThrowOutRefusal.None;
        }, ct);
        if (refusal != ThrowOutRefusal.None)
            return refusal;
        if (ended is not null)
            sessions.Tell(ended);
        outbox.Wake();
        return new ThrownOut(request.Member);
    }

    /// <param name="isThere">The member had it until now.</param>
    internal static ThrowOutRefusal Decide(ThrowOutRequest request, bool isThere)
    {
        if (!OperatorLine.IsOne(request.Reason) || request.Device is null == request.Passkey is null) return ThrowOutRefusal.InvalidRequest;
        return isThere ? ThrowOutRefusal.None : ThrowOutRefusal.NotFound;
    }
}
