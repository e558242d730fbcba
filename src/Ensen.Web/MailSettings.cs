using System.Globalization;
using System.Net;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;

namespace Ensen.Web;

/// <summary>
/// The settings of the mail server, with their bounds: a part of <see cref="NodeSettings"/>. Without a host no mail is sent.
/// </summary>
static class MailSettings
{
    public static readonly BoundedSetting Host = new("Ensen:Mail:Host", null,
        new Written("a host name or an address", host => Uri.CheckHostName(host) != UriHostNameType.Unknown,
            ["smtp.example.jp", "127.0.0.1", "::1"], ["smtp example", "smtp://example.jp", "smtp.example.jp:25"]),
        "the mail server that takes this installation's mail ([mail.md](mail.md)); without it none is sent, and that is said");

    public static readonly BoundedSetting Port = new("Ensen:Mail:Port", "587", new WholeNumbers(1, 65_535), "its port");

    public static readonly BoundedSetting Security = new("Ensen:Mail:Security", "starttls", new OneOf("starttls", "tls", "none"),
        "starttls: TLS after a greeting in plain text, and no mail without it (port 587); tls: from the first byte (port 465); "
            + "none: plain text, only to a relay on this machine");

    public static readonly BoundedSetting User = new("Ensen:Mail:User", null, Line(200, "visible characters, at most 200"),
        "the name it asks for; none where it asks for none");

    public static readonly BoundedSetting Password = new("Ensen:Mail:Password", null, Line(500, "visible characters, at most 500"),
        "and its password; better in the environment than in an argument, which others on the machine can read", Secret: true);

    public static readonly BoundedSetting From = new("Ensen:Mail:From", null, Address,
        "the address that members see as the sender; must be given with the host");

    public static readonly BoundedSetting BouncesTo = new("Ensen:Mail:BouncesTo", null, Address,
        "where mail that cannot be delivered comes back to; else to the sender's address");

    public static readonly BoundedSetting ConnectMs = new("Ensen:Mail:ConnectMs", "5000", new WholeNumbers(100, 15_000, "ms"),
        "how long reaching the mail server may take, TLS included");

    public static readonly BoundedSetting CommandMs = new("Ensen:Mail:CommandMs", "10000", new WholeNumbers(100, 15_000, "ms"),
        "how long its answer to one command may take; a mail as a whole has 20 s, and is tried again later");

    public static IReadOnlyList<BoundedSetting> All { get; } = [
        Host, Port, Security, User, Password, From, BouncesTo, ConnectMs, CommandMs];

    static Written Address =>
        new("an e-mail address", text => EmailAddress.TryParse(text, out _, out _), ["pay@example.jp"],
            ["pay", "Pay <pay@example.jp>", "pay@localhost"]);

    static Written Line(int most, string words) =>
        new(words, text => text.Length > 0 && text.Length <= most && !text.Any(char.IsControl), ["x", new string('x', most)],
            [new string('x', most + 1), "a\nb"]);

    /// <summary>What only together cannot be, a sentence each. Each for itself is within its bounds.</summary>
    public static IEnumerable<string> Contradictions(IConfiguration configuration, bool sandbox)
    {
        string? Given(BoundedSetting setting) => NodeSettings.Given(configuration, setting);
        if (Given(Host) is not { } host)
        {
            foreach (var lost in All.Where(s => Given(s) is not null))
                yield return $"{lost.Name} is set, and {Host.Name} is not: allowed is both or neither.";
            yield break;
        }
        if (sandbox)
            yield return $"{Host.Name} is set; allowed is none where {NodeSettings.Sandbox.Name} is true: its mail goes to its own mailboxes, for its people are made up.";
        if (Given(From) is null)
            yield return $"{From.Name} is not set; with {Host.Name} it must be.";
        if (Given(User) is null != Given(Password) is null)
            yield return $"Of {User.Name} and {Password.Name} one is set; allowed is both or neither.";
        if (Given(Security) == "none" && !IsThisMachine(host))
            yield return $"{Security.Name} is 'none' and {Host.Name} is '{host}'; allowed is localhost, 127.0.0.1 or ::1: elsewhere whoever is on the way reads the links in mails.";
    }

    /// <summary>Null where no mail is set up.</summary>
    public static SmtpSettings? Read(IConfiguration configuration, Programme programme)
    {
        string Text(BoundedSetting setting) => NodeSettings.Given(configuration, setting) ?? setting.Default!;
        int Number(BoundedSetting setting) => int.Parse(Text(setting), CultureInfo.InvariantCulture);
        if (NodeSettings.Given(configuration, Host) is not { } host)
            return null;
        return new SmtpSettings(
            host,
            Number(Port),
            Text(Security) switch { "tls" => MailSecurity.Tls, "none" => MailSecurity.None, _ => MailSecurity.StartTls },
            NodeSettings.Given(configuration, User),
            NodeSettings.Given(configuration, Password),
            Text(From),
            programme.Name,
            NodeSettings.Given(configuration, BouncesTo) ?? Text(From),
            TimeSpan.FromMilliseconds(Number(ConnectMs)),
            TimeSpan.FromMilliseconds(Number(CommandMs)));
    }

    static bool IsThisMachine(string host) =>
        host == "localhost" || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);
}
