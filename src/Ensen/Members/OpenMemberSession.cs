using System.Data.Common;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>
/// The last step of every way in: the session. From a device on which the member has not signed in before, they are told by mail, and
/// little leaves the wallet for a day (<see cref="LowCaps"/>); the device stands in the list where it is thrown out at once.
/// </summary>
public sealed class OpenMemberSession(Sessions sessions, LowCaps lowCaps, Outbox outbox, Programme programme, TimeProvider clock)
{
    /// <param name="isKnown">The member has signed in on the device before: a mail for each time would be read by nobody.</param>
    internal async Task<OpenedSession> Run(DbTransaction tx, Member member, string device, bool isKnown, AssuranceLevel assurance)
    {
        var isFirst = Instant.OfMilliseconds(member.CreatedMs) > clock.GetUtcNow() - programme.Membership.NewDeviceLife
            && !await Sessions.Has(tx, Subject.Member(member.Id));
        // Before the session is opened: low caps end with the devices that came since they began. Whoever has just registered, and opened
        // the mail elsewhere, has no other device.
        if (isKnown)
            await lowCaps.Resume(tx, member.Id);
        else if (!isFirst)
            await lowCaps.Begin(tx, member.Id, LowCapsCause.NewDevice);
        var opened = await sessions.Open(tx, Subject.Member(member.Id), device, assurance: assurance);
        if (isKnown)
            return opened;
        if (Notice.Of(NoticeKind.SignedIn, member, device, clock.GetUtcNow()) is { } notice)
            await notice.Add(outbox, tx, Id.New(clock));
        return opened;
    }
}
