using System.Globalization;
using Ensen.Access;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Welcome;

/// <summary>
/// The second step of a sign-in: a code, or a call. The token of the sign-in that waits is in a cookie for these pages alone; it is in no
/// address.
/// </summary>
static class SecondStepForms
{
    public const string Page = "/sign-in/second";

    /// <summary>The sign-in that waits, in the browser in which it began.</summary>
    const string Cookie = "ensen-sign-in";

    const string CookiePath = "/sign-in";

    public static void Map(IEndpointRouteBuilder open) => open.MapForm("/sign-in/second", Show);

    /// <summary>The token of the sign-in that waits in this browser.</summary>
    public static string? Token(HttpContext http) => http.Request.Cookies[Cookie];

    /// <summary>Leads from the first step to the second, with the token in the browser.</summary>
    public static IResult Ask(HttpContext http, SecondStepAsked next, string? then)
    {
        http.Response.Cookies.Append(Cookie, next.Token, SessionCookies.Options(http, kept: null, CookiePath));
        return Results.LocalRedirect(next.Methods.Count == 0 ? ResetForms.NewPasswordPage : Address(then));
    }

    /// <summary>The last step: the browser has its session.</summary>
    public static async Task<IResult> Enter(HttpContext http, OpenedSession session, string? then, KnownDevices known,
        MemberDirectory directory, CancellationToken ct)
    {
        Forget(http);
        await http.SignInAs(await directory.Find(new MemberId(session.Caller.Owner), ct), session);
        await known.Remember(http, session.Caller.Owner, session.Caller.Session);
        return Results.LocalRedirect(RequestDevice.Then(then));
    }

    public static void Forget(HttpContext http)
    {
        if (http.Request.Cookies.ContainsKey(Cookie))
            http.Response.Cookies.Delete(Cookie, SessionCookies.Options(http, null, CookiePath));
    }

    public static string Address(string? then, ProofMethod? by = null) =>
        $"{Page}?then={Uri.EscapeDataString(RequestDevice.Then(then))}{(by is { } way ? $"&by={way}" : "")}";

    static async Task<IResult> Show(
        HttpContext http, [FromForm] string? by, [FromForm] string? code, [FromForm] string? then, SecondStep step, KnownDevices known,
        MemberDirectory directory, SentBack sentBack, CancellationToken ct)
    {
        if (!Enum.TryParse(by, out ProofMethod method) || !Enum.IsDefined(method))
            return Results.LocalRedirect(Address(then));
        var isNew = (await step.Find(Token(http), ct))?.Call is null;
        var answer = await step.Run(
            new SecondStepRequest(Token(http), method, code, RequestDevice.AddressOf(http), await known.Of(http, ct)), ct);
        if (answer.IsDone)
            return answer.Session is { } session ? await Enter(http, session, then, known, directory, ct)
                : Results.LocalRedirect(ResetForms.NewPasswordPage);
        if (answer.Call is not null && isNew)
            return Results.LocalRedirect(Address(then, method));
        var wait = Math.Ceiling((answer.Wait ?? TimeSpan.Zero).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var fault = answer.Call is not null ? "NotCalled" : answer.Refusal.ToString();
        return Results.LocalRedirect(sentBack.Address(http, Page, ("fault", fault), ("wait", wait)));
    }
}
