using System.Text;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Gateways;
using Ensen.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using MimeKit;
using SmtpServer.Protocol;

namespace Ensen.Tests.Gateways;

public class SmtpMailTests
{
    static readonly MailIds s_ids = new(new byte[32]);
    static readonly DateTimeOffset s_at = new(2026, 11, 28, 15, 30, 0, TimeSpan.Zero);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static SmtpMail Post(SmtpSettings settings, MailServer? server = null) => new(settings, s_ids, NullLogger<SmtpMail>.Instance)
    {
        Trusts = server is null ? null : (_, certificate, _, _) =>
            certificate?.GetCertHashString() == server.Certificate.GetCertHashString(),
    };

    static Mail Mail(string to = "aoi@example.jp", string subject = "【円線】メールアドレスの確認") =>
        new(Id.New(s_at), to, subject, "西川 葵 様\n\nhttps://pay.example.jp/confirm-mail?token=abc\n.\n最後の行");

    [Theory]
    [InlineData(MailSecurity.Tls)]
    [InlineData(MailSecurity.StartTls)]
    [InlineData(MailSecurity.None)]
    public async Task A_mail_in_Japanese_arrives_as_it_was_written(MailSecurity security)
    {
        await using var server = MailServer.Start(security);
        var mail = Mail();

        (await Post(server.Settings(), server).Send(mail, Ct)).ShouldBe(Reply.Accepted);

        var received = server.Received.ShouldHaveSingleItem();
        (received.Sender, received.Recipient).ShouldBe(("bounces@ensen.example", "aoi@example.jp"));
        received.Bytes.ShouldAllBe(b => b < 0x80, "it passes through servers that know ASCII only");
        var message = received.Message;
        message.Subject.ShouldBe(mail.Subject);
        message.TextBody!.ReplaceLineEndings("\n").TrimEnd().ShouldBe(mail.Body);
        message.From.ToString().ShouldBe("\"円線\" <pay@ensen.example>");
        message.To.ToString().ShouldBe("aoi@example.jp");
        message.Date.ShouldBe(s_at);
        message.MessageId!.ShouldStartWith(Id.Bare(mail.Id));
        message.MessageId.ShouldEndWith("@ensen.example");
        message.Headers[HeaderId.AutoSubmitted].ShouldBe("auto-generated");
        message.Headers.Select(h => h.Id).ShouldBeUnique();
        Encoding.ASCII.GetString(received.Bytes).ShouldContain("Subject: =?utf-8?");
    }

    [Theory]
    [InlineData(MailServer.Password, true)]
    [InlineData("wrong", false)]
    [InlineData(null, false)]
    public async Task Name_and_password_are_given_where_they_are_asked_for(string? password, bool taken)
    {
        await using var server = MailServer.Start(MailSecurity.Tls, signIn: true);
        var post = Post(server.Settings(password), server);

        if (taken)
            (await post.Send(Mail(), Ct)).ShouldBe(Reply.Accepted);
        else
            (await Should.ThrowAsync<MailNotTakenException>(() => post.Send(Mail(), Ct))).Message.ShouldNotContain("wrong");

        server.Received.Select(m => m.User).ShouldBe(taken ? [MailServer.User] : []);
    }

