using Ensen.Basics;
using Ensen.Web.Edge;
using Ensen.Web.Start;
using Ensen.Web.Texts;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Session;

/// <summary>What every answer says to browsers, and what no browser may send: the first thing in the pipeline.</summary>
static class SecurityHeaders
{
    const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; media-src 'self' blob:; "
        + "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>No script or style from elsewhere or inline, no frame around us, no guessing of types, the camera for us alone.</summary>
    public static Task Headers(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            Say((HttpContext)state);
            return Task.CompletedTask;
        }, context);
        return next(context);
    }

    // When the answer is sent: what failed on its way is answered anew, and its headers are gone by then.
    static void Say(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000";
        // What a page's own policies say, a script or a style has no use for; each of them would travel with each file.
        if (context.Response.ContentType is "text/javascript" or "text/css")
            return;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XFrameOptions = "DENY";
        // Not "no-referrer": with that, browsers send "Origin: null" with our own forms.
        headers.TryAdd("Referrer-Policy", "same-origin");
        headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        ToPath(context);
        // What is somebody's own stays in no cache, unless the page says otherwise.
        if (context.User.Identity is { IsAuthenticated: true } && headers.CacheControl.Count == 0)
            headers.CacheControl = "no-store";
    }

    /// <summary>
    /// A redirect within this site is a path: behind whatever proxy, the browser stays with the scheme and the host it knows.
    /// </summary>
    static void ToPath(HttpContext context)
    {
        var own = $"{context.Request.Scheme}://{context.Request.Host}/";
        if (context.Response.Headers.Location.ToString() is var to && to.StartsWith(own, StringComparison.OrdinalIgnoreCase)
            && to.AsSpan(own.Length) is not ['/' or '\\', ..])
            context.Response.Headers.Location = to[(own.Length - 1)..];
    }

    /// <summary>
    /// Refuses what another site made a browser send: a request that changes something, without a bearer token (which no other site
    /// has), and from another origin by what the browser itself says.
    /// </summary>
    public static Task SameOrigin(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)
            || request.Headers.Authorization.Count > 0 || IsOurs(request))
            return next(context);
        return new Problem("forbidden").ExecuteAsync(context);
    }

    static bool IsOurs(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
            ? site is "same-origin" or "none"
            : request.Headers.Origin.ToString() is not { Length: > 0 } origin
                || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
                || string.Equals(origin, request.HttpContext.RequestServices.GetService<Programme>()?.Origin,
                    StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// A form that was drawn for somebody else, or has no token: nothing of it is done. A script is told so in words; a person gets a page
    /// with a way on.
    /// </summary>
    public static Task MeantForm(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false })
            return next(context);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.IsScript()
            ? context.Response.WriteAsJsonAsync(
                FormAnswer.Refused(context.RequestServices.GetRequiredService<IStringLocalizer<StartWords>>()["StaleForm"]),
                context.RequestAborted)
            : Task.CompletedTask;
    }
}
