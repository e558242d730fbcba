using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Antiforgery;

namespace Ensen.Ui;

/// <summary>
/// The one way in which a page's form is sent and answered. A page only shows; its forms are answered by an endpoint that stands beside it
/// (<c>SendForms.cs</c> for <c>SendPage.razor</c>). The endpoint does the one thing and leads on: by a redirect, so that neither Back nor a
/// reload sends the form again, or, where a script sent it, in JSON.
/// </summary>
public static class PageForms
{
    /// <summary>
    /// Opens the whole address that the form names as its action. The form's token is checked before <paramref name="answer"/> is asked,
    /// and the endpoint comes before a page at the same address.
    /// </summary>
    public static RouteHandlerBuilder MapForm(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string address, Delegate answer)
    {
        var form = routes.MapPost(address, answer).WithMetadata(new RequireAntiforgeryTokenAttribute()).ExcludeFromDescription();
        return form.WithOrder(-1);
    }

    /// <summary>A script sent the form and reads the answer itself.</summary>
    public static bool IsScript(this HttpContext http) =>
        http.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal);

    /// <summary>Answers as the sender reads it: a script in JSON, a plain form by the page that says the same.</summary>
    public static IResult Answer(this HttpContext http, FormAnswer answer, string page) =>
        http.IsScript() ? Results.Json(answer) : Results.LocalRedirect(page);

    /// <summary>Answers with the page that <paramref name="answer"/> leads to.</summary>
    public static IResult Answer(this HttpContext http, FormAnswer answer) => http.Answer(answer, answer.Url!);
}

/// <summary>What pay.js is told of what it sent: paid (and where to go), refused (why, or the page that says so), or checking.</summary>
public sealed record FormAnswer(string Result, string? Url = null, string? Message = null)
{
    /// <summary>Nobody knows yet; the script asks until somebody does.</summary>
    public static FormAnswer Checking { get; } = new("checking");

    /// <summary>Done, and told at <paramref name="page"/>.</summary>
    public static FormAnswer Done(string page) => new("paid", page);

    /// <summary>Not done, for a reason that the form's page says in place.</summary>
    public static FormAnswer Refused(string message) => new("refused", Message: message);

    /// <summary>Not done, and told at <paramref name="page"/>, which shows the form as it was sent.</summary>
    public static FormAnswer RefusedAt(string page) => new("refused", page);
}
