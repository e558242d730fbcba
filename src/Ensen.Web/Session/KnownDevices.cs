using System.Security.Cryptography;
using Ensen.Access;
using Microsoft.AspNetCore.DataProtection;

namespace Ensen.Web.Session;

/// <summary>
/// A cookie that outlives sessions: it says, sealed, which members and stores have signed in on this browser. It opens nothing; it only
/// keeps other people's guesses from taking its owner's tries (<see cref="Guesses"/>).
/// </summary>
public sealed class KnownDevices(IDataProtectionProvider protection)
{
    public const string Cookie = "ensen-device";

    const int MostOwners = 5;
    const int GuidBytes = 16;
    static readonly TimeSpan s_kept = TimeSpan.FromDays(400);
    readonly IDataProtector _protector = protection.CreateProtector("ensen known device");

    /// <summary>What this browser is known by; null when nobody has signed in on it.</summary>
    public KnownDevice? Of(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 and <= 1_000 } text)
            return null;
        try
        {
            var bytes = _protector.Unprotect(Convert.FromBase64String(text));
            if (bytes.Length < GuidBytes || bytes.Length % GuidBytes != 0)
                return null;
            var ids = bytes.Chunk(GuidBytes).Select(id => new Guid(id)).ToList();
            return new KnownDevice(ids[0], ids[1..]);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Somebody has proven on this browser who they are.</summary>
    public void Remember(HttpContext context, Guid owner)
    {
        var before = Of(context);
        Guid[] ids = [before?.Id ?? Guid.NewGuid(), owner, .. (before?.Owners ?? []).Where(o => o != owner).Take(MostOwners - 1)];
        context.Response.Cookies.Append(
            Cookie, Convert.ToBase64String(_protector.Protect([.. ids.SelectMany(id => id.ToByteArray())])),
            SessionCookies.Options(context, s_kept));
    }
}
