using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>
/// A browser's key signed what it cannot have signed: there are two of that browser. Which of them is the member's nobody can tell, so both
/// are signed out, and the member is told. What was asked for is not done.
/// </summary>
public sealed class CopiedDevice(Database db, Sessions sessions, StepUp stepUp, MemberDirectory members, Outbox outbox, TimeProvider clock)
{
    public async Task SignOut(Caller caller, string device, CancellationToken ct = default)
    {
        var member = await members.Find(new MemberId(caller.Owner), ct);
        var ended = await db.Transact(async tx =>
        {
            var over = await sessions.End(tx, caller.Subject, caller.Session, SessionEnd.Copied);
            // Of many requests at once the one that ended the session tells its member.
            if (over.Count > 0 && member is not null && Notice.Of(NoticeKind.DeviceCopied, member, device, clock.Now()) is { } notice)
                await notice.Add(outbox, tx, Id.New(clock));
            await stepUp.Void(tx, caller.Subject);
            return over;
        }, ct);
        sessions.Tell(ended);
        outbox.Wake();
    }
}
