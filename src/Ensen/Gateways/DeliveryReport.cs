using Ensen.Formats;
using MimeKit;

namespace Ensen.Gateways;

/// <summary>A mail of ours that came back, and why (RFC 3463).</summary>
public sealed record ReturnedMail(NamedMail Mail, string Code);

/// <summary>
/// Reads what mail servers write to the sender of a mail that they could not deliver (RFC 3464). Anybody can write such a letter: what
/// counts is the name of the mail in it, which only its receiver and the servers on its way have seen.
/// </summary>
public static class DeliveryReport
{
    /// <summary>A report holds the mail's headers or the mail: ours are small. What is longer is none.</summary>
    public const int MostBytes = 1_000_000;

    /// <summary>Null: no report, or none that says that a mail of ours will not be delivered.</summary>
    public static ReturnedMail? Read(Stream letter, MailIds ids)
    {
        MimeMessage message;
        try
        {
            message = MimeMessage.Load(letter);
        }
        catch (FormatException)
        {
            return null;
        }
        using (message)
        {
            if (message.Body is not MultipartReport report || report.OfType<MessageDeliveryStatus>().FirstOrDefault() is not { } status)
                return null;
            // A mail of ours has one receiver. "delayed" is no news: it is being tried.
            var failed = status.StatusGroups.FirstOrDefault(
                g => string.Equals(g["Action"]?.Trim(), "failed", StringComparison.OrdinalIgnoreCase));
            var names = new[] { status.StatusGroups.FirstOrDefault()?["Original-Envelope-Id"] }
                .Concat(report.OfType<MessagePart>().Select(part => part.Message?.MessageId));
            if (failed is null || names.Select(ids.Read).FirstOrDefault(mail => mail is not null) is not { } mail)
                return null;
            var code = failed["Status"]?.Trim().Split(' ')[0];
            return new ReturnedMail(mail, MailStatus.Is(code) ? code! : MailStatus.RefusedForGood);
        }
    }
}
