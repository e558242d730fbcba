using Ensen.Access;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>
/// A member signs out another of their devices, or all others. Low caps that were on for a device that is out end with it.
/// </summary>
public sealed class EndDevices(Database db, Sessions sessions, LowCaps lowCaps)
{
    /// <summary>
    /// Signs out one device, which may be the one that asks. False when it is not the member's, or was signed out before.
    /// </summary>
    public async Task<bool> One(Caller by, SessionId device, CancellationToken ct = default)
    {
        var isOwn = device == by.Session;
        var ended = await db.Transact(async tx =>
        {
            await SpendingLimits.TakeTurn(tx, by.Owner);
            var over = await sessions.End(tx, by.Subject, device, isOwn ? SessionEnd.OnDevice : SessionEnd.OtherDevice);
            if (over.Count > 0 && !isOwn)
                await lowCaps.EndWithDevices(tx, new MemberId(by.Owner));
            return over;
        }, ct);
        sessions.Tell(ended);
        return ended.Count == 1;
    }

    /// <summary>Signs out every device but the one that asks.</summary>
    public async Task Others(Caller by, CancellationToken ct = default)
    {
        var ended = await db.Transact(async tx =>
        {
            await SpendingLimits.TakeTurn(tx, by.Owner);
            var over = await sessions.EndAll(tx, by.Subject, by.Session, SessionEnd.OtherDevice);
            if (over.Count > 0)
                await lowCaps.EndWithDevices(tx, new MemberId(by.Owner));
            return over;
        }, ct);
        sessions.Tell(ended);
    }
}
