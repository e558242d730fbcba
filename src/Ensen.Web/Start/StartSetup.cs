using Ensen.Access;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;

namespace Ensen.Web.Start;

/// <summary>What people meet before and beside their own pages: the first page, and pages for when something is wrong.</summary>
static class StartSetup
{
    /// <summary>Friendly pages instead of bare status codes, for people only: programs keep their problem details.</summary>
    public static void UseTroublePages(this WebApplication app)
    {
        // Not in a branch: asking again under another address is routed from the top of the pipeline only.
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                ExceptionHandlingPath = "/trouble/500",
                CreateScopeForErrors = true,
                StatusCodeSelector = StatusOf,
                SuppressDiagnosticsCallback = IsTheirs
            });
        app.UseStatusCodePagesWithReExecute("/trouble/{0}", createScopeForStatusCodePages: true);
        app.Use(next => context => Tell(context, next));
        app.UseWhen(context => !IsForPeople(context), programs =>
        {
            programs.Use(next => context =>
            {
                context.Features.Get<IStatusCodePagesFeature>()?.Enabled = false;
                return next(context);
            });
            programs.UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandler = context => TypedResults.Problem(statusCode: context.Response.StatusCode).ExecuteAsync(context),
                StatusCodeSelector = StatusOf,
                SuppressDiagnosticsCallback = IsTheirs,
            });
            programs.Use(next => context => Unavailable.AskAgain(context, next));
        });
    }

    /// <summary>Whoever is not signed in as a member begins at the first page.</summary>
    public static Task First(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path == "/" && HttpMethods.IsGet(context.Request.Method)
            && !context.Request.Cookies.ContainsKey(SessionCookies.Name(SubjectKind.Member)))
        {
            context.Response.Redirect($"{context.Request.PathBase}/welcome{context.Request.QueryString}");
            return Task.CompletedTask;
        }
        return next(context);
    }

    /// <summary>
    /// A page that tells what went wrong is on its way: nobody is asked who they are for it, which might be what went wrong.
    /// </summary>
    public static bool IsTelling(HttpContext context) =>
        context.Features.Get<IStatusCodeReExecuteFeature>() is not null || context.Features.Get<IExceptionHandlerFeature>() is not null;

    // The page is asked for, whatever was sent: a form that failed once is not looked at again.
    static Task Tell(HttpContext context, RequestDelegate next)
    {
        if (IsTelling(context))
        {
            context.Items[typeof(HttpMethods)] = context.Request.Method;
            context.Request.Method = HttpMethods.Get;
            context.Features.Set<IAntiforgeryValidationFeature>(null);
        }
        return next(context);
    }

    static bool IsTheirs(ExceptionHandlerSuppressDiagnosticsContext failed) =>
        StatusOf(failed.Exception) < StatusCodes.Status500InternalServerError;

    // A form without its token, or one that is no form, is the sender's fault.
    static int StatusOf(Exception e) => e switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        InvalidDataException => StatusCodes.Status400BadRequest,
        LedgerBusyException => StatusCodes.Status429TooManyRequests,
        LedgerUnavailableException => StatusCodes.Status503ServiceUnavailable,
        _ => TransientFailure.Is(e) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
    };

    /// <summary>What a program orders at the API: nothing that pages need is of use to it.</summary>
    public static bool IsOrder(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && context.Request.Path.StartsWithSegments("/api");

    public static bool IsForPeople(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/api") && context.Request.Headers.Accept.ToString()
            .Contains("text/html", StringComparison.Ordinal);
}
