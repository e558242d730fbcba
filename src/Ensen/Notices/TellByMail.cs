using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Notices;

/// <summary>
/// Finds the words for what a member is told and hands the mail to the post. The outbox row's id is the mail's id, so a mail that is
/// handed over twice goes out once.
/// </summary>
public sealed class TellByMail(IMail post, Programme programme)
{
    /// <summary>Takes this work on. Called once, at start.</summary>
    public void Register(Outbox outbox) => outbox.On(Telling.Kind, Run);

    public async Task<OutboxResult> Run(OutboxItem item, CancellationToken ct)
    {
        var telling = Telling.Read(item.Body);
        var (subject, body) = MailWords.Of(telling, programme);
        // An address that refuses mail is an answer, too: asking again would not change it.
        var reply = await post.Send(new Mail(item.Id, telling.To, subject, body), ct);
        return reply.Known ? OutboxResult.Done : OutboxResult.Later;
    }
}
