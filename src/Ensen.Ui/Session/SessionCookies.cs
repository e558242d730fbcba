using Ensen.Access;

namespace Ensen.Ui.Session;

/// <summary>
/// The cookies of the pages: nothing but a session's token, out of reach of script. Signing in always sets a new one and ends what the
/// browser had before, so a token planted beforehand is worth nothing.
/// </summary>
public static class SessionCookies
{
    // Browsers keep no cookie longer; whether the session still lives is the database's to say.
    static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    public static string Name(SubjectKind kind) => "ensen-" + Policies.Name(kind);

    /// <summary>Signs the browser in with a session that was just opened.</summary>
    public static async Task SignInWith(this HttpContext context, OpenedSession session) =>
        await SignInWith(context, session.Caller.Kind, session.Token);

    /// <summary>The same for a token whose kind is known (a till's).</summary>
    public static async Task SignInWith(this HttpContext context, SubjectKind kind, string token)
    {
        await EndPresent(context, kind, token);
        context.Response.Cookies.Append(Name(kind), token, Options(context, Kept));
    }

    /// <summary>Signs this browser out: the session ends, wherever its token may have been copied to.</summary>
    public static async Task SignOutOf(this HttpContext context, SubjectKind kind)
    {
        await EndPresent(context, kind, null);
        context.Response.Cookies.Delete(Name(kind), Options(context, null));
    }

    static async Task EndPresent(HttpContext context, SubjectKind kind, string? next)
    {
        if (context.Request.Cookies.TryGetValue(Name(kind), out var present) && present != next)
            await context.RequestServices.GetRequiredService<Sessions>().End(present, CancellationToken.None);
    }

    // Lax: a tag or a mail may open a page, but no other site can send a form.
    public static CookieOptions Options(HttpContext context, TimeSpan? kept, string path = "/") => new()
    {
        HttpOnly = true,
        Secure = context.Request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = path,
        MaxAge = kept,
        IsEssential = true,
    };
}
