using System.Security.Cryptography;
using Ensen.Access;
using Ensen.Web.Edge;
using Ensen.Web.Texts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Session;

/// <summary>
/// Signing in with a passkey, at the door of members, operators or a merchant's people: two questions of a script (js/passkey.js), what to
/// ask the device and whether what it signed lets somebody in. A credential that nobody has, one of somebody who belongs to another door
/// and a signature that is wrong are answered alike.
/// </summary>
static class PasskeyDoor
{
    /// <summary>The browser that was asked: what is signed in another one counts for nothing.</summary>
    const string Cookie = "ensen-passkey";

    /// <param name="page">The page of the door: where whoever asks stands.</param>
    public static Delegate Ask(string page) =>
        async (HttpContext http, PasskeyCeremonies ceremonies, IStringLocalizer<JoinWords> texts) =>
        {
            if (!http.IsScript())
                return Results.LocalRedirect(page);
            if (!ceremonies.Available(http))
                return Results.Json(new PasskeyTold(Message: texts["NotByPasskey"]), statusCode: StatusCodes.Status400BadRequest);
            if (http.Request.Cookies[Cookie] is not { Length: > 0 } browser)
            {
                browser = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
                http.Response.Cookies.Append(Cookie, browser, SessionCookies.Options(http, kept: null, path: page));
            }
            var asked = await ceremonies.AskAnybody(http, browser);
            return Results.Json(new PasskeyTold(asked.Options, asked.Ticket));
        };

    /// <param name="home">Where somebody goes who was going nowhere.</param>
    /// <param name="enter">Signs the browser in with what was signed; false: it lets nobody in at this door.</param>
    public static Delegate Enter(string page, string home, Func<HttpContext, SignedByPasskey, CancellationToken, Task<bool>> enter) =>
        async (HttpContext http, [FromForm] string? ticket, [FromForm] string? credential, [FromForm] string? then,
            PasskeyCeremonies ceremonies, SentBack sentBack, IStringLocalizer<JoinWords> texts, CancellationToken ct) =>
        {
            var next = string.IsNullOrEmpty(then) ? home : RequestDevice.Then(then);
            var signed = await ceremonies.Signed(http, http.Request.Cookies[Cookie] ?? "", ticket, credential);
            if (signed is not null && await enter(http, signed, ct))
                return http.IsScript() ? Results.Json(new PasskeyTold(Url: next)) : Results.LocalRedirect(next);
            return http.IsScript()
                ? Results.Json(new PasskeyTold(Message: texts["NotByPasskey"]), statusCode: StatusCodes.Status401Unauthorized)
                : Results.LocalRedirect(sentBack.Address(
                    http, page, [KeyValuePair.Create("then", next), KeyValuePair.Create("fault", "Passkey")]));
        };
}
