using Ensen.Web.Edge;
using Microsoft.AspNetCore.Antiforgery;

namespace Ensen.Web.Start;

/// <summary>
/// What no page can take is answered once, before any of them: a form or an address that cannot be read, and a form without its token.
/// </summary>
static class Forms
{
    /// <summary>No text of ours holds a zero character, and PostgreSQL keeps none.</summary>
    public static async Task Readable(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var fault = StartSetup.IsTelling(context) ? 0
            : request.QueryString.HasValue && request.Query.Any(field => HoldsZero(field.Key) || field.Value.Any(HoldsZero))
                ? StatusCodes.Status400BadRequest
            : request.HasFormContentType && !StartSetup.IsOrder(context) ? await FaultOfForm(request, context.RequestAborted)
            : 0;
        if (fault == 0)
            await next(context);
        else
            await Refuse(context, fault, null);
    }

    /// <summary>The token is missing, or is not of this browser: nothing of the form was taken, and the page says so.</summary>
    public static Task Tokens(HttpContext context, RequestDelegate next) =>
        context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false } && StartSetup.IsForPeople(context)
            ? Refuse(context, StatusCodes.Status400BadRequest, Trouble.Stale)
            : next(context);

    static async Task<int> FaultOfForm(HttpRequest request, CancellationToken ct)
    {
        try
        {
            var form = await request.ReadFormAsync(ct);
            return form.Any(field => HoldsZero(field.Key) || field.Value.Any(HoldsZero)) ? StatusCodes.Status400BadRequest : 0;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // Too large, not a form after all, or one that ends in the middle.
            return e is BadHttpRequestException told ? told.StatusCode : StatusCodes.Status400BadRequest;
        }
    }

    static bool HoldsZero(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true;

    static Task Refuse(HttpContext context, int status, string? because)
    {
        if (!StartSetup.IsForPeople(context))
            return new Problem("invalid_request").ExecuteAsync(context);
        context.Items[typeof(Trouble)] = because;
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
