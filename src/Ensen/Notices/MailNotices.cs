using Ensen.Basics;
using Ensen.Formats;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Notices;

/// <summary>
/// Finds the words for what a member is told and hands the mail to the post. The outbox row's id is the mail's id, so a mail that is
/// handed over twice goes out once. What one mailbox is told comes in its order: "thrown out" does not come before "signed in". What comes
/// back is kept, and a mailbox that is known to be dead gets nothing more.
/// </summary>
public sealed class MailNotices(Database db, IMail post, MailBounces bounces, Programme programme, TimeProvider clock)
{
    /// <summary>So long a mail is tried; afterwards its news is old.</summary>
    public static readonly TimeSpan TriedFor = TimeSpan.FromDays(3);

    public async Task<OutboxResult> Run(OutboxItem item, CancellationToken ct)
    {
        var notice = Notice.Read(item.Body);
        var bounce = await bounces.Of(notice.To, ct);
        if (bounce is { Stops: true })
            return OutboxResult.Done;
        if (clock.GetUtcNow() - Id.TimeOf(item.Id) > TriedFor)
            return await CameBack(notice, MailStatus.TooLong, ct);
        await using (var connection = await db.Connect(ct))
            if (await notice.IsBehindAnother(connection, item.Id))
                return OutboxResult.Later;
        var (subject, body) = MailWords.Of(notice, programme);
        var reply = await post.Send(new Mail(item.Id, notice.To, subject, body), ct);
        switch (reply.Kind)
        {
            case ReplyKind.Accepted:
                if (bounce is not null)
                    await bounces.Forget(notice.To, ct);
                return OutboxResult.Done;
            case ReplyKind.Refused:
                // An address that refuses mail is an answer, too: asking again would not change it.
                return await CameBack(notice, reply.Reason ?? MailStatus.RefusedForGood, ct);
            default:
                return OutboxResult.Later;
        }
    }

    async Task<OutboxResult> CameBack(Notice notice, string code, CancellationToken ct)
    {
        // Nobody is left to be told that the last mail did not arrive, and nothing of the address stays.
        if (notice.What != NoticeKind.Left)
            await bounces.Keep(AddressHash.Of(notice.To), code, ct);
        return OutboxResult.Done;
    }
}
