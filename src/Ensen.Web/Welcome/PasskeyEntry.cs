using System.Security.Cryptography;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Ensen.Web.Texts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Welcome;

/// <summary>
/// Signing in with a passkey: two questions of a script (js/passkey.js), what to ask the device and whether what it signed lets somebody
/// in. A credential that nobody has and a signature that is wrong are answered alike.
/// </summary>
static class PasskeyEntry
{
    /// <summary>The browser that was asked: what is signed in another one counts for nothing.</summary>
    const string Cookie = "ensen-passkey";

    const string Page = "/sign-in";

    public static void Map(IEndpointRouteBuilder open)
    {
        open.MapForm("/sign-in/passkey/options", Ask);
        open.MapForm("/sign-in/passkey", Enter);
    }

    static async Task<IResult> Ask(HttpContext http, PasskeyCeremonies ceremonies, IStringLocalizer<JoinWords> texts)
    {
        if (!http.IsScript())
            return Results.LocalRedirect(Page);
        if (!ceremonies.Available(http))
            return Results.Json(new PasskeyTold(Message: texts["NotByPasskey"]), statusCode: StatusCodes.Status400BadRequest);
        if (http.Request.Cookies[Cookie] is not { Length: > 0 } browser)
        {
            browser = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            http.Response.Cookies.Append(Cookie, browser, SessionCookies.Options(http, kept: null, path: Page));
        }
        var asked = await ceremonies.AskAnybody(http, browser);
        return Results.Json(new PasskeyTold(asked.Options, asked.Ticket));
    }

    static async Task<IResult> Enter(
        HttpContext http, [FromForm] string? ticket, [FromForm] string? credential, [FromForm] string? then, PasskeyCeremonies ceremonies,
        SignInByPasskey signIn, KnownDevices known, SentBack sentBack, IStringLocalizer<JoinWords> texts, CancellationToken ct)
    {
        var signed = await ceremonies.Signed(http, http.Request.Cookies[Cookie] ?? "", ticket, credential);
        Answer<SignedInByPasskey, PasskeySignInRefusal> answer = signed is null ? PasskeySignInRefusal.Unauthenticated
            : await signIn.Run(signed, RequestDevice.DeviceOf(http), known.Of(http)?.Knows(new MemberId(signed.Subject.Id)) is true, ct);
        if (!answer.Accepted)
            return http.IsScript()
                ? Results.Json(new PasskeyTold(Message: texts["NotByPasskey"]), statusCode: StatusCodes.Status401Unauthorized)
                : Results.LocalRedirect(sentBack.Address(
                    http, Page, [KeyValuePair.Create("then", RequestDevice.Then(then)), KeyValuePair.Create("fault", "Passkey")]));
        await http.SignInAs(answer.Value.Member, answer.Value.Session);
        known.Remember(http, answer.Value.Member.Id);
        var next = RequestDevice.Then(then);
        return http.IsScript() ? Results.Json(new PasskeyTold(Url: next)) : Results.LocalRedirect(next);
    }
}
