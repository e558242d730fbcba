namespace Ensen.Gateways;

/// <summary>How the line to the mail server is kept from those who listen and from those who pretend to be the server.</summary>
public enum MailSecurity
{
    /// <summary>TLS from the first byte (port 465, as a rule).</summary>
    Tls = 1,

    /// <summary>Plain text until both agree to go on with TLS; a server that does not offer it is sent nothing (port 587).</summary>
    StartTls = 2,

    /// <summary>Plain text: to a relay on the same machine only.</summary>
    None = 3,
}

/// <summary>The mail server that takes this installation's mail, and how it is spoken to.</summary>
/// <param name="User">Null where the server asks for no name and password.</param>
/// <param name="From">The address that members see as the sender; its domain is that of the Message-IDs, too.</param>
/// <param name="FromName">The name beside it.</param>
/// <param name="BouncesTo">Where mail that cannot be delivered comes back to (the envelope's sender).</param>
/// <param name="Connect">Most for reaching the server, TLS included.</param>
/// <param name="Command">Most for the server's answer to one command.</param>
public sealed record SmtpSettings(
    string Host, int Port, MailSecurity Security, string? User, string? Password, string From, string FromName, string BouncesTo,
    TimeSpan Connect, TimeSpan Command);
