using System.Security.Claims;
using System.Text.Encodings.Web;
using Ensen.Access;
using Ensen.Web.Edge;
using Ensen.Web.Start;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Ensen.Web.Session;

/// <summary>What tells the four schemes apart: whose cookie they read, and where their people sign in.</summary>
public sealed class SessionSchemeOptions : AuthenticationSchemeOptions
{
    public SubjectKind Kind { get; set; }
    public string SignInPath { get; set; } = "/";
}

/// <summary>
/// Finds the caller by an opaque token that is looked up at every request, so that a session that ended is dead everywhere. Programs
/// send it as <c>Authorization: Bearer</c>, pages as a cookie; whoever sends the header is never taken for the cookie's owner.
/// </summary>
public sealed class SessionScheme(
    IOptionsMonitor<SessionSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Sessions sessions)
    : AuthenticationHandler<SessionSchemeOptions>(options, logger, encoder)
{
    const string Bearer = "Bearer ";
    static readonly object s_answered = new();

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (StartSetup.IsTelling(Context))
            return AuthenticateResult.NoResult();
        // Also an empty header, or one in another scheme: a cookie never speaks beside it.
        if (Request.Headers.Authorization.Count > 0)
            return Request.Headers.Authorization.ToString() is var header && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
                && await sessions.Who(header[Bearer.Length..].Trim(), Context.RequestAborted) is { } program
                    ? Success(program, byCookie: false)
                    : AuthenticateResult.Fail("The token is nobody's.");
        if (!Request.Cookies.TryGetValue(SessionCookies.Name(Options.Kind), out var token))
            return AuthenticateResult.NoResult();
        return await sessions.Who(token, Context.RequestAborted) is { } device && Policies.Name(device.Kind) == Policies.Name(Options.Kind)
            ? Success(device, byCookie: true)
            : AuthenticateResult.Fail("The session has ended.");
    }

    AuthenticateResult Success(Caller caller, bool byCookie) =>
        AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new CallerIdentity(caller, byCookie)), Scheme.Name));

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!IsFirstToAnswer())
            return;
        if (IsProgram())
        {
            Response.Headers.WWWAuthenticate = "Bearer";
            await new Problem("unauthenticated").ExecuteAsync(Context);
            return;
        }
        var then = HttpMethods.IsGet(Request.Method) ? Request.PathBase + Request.Path + Request.QueryString : await AsTyped(Before());
        Response.Redirect($"{Request.PathBase}{Options.SignInPath}?then={Uri.EscapeDataString(then)}");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (!IsFirstToAnswer())
            return Task.CompletedTask;
        if (IsProgram())
            return new Problem("forbidden").ExecuteAsync(Context);
        Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    /// <summary>The page of ours that a form stood on: that is where its sender wants to be again.</summary>
    string Before() => Uri.TryCreate(Request.Headers.Referer, UriKind.Absolute, out var page) && page.Authority == Request.Host.Value
        ? page.PathAndQuery : "/";

    /// <summary>
    /// The same page with what was typed into its form, for whom that was drawn and nobody else: a form that no page of ours has drawn is
    /// not filled in.
    /// </summary>
    async Task<string> AsTyped(string page) =>
        Request.HasFormContentType && Context.RequestServices.GetService<SentBack>() is { } sentBack
        && Context.RequestServices.GetService<IAntiforgery>() is FormTokens tokens
        && await tokens.DrawnFor(Context) is { } whose && whose.StartsWith(Policies.Name(Options.Kind) + " ", StringComparison.Ordinal)
            ? sentBack.Return(Context, page, whose)
            : page;

    bool IsProgram() => Request.Path.StartsWithSegments("/api") || Request.Headers.Authorization.Count > 0;

    // A policy of several schemes asks each of them to answer; one answer is enough.
    bool IsFirstToAnswer() => Context.Items.TryAdd(s_answered, true);
}