    [Theory]
    [InlineData(MailSecurity.Tls)]
    [InlineData(MailSecurity.StartTls)]
    public async Task A_server_that_the_machine_does_not_trust_gets_nothing(MailSecurity security)
    {
        await using var server = MailServer.Start(security);

        (await Should.ThrowAsync<MailNotTakenException>(() => Post(server.Settings()).Send(Mail(), Ct)))
            .Message.ShouldContain("TLS was not agreed");

        server.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_STARTTLS_no_word_of_the_mail_is_said()
    {
        await using var server = new ScriptedMailServer();

        var thrown = await Should.ThrowAsync<MailNotTakenException>(
            () => Post(server.Settings() with { Security = MailSecurity.StartTls }).Send(Mail(), Ct));

        thrown.Message.ShouldContain("no STARTTLS");
        server.Heard.ShouldAllBe(line => line.StartsWith("EHLO") || line.StartsWith("QUIT"));
    }

    [Theory]
    [InlineData(450, "4.2.1 busy, aoi@example.jp", "450 4.2.1")]
    [InlineData(451, "try later", "451 4.0.0")]
    public async Task What_is_refused_for_now_is_sent_later_and_is_the_same_message(int code, string text, string told)
    {
        await using var server = MailServer.Start(MailSecurity.None);
        var (post, mail) = (Post(server.Settings()), Mail());
        server.ToRecipient = _ => new SmtpResponse((SmtpReplyCode)code, text);

        var thrown = await Should.ThrowAsync<MailNotTakenException>(() => post.Send(mail, Ct));

        thrown.Message.ShouldContain(told);
        thrown.ToString().ShouldNotContain("aoi@example.jp");
        server.ToRecipient = _ => null;
        (await post.Send(mail, Ct)).ShouldBe(Reply.Accepted);
        (await post.Send(mail, Ct)).ShouldBe(Reply.Accepted);
        server.Received.Select(m => Encoding.ASCII.GetString(m.Bytes)).Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(550, "5.1.1 no such user aoi@example.jp", "5.1.1")]
    [InlineData(550, "User unknown", "5.1.1")]
    [InlineData(552, "5.2.2 mailbox full", "5.2.2")]
    [InlineData(554, "5.7.1 policy", "5.7.1")]
    public async Task A_recipient_who_is_refused_for_good_is_refused_with_its_code(int code, string text, string status)
    {
        await using var server = MailServer.Start(MailSecurity.None);
        server.ToRecipient = _ => new SmtpResponse((SmtpReplyCode)code, text);

        (await Post(server.Settings()).Send(Mail(), Ct)).ShouldBe(Reply.Refused(status));
    }

    [Fact]
    public async Task A_text_that_is_refused_for_good_is_refused_and_a_sender_is_not_the_members_fault()
    {
        await using var server = MailServer.Start(MailSecurity.None);
        server.ToMessage = () => new SmtpResponse(SmtpReplyCode.TransactionFailed, "5.6.0 not wanted");
        (await Post(server.Settings()).Send(Mail(), Ct)).ShouldBe(Reply.Refused("5.6.0"));

        server.ToSender = _ => new SmtpResponse(SmtpReplyCode.MailboxUnavailable, "5.7.1 who are you");
        (await Should.ThrowAsync<MailNotTakenException>(() => Post(server.Settings()).Send(Mail(), Ct))).Message.ShouldContain("550 5.7.1");
    }

    [Fact]
    public async Task A_server_that_names_codes_by_the_standard_is_understood()
    {
        await using var server = new ScriptedMailServer();
        server.Script["RCPT"] = "550 5.1.10 null MX";
        (await Post(server.Settings()).Send(Mail(), Ct)).ShouldBe(Reply.Refused("5.1.10"));
    }

    [Theory]
    [InlineData("CONNECT", ScriptedMailServer.Silence)]
    [InlineData("EHLO", ScriptedMailServer.Silence)]
    [InlineData("RCPT", ScriptedMailServer.Silence)]
    [InlineData(".", ScriptedMailServer.Silence)]
    [InlineData("CONNECT", ScriptedMailServer.HangUp)]
    [InlineData("MAIL", ScriptedMailServer.HangUp)]
    [InlineData(".", ScriptedMailServer.HangUp)]
    [InlineData("CONNECT", "554 go away")]
    [InlineData("DATA", "421 4.3.2 shutting down")]
    public async Task Whoever_hangs_or_hangs_up_is_left_soon_and_the_mail_is_sent_later(string step, string answer)
    {
        await using var server = new ScriptedMailServer();
        var (mail, usual) = (Mail(), server.Script[step]);
        var patience = TimeSpan.FromSeconds(30);
        var settings = server.Settings(patienceMs: 300);
        var post = Post(step is "CONNECT" or "EHLO" ? settings with { Command = patience } : settings with { Connect = patience });
        server.Script[step] = answer;

        await Should.ThrowAsync<MailNotTakenException>(() => post.Send(mail, Ct)).WaitAsync(TimeSpan.FromSeconds(10), Ct);

        server.Script[step] = usual;
        (await Post(server.Settings()).Send(mail, Ct)).ShouldBe(Reply.Accepted);
        server.Messages.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Whoever_does_not_say_farewell_has_taken_the_mail_all_the_same()
    {
        await using var server = new ScriptedMailServer();
        server.Script["QUIT"] = ScriptedMailServer.HangUp;
        (await Post(server.Settings()).Send(Mail(), Ct)).ShouldBe(Reply.Accepted);
    }

    [Fact]
    public async Task Nobody_listening_is_no_refusal()
    {
        var settings = default(SmtpSettings);
        await using (var server = new ScriptedMailServer())
            settings = server.Settings();
        await Should.ThrowAsync<MailNotTakenException>(() => Post(settings).Send(Mail(), Ct));
    }

    [Fact]
    public async Task A_server_that_can_is_asked_to_name_the_mail_when_it_comes_back()
    {
        await using var server = new ScriptedMailServer();
        var mail = Mail();

        (await Post(server.Settings()).Send(mail, Ct)).ShouldBe(Reply.Accepted);

        server.Heard.ShouldContain($"MAIL FROM:<bounces@ensen.example> ENVID={s_ids.Of(mail.Id, mail.To)} RET=HDRS");
        server.Heard.ShouldContain(line => line.StartsWith("RCPT TO:<aoi@example.jp> NOTIFY=FAILURE"));
    }

    [Theory]
    [InlineData("hello\r\nBcc: evil@example.com")]
    [InlineData("hello\nBcc: evil@example.com\n\nbody")]
    [InlineData("確認\r\n\r\nBcc: evil@example.com")]
    public async Task A_subject_stays_one_header(string subject)
    {
        await using var server = MailServer.Start(MailSecurity.None);

        (await Post(server.Settings()).Send(Mail(subject: subject), Ct)).ShouldBe(Reply.Accepted);

        var message = server.Received.ShouldHaveSingleItem().Message;
        message.Headers.ShouldNotContain(h => h.Id == HeaderId.Bcc);
        message.Subject!.ShouldContain("Bcc: evil@example.com");
        message.TextBody!.ShouldStartWith("西川 葵 様");
    }

    [Theory]
    [InlineData("aoi@example.jp\r\nRCPT TO:<evil@example.com>")]
    [InlineData("aoi@example.jp>\r\nBcc: <evil@example.com")]
    [InlineData("aoi@example.jp, evil@example.com")]
    [InlineData("Aoi <aoi@example.jp>")]
    [InlineData("葵@example.jp")]
    [InlineData("aoi")]
    [InlineData("")]
    public async Task What_is_no_address_is_refused_and_nobody_is_asked(string to)
    {
        await using var server = new ScriptedMailServer();
        (await Post(server.Settings()).Send(Mail(to), Ct)).ShouldBe(Reply.Refused(MailStatus.NotAnAddress));
        server.Heard.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("da..me@docomo.example", "\"da..me\"@docomo.example")]
    [InlineData("dame.@ezweb.example", "\"dame.\"@ezweb.example")]
    [InlineData("aoi+shop@example.jp", "aoi+shop@example.jp")]
    public async Task Addresses_as_Japanese_providers_gave_them_out_are_written_as_the_standard_wants_them(string address, string onTheWire)
    {
        await using var server = new ScriptedMailServer();
        (await Post(server.Settings()).Send(Mail(address), Ct)).ShouldBe(Reply.Accepted);
        server.Heard.ShouldContain(line => line.StartsWith($"RCPT TO:<{onTheWire}>"));
    }
}
