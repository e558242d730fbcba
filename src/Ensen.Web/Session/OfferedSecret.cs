using System.Security.Cryptography;
using Ensen.Access;
using Microsoft.AspNetCore.DataProtection;

namespace Ensen.Web.Session;

/// <summary>
/// The secret that an authenticator is offered, sealed in the form until it has shown a code: a page that is only looked at writes nothing,
/// and the form of one link, or one session, is worth nothing for another.
/// </summary>
public sealed class OfferedSecret(IDataProtectionProvider protection)
{
    readonly IDataProtector _protector = protection.CreateProtector("ensen offered secret");

    /// <param name="whose">The link, or the session, that it is offered to.</param>
    public (byte[] Secret, string Sealed) New(string whose)
    {
        var secret = Totp.NewSecret();
        return (secret, Convert.ToBase64String(Of(whose).Protect(secret)));
    }

    /// <summary>Null when it is none that was offered there.</summary>
    public byte[]? Open(string? text, string whose)
    {
        if (text is not { Length: > 0 and <= 1_000 })
            return null;
        try
        {
            return Of(whose).Unprotect(Convert.FromBase64String(text));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    IDataProtector Of(string whose) => _protector.CreateProtector(whose);
}
