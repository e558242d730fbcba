using System.Security.Cryptography;
using Ensen.Access;
using Microsoft.AspNetCore.DataProtection;

namespace Ensen.Web.Rooms;

/// <summary>
/// The secret that an authenticator is offered, sealed in the form until it has shown a code: a link that is only looked at writes nothing,
/// and the form of one link is worth nothing for another.
/// </summary>
public sealed class JoinSecret(IDataProtectionProvider protection)
{
    readonly IDataProtector _protector = protection.CreateProtector("ensen operator secret");

    public (byte[] Secret, string Sealed) New(string link)
    {
        var secret = Totp.NewSecret();
        return (secret, Convert.ToBase64String(Of(link).Protect(secret)));
    }

    /// <summary>Null when it is none that was offered with this link.</summary>
    public byte[]? Open(string? text, string link)
    {
        if (text is not { Length: > 0 and <= 1_000 })
            return null;
        try
        {
            return Of(link).Unprotect(Convert.FromBase64String(text));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    IDataProtector Of(string link) => _protector.CreateProtector(link);
}
