using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ensen.Gateways;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Ensen.Tests.Support;

/// <summary>A mail as the server got it: from whom, to whom, and every byte.</summary>
sealed record ReceivedMail(string Sender, string Recipient, string? User, byte[] Bytes)
{
    public MimeMessage Message => MimeMessage.Load(new MemoryStream(Bytes));
}

/// <summary>
/// A real SMTP server (NuGet SmtpServer) on a free loopback port, with a certificate made for this run. What it says to a sender, a
/// recipient or a message can be told it; without that it takes everything.
/// </summary>
sealed class MailServer : IAsyncDisposable
{
    public const string User = "ensen";
    public const string Password = "Yamanote-29!";

    readonly CancellationTokenSource _stop = new();
    readonly Task _running;

    MailServer(MailSecurity security, bool signIn, X509Certificate2 certificate)
    {
        (Security, Port, Certificate) = (security, FreePort(), certificate);
        var options = new SmtpServerOptionsBuilder().ServerName("localhost").Endpoint(endpoint =>
        {
            endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port)).IsSecure(security == MailSecurity.Tls);
            endpoint.AuthenticationRequired(signIn).AllowUnsecureAuthentication(security == MailSecurity.None);
            if (security != MailSecurity.None)
                endpoint.Certificate(certificate);
        }).Build();
        var parts = new SmtpServer.ComponentModel.ServiceProvider();
        parts.Add((IMessageStore)new Store(this));
        parts.Add((IMailboxFilter)new Filter(this));
        parts.Add((IUserAuthenticator)new Door());
        _running = new SmtpServer.SmtpServer(options, parts).StartAsync(_stop.Token);
    }

    public int Port { get; }
    public MailSecurity Security { get; }
    public X509Certificate2 Certificate { get; }
    public ConcurrentQueue<ReceivedMail> Received { get; } = [];

    /// <summary>What it answers; null: it takes it.</summary>
    public Func<string, SmtpResponse?> ToSender { get; set; } = _ => null;
    public Func<string, SmtpResponse?> ToRecipient { get; set; } = _ => null;
    public Func<SmtpResponse?> ToMessage { get; set; } = () => null;

    public static MailServer Start(MailSecurity security = MailSecurity.StartTls, bool signIn = false, string name = "localhost") =>
        new(security, signIn, MakeCertificate(name));

    /// <summary>How this installation is told to speak to it.</summary>
    public SmtpSettings Settings(string? password = null, MailSecurity? security = null) => new(
        "localhost", Port, security ?? Security, password is null ? null : User, password, "pay@ensen.example", "円線",
        "bounces@ensen.example",
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));

    static X509Certificate2 MakeCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        Certificate.Dispose();
    }

    static void Throw(SmtpResponse? answer)
    {
        if (answer is not null)
            throw new SmtpResponseException(answer);
    }

    sealed class Filter(MailServer server) : MailboxFilter
    {
        public override Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken)
        {
            Throw(server.ToSender(from.AsAddress()));
            return Task.FromResult(true);
        }

        public override Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from,
            CancellationToken cancellationToken)
        {
            Throw(server.ToRecipient(to.AsAddress()));
            return Task.FromResult(true);
        }
    }

    sealed class Store(MailServer server) : MessageStore
    {
        public override Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            if (server.ToMessage() is { } refused)
                return Task.FromResult(refused);
            foreach (var to in transaction.To)
                server.Received.Enqueue(new ReceivedMail(
                    transaction.From.AsAddress(), to.AsAddress(), context.Authentication.IsAuthenticated ? context.Authentication.User
                        : null, buffer.ToArray()));
            return Task.FromResult(SmtpResponse.Ok);
        }
    }

    sealed class Door : UserAuthenticator
    {
        public override Task<bool> AuthenticateAsync(ISessionContext context, string user, string password,
            CancellationToken cancellationToken) =>
            Task.FromResult(user == User && password == Password);
    }
}
