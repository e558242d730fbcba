using System.Globalization;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Storage;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace Ensen.Gateways;

/// <summary>The mail server did not take a mail now; asked again, it may. Its words are not repeated, for they name people.</summary>
public sealed class MailNotTakenException(string message, Exception? inner = null) : TransientFailureException(message, inner);

/// <summary>
/// Sends mail by SMTP (RFC 5321), each over a connection of its own. What the server refuses for good (5xx about the recipient or the text)
/// is refused with its code; whatever else goes wrong may pass, and is a <see cref="MailNotTakenException"/>. A mail that is handed over
/// again is the same message, with the same Message-ID and date.
/// </summary>
public sealed class SmtpMail(SmtpSettings smtp, MailIds ids, ILogger<SmtpMail> log) : IMail
{
    static readonly FormatOptions s_wire = WireFormat();

    /// <summary>Whether a server's certificate is taken; null: if the machine trusts it. Tests make certificates of their own.</summary>
    internal System.Net.Security.RemoteCertificateValidationCallback? Trusts { get; init; }

    public async Task<Reply> Send(Mail mail, CancellationToken ct)
    {
        if (MailboxOf(mail.To) is not { } to)
            return Reply.Refused(MailStatus.NotAnAddress);
        using var message = Compose(mail, to);
        using var client = new Client();
        if (Trusts is not null)
            client.ServerCertificateValidationCallback = Trusts;
        try
        {
            await Connect(client, ct);
            client.Timeout = (int)smtp.Command.TotalMilliseconds;
            await client.SendAsync(s_wire, message, MailboxAddress.Parse(smtp.BouncesTo), [to], ct);
        }
        catch (SmtpCommandException e) when (IsRefusal(e))
        {
            var code = MailStatus.Of((int)e.StatusCode, e.Message, e.ErrorCode == SmtpErrorCode.RecipientNotAccepted);
            log.LogWarning("Mail {Id} was refused for good: {Reply} {Code}", mail.Id, (int)e.StatusCode, code);
            return Reply.Refused(code);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            var why = Why(e);
            log.Log(IsOurs(e) ? LogLevel.Error : LogLevel.Warning, "Mail {Id} was not taken now: {Why}", mail.Id, why);
            throw new MailNotTakenException($"The mail was not taken now: {why}.", e is SmtpCommandException ? null : e);
        }
        await Leave(client, ct);
        return Reply.Accepted;
    }

    async Task Connect(Client client, CancellationToken ct)
    {
        client.Timeout = (int)smtp.Connect.TotalMilliseconds;
        await client.ConnectAsync(smtp.Host, smtp.Port, smtp.Security switch
        {
            MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
            MailSecurity.StartTls => SecureSocketOptions.StartTls,
            MailSecurity.None => SecureSocketOptions.None,
            _ => throw new InvalidOperationException($"There is no such security of a mail server: {smtp.Security}."),
        }, ct);
        if (smtp.User is not null)
            await client.AuthenticateAsync(smtp.User, smtp.Password ?? "", ct);
    }

    /// <summary>The mail is taken: a farewell that is not heard changes nothing.</summary>
    static async Task Leave(Client client, CancellationToken ct)
    {
        try
        {
            await client.DisconnectAsync(quit: true, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // The connection is closed either way.
        }
    }

    MimeMessage Compose(Mail mail, MailboxAddress to)
    {
        var message = new MimeMessage
        {
            MessageId = $"{ids.Of(mail.Id, mail.To)}@{smtp.From[(smtp.From.LastIndexOf('@') + 1)..]}",
            Date = JapanDay.InTokyo(Id.TimeOf(mail.Id)),
            Subject = mail.Subject,
            // Not every server on the way takes more than ASCII, whatever the first one does.
            Body = new TextPart("plain") { Text = mail.Body.ReplaceLineEndings("\r\n"), ContentTransferEncoding = ContentEncoding.Base64 },
        };
        message.From.Add(new MailboxAddress(smtp.FromName, smtp.From));
        message.To.Add(to);
        // RFC 3834: nobody's holiday message answers it.
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }

    /// <summary>
    /// Null for what is no address. A local part that RFC 5321 allows in quotes only (dots side by side, as Japanese providers gave out) is
    /// quoted.
    /// </summary>
    static MailboxAddress? MailboxOf(string address)
    {
        var at = address.LastIndexOf('@');
        if (at < 1 || address.Any(c => c is <= ' ' or > '~' or '"' or '\\' or '<' or '>' or ',' or ';' or ':'))
            return null;
        var local = address[..at];
        var isAtoms = !local.StartsWith('.') && !local.EndsWith('.') && !local.Contains("..", StringComparison.Ordinal);
        return MailboxAddress.TryParse(isAtoms ? address : $"\"{local}\"{address[at..]}", out var mailbox) ? mailbox : null;
    }

    /// <summary>For good, and about this mail. Who may send at all is a matter between us and the server: that can be mended.</summary>
    static bool IsRefusal(SmtpCommandException e) =>
        (int)e.StatusCode is >= 500 and < 600 && e.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted;

    /// <summary>It stays so until whoever runs this installation changes a setting.</summary>
    static bool IsOurs(Exception e) =>
        e is AuthenticationException or SslHandshakeException or NotSupportedException || e is SmtpCommandException { StatusCode: var code }
            && (int)code >= 500;

    static string Why(Exception e) => e switch
    {
        SmtpCommandException s => string.Create(CultureInfo.InvariantCulture,
            $"the server answered {(int)s.StatusCode} {MailStatus.Of((int)s.StatusCode, s.Message, false)} ({s.ErrorCode})"),
        AuthenticationException => "the server does not take Ensen:Mail:User and Ensen:Mail:Password",
        SslHandshakeException =>
            "TLS was not agreed: is the certificate for Ensen:Mail:Host and trusted here, and is Ensen:Mail:Security right for the port",
        NotSupportedException => "the server offers no STARTTLS, or no way to sign in that is known here",
        TimeoutException => "the server did not answer in time",
        _ => e.GetType().Name,
    };

    static FormatOptions WireFormat()
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        return format;
    }

    /// <summary>Asks the server to tell of what cannot be delivered, and to name the mail when it does (RFC 3461), if it can.</summary>
    sealed class Client : SmtpClient
    {
        public Client()
        {
            DeliveryStatusNotificationType = DeliveryStatusNotificationType.HeadersOnly;
            // Whether a certificate was revoked is asked of others over the net, and nobody waits for them elsewhere either.
            CheckCertificateRevocation = false;
        }

        protected override string GetEnvelopeId(MimeMessage message) => message.MessageId!.Split('@')[0];

        protected override DeliveryStatusNotification? GetDeliveryStatusNotifications(MimeMessage message, MailboxAddress mailbox) =>
            DeliveryStatusNotification.Failure;
    }
}
