using Ensen.Access;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Rooms;

/// <summary>An operator signs in and out, and begins by an invitation's link. Password and code are in no address.</summary>
static class SignInForms
{
    const string SignInPage = "/console/sign-in";

    public static void Map(IEndpointRouteBuilder anybody, IEndpointRouteBuilder console)
    {
        anybody.MapForm("/console/sign-in", SignIn);
        anybody.MapForm("/console/join", Join);
        console.MapForm("/console/sign-out", SignOut);
    }

    static async Task<IResult> SignIn(HttpContext http, [FromForm] string? name, [FromForm] string? password, [FromForm] string? code,
        [FromForm] string? then, OperatorSignIn signIn, KnownDevices known, SentBack sentBack, CancellationToken ct)
    {
        var answer = await signIn.Run(new OperatorSignInRequest(
            name ?? "", password ?? "", code, RequestDevice.DeviceOf(http), RequestDevice.AddressOf(http), known.Of(http)), ct);
        if (!answer.Accepted)
            return Results.LocalRedirect(sentBack.Address(http, SignInPage, ("fault", answer.Refusal.ToString())));
        await http.SignInWith(answer.Value);
        known.Remember(http, answer.Value.Caller.Owner);
        return Results.LocalRedirect(string.IsNullOrEmpty(then) ? "/console" : RequestDevice.Then(then));
    }

    static async Task<IResult> Join(HttpContext http, [FromForm] string? token, [FromForm] string? secret, [FromForm] string? password,
        [FromForm] string? code, JoinStaff join, JoinSecret secrets, Programme programme, SentBack sentBack, CancellationToken ct)
    {
        var page = $"/console/join/{Uri.EscapeDataString(token is { Length: > 0 and <= 100 } ? token : "-")}";
        if (secrets.Open(secret, token ?? "") is not { } offered)
            return Results.LocalRedirect(page);
        var answer = await join.Run(new JoinStaffRequest(token!, password ?? "", offered, code, RequestDevice.AddressOf(http)), ct);
        if (answer.Accepted)
            return Results.LocalRedirect($"{SignInPage}?told=joined");
        // The password does not come back, so that what was wrong with it is told by name.
        var faults = PasswordRule.Faults(programme.Membership, password ?? "");
        return Results.LocalRedirect(sentBack.Address(
            http, page, ("fault", answer.Refusal.ToString()), ("faults", string.Join(',', faults))));
    }

    static async Task<IResult> SignOut(HttpContext http)
    {
        await http.SignOutOf(SubjectKind.Operator);
        return Results.LocalRedirect(SignInPage);
    }
}
