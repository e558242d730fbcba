using System.Security.Cryptography;
using Ensen.Access;
using Microsoft.AspNetCore.DataProtection;

namespace Ensen.Web.Session;

/// <summary>
/// A cookie that outlives sessions: it says, sealed, which browser this is. Which members and stores have signed in on it is the
/// database's to say (<see cref="DeviceOwners"/>), until the browser is thrown out. The cookie opens nothing.
/// </summary>
public sealed class KnownDevices(IDataProtectionProvider protection, DeviceOwners owners)
{
    public const string Cookie = "ensen-device";

    const int GuidBytes = 16;
    readonly IDataProtector _protector = protection.CreateProtector("ensen known device");

    /// <summary>What this browser is known by; null when nobody has signed in on it.</summary>
    public async Task<KnownDevice?> Of(HttpContext context, CancellationToken ct) =>
        IdOf(context) is { } id ? new KnownDevice(id, await owners.Of(id, ct)) : null;

    /// <summary>Somebody has proven on this browser who they are, and has this session.</summary>
    public async Task Remember(HttpContext context, Guid owner, SessionId session)
    {
        var id = IdOf(context) ?? Guid.NewGuid();
        await owners.Add(id, owner, session, CancellationToken.None);
        context.Response.Cookies.Append(
            Cookie, Convert.ToBase64String(_protector.Protect(id.ToByteArray())), SessionCookies.Options(context, DeviceOwners.Kept));
    }

    Guid? IdOf(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 and <= 1_000 } text)
            return null;
        try
        {
            var bytes = _protector.Unprotect(Convert.FromBase64String(text));
            return bytes.Length == GuidBytes ? new Guid(bytes) : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
