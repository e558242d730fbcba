using System.Security.Cryptography;
using Ensen.Access;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;

namespace Ensen.Web.Session;

/// <summary>
/// The token in every form: it says, sealed, for whom the form was drawn. No other site can have one of somebody's, and a form drawn for
/// one member is not sent for another who has signed in since. There is no cookie beside it that a second tab, a link from elsewhere or
/// signing in anew could replace: a form that is open can be sent for as long as its member is signed in. What may come from no other
/// site at all the browser says itself (<see cref="SecurityHeaders.SameOrigin"/>).
/// </summary>
sealed class FormTokens(IDataProtectionProvider protection) : IAntiforgery
{
    const string Field = "__RequestVerificationToken";
    const string Header = "RequestVerificationToken";
    const string Nobody = "";
    readonly IDataProtector _protector = protection.CreateProtector("ensen form");

    public AntiforgeryTokenSet GetTokens(HttpContext httpContext) =>
        new(_protector.Protect(Whose(httpContext)), cookieToken: null, Field, Header);

    public AntiforgeryTokenSet GetAndStoreTokens(HttpContext httpContext)
    {
        // A page with somebody's token in it is kept in no cache, nor one for nobody: it may be another's next time.
        if (!httpContext.Response.HasStarted && httpContext.Response.Headers.CacheControl.Count == 0)
            httpContext.Response.Headers.CacheControl = "no-cache, no-store";
        return GetTokens(httpContext);
    }

    public async Task<bool> IsRequestValidAsync(HttpContext httpContext)
    {
        var method = httpContext.Request.Method;
        return HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method)
            || IsMeant(httpContext, await Sent(httpContext.Request));
    }

    public async Task ValidateRequestAsync(HttpContext httpContext)
    {
        if (!IsMeant(httpContext, await Sent(httpContext.Request)))
            throw new AntiforgeryValidationException("The form was drawn for somebody else, or has no token.");
    }

    /// <summary>There is nothing to set: the token needs no cookie.</summary>
    public void SetCookieTokenAndHeader(HttpContext httpContext) { }

    static async Task<string?> Sent(HttpRequest request)
    {
        if (request.Headers[Header] is [{ Length: > 0 } header])
            return header;
        try
        {
            return request.HasFormContentType ? (await request.ReadFormAsync(request.HttpContext.RequestAborted))[Field].ToString() : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or BadHttpRequestException)
        {
            return null;
        }
    }

    bool IsMeant(HttpContext context, string? token)
    {
        if (string.IsNullOrEmpty(token))
            return false;
        try
        {
            return _protector.Unprotect(token) == Whose(context) || IsForEverybody(context);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return false;
        }
    }

    /// <summary>
    /// Signing in, registering, a link from a mail: what they do does not depend on who is signed in, which may have changed since.
    /// </summary>
    static bool IsForEverybody(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata
        && (metadata.GetMetadata<IAllowAnonymous>() is not null || metadata.GetMetadata<IAuthorizeData>() is null);

    /// <summary>For whom the form that was sent was drawn; null when that cannot be told, or was nobody.</summary>
    public async Task<string?> DrawnFor(HttpContext context)
    {
        if (await Sent(context.Request) is not { Length: > 0 } token)
            return null;
        try
        {
            return _protector.Unprotect(token) is { Length: > 0 } whose ? whose : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    static string Whose(HttpContext context) => Asker.Of(context) ?? Nobody;
}
