using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>Signing out: this device, another one, or all others. Binding the form is what makes its token be checked.</summary>
static class SignOutForms
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var signOut = routes.MapGroup("/sign-out").RequireAuthorization(Policies.Member).ExcludeFromDescription();
        signOut.MapPost("", This);
        signOut.MapPost("/device", One);
        signOut.MapPost("/others", Others);
    }

    static async Task<IResult> This(HttpContext http, IFormCollection form)
    {
        await http.SignOutOf(SessionKind.Member);
        return Results.Redirect("/");
    }

    static async Task<IResult> One(HttpContext http, [FromForm] string? device, Sessions sessions, CancellationToken ct)
    {
        if (Id.TryParseBare(device ?? "", out var id))
            await sessions.End(SessionKind.Member, http.MemberId(), id, ct);
        return Results.Redirect("/account?told=signed-out");
    }

    static async Task<IResult> Others(HttpContext http, IFormCollection form, Sessions sessions, CancellationToken ct)
    {
        await sessions.EndAll(SessionKind.Member, http.MemberId(), http.Caller().Session, ct);
        return Results.Redirect("/account?told=signed-out");
    }
}
