namespace Ensen.Web.Start;

/// <summary>
/// HEAD is answered as GET is (RFC 9110, 9.3.2); the server leaves the body out by itself. A stream has no end that could be waited for.
/// </summary>
static class Heads
{
    /// <summary>Stands before the routes are looked at.</summary>
    public static Task AsGet(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method) && !IsStream(context.Request.Path))
            context.Request.Method = HttpMethods.Get;
        return next(context);
    }

    static bool IsStream(PathString path) =>
        path.Value is { } text && (text.EndsWith("/stream", StringComparison.Ordinal)
            || text.EndsWith("/events", StringComparison.Ordinal));
}
