using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Identity;

/// <summary>
/// The order of a verification to its gateway. It can be sent any number of times: the gateway knows it by the verification's id. Once it
/// is taken on there is nothing to do but to wait for the report.
/// </summary>
public sealed class VerificationWork(
    Database db, ExternalGateways outside, HearIdentityReport hear, EndVerification end, MemberKeys keys, TimeProvider clock)
{
    public const string Kind = "identity";

    /// <summary>
    /// Listens to the gateway's reports from now on, and returns what one of the outbox's items takes. Called once, at start.
    /// </summary>
    public Func<OutboxItem, CancellationToken, Task<OutboxResult>> Start()
    {
        outside.Identity.WhenReported(hear.Run);
        return Run;
    }

    async Task<OutboxResult> Run(OutboxItem item, CancellationToken ct)
    {
        Verification? found;
        PersonalDetails? details = null;
        await using (var connection = await db.Connect(ct))
        {
            found = await Verifications.Find(connection, new VerificationId(item.Id));
            if (found is { State: VerificationState.Asked })
                details = await PersonalDetails.Read(
                    connection, keys, found.Member, found.Id, await Verifications.Details(connection, found.Id));
        }
        // Ended, lapsed, or its member has left: nobody is asked any more.
        if (found is not { State: VerificationState.Asked } || !found.IsWaiting(clock.GetUtcNow()) || details is null
            || found.Method.Reading() is not { } reading)
            return OutboxResult.Done;
        var reply = await outside.Identity.Begin(
            new IdentityOrder(found.Id, reading, details.Name, details.Kana, details.BornOn, details.Address), ct);
        switch (reply.Kind)
        {
            case ReplyKind.Accepted:
                return OutboxResult.Done;
            case ReplyKind.Refused:
                if (await db.Transact(tx => end.Close(tx, found, VerificationState.Rejected, Verification.Reasons.NotAvailable), ct))
                    end.Ended(found.Member);
                return OutboxResult.Done;
            default:
                return OutboxResult.Later;
        }
    }
}
