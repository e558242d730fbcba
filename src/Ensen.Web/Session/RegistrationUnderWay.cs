using System.Security.Cryptography;
using Ensen.Basics;
using Ensen.Members;
using Microsoft.AspNetCore.DataProtection;

namespace Ensen.Web.Session;

/// <summary>Who registered on this browser (nobody, where the address was somebody's), and where they were going.</summary>
public sealed record BegunRegistration(MemberId Member, string Then);

/// <summary>
/// A sealed cookie from registering until the last step of it: on the browser that has it the link of the mail signs in, for whoever typed
/// the password there has shown the mailbox as well. It looks the same whether or not an account was made.
/// </summary>
public sealed class RegistrationUnderWay(IDataProtectionProvider protection)
{
    const string Cookie = "ensen-joining";
    const int LongestThen = 1_000;

    static readonly TimeSpan s_kept = TimeSpan.FromDays(30);
    readonly IDataProtector _protector = protection.CreateProtector("ensen registration");

    public void Begin(HttpContext http, MemberId member, string then) => http.Response.Cookies.Append(
        Cookie, _protector.Protect($"{Id.Bare(member)} {(then.Length <= LongestThen ? then : "/")}"), SessionCookies.Options(http, s_kept));

    public BegunRegistration? Of(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 } text)
            return null;
        try
        {
            return _protector.Unprotect(text).Split(' ', 2) is [var bare, var then] && Id.TryParseBare(bare, out var id)
                ? new BegunRegistration(new MemberId(id), then) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public static void End(HttpContext http) => http.Response.Cookies.Delete(Cookie, SessionCookies.Options(http, s_kept));
}
