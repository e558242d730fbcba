using Ensen.Access;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Web.Edge;
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
        anybody.MapForm("/console/sign-in/passkey/options", PasskeyDoor.Ask(SignInPage));
        anybody.MapForm("/console/sign-in/passkey", PasskeyDoor.Enter(SignInPage, "/console", EnterByPasskey));
        anybody.MapForm("/console/join/options", AskPasskey);
        anybody.MapForm("/console/join", Join);
        console.MapForm("/console/sign-out", SignOut);
    }

    static async Task<IResult> SignIn(HttpContext http, [FromForm] string? name, [FromForm] string? password, [FromForm] string? code,
        [FromForm] string? then, OperatorSignIn signIn, KnownDevices known, SentBack sentBack, CancellationToken ct)
    {
        var answer = await signIn.Run(new OperatorSignInRequest(
            name ?? "", password ?? "", code, RequestDevice.DeviceOf(http), RequestDevice.AddressOf(http), await known.Of(http, ct)), ct);
        if (!answer.Accepted)
            return Results.LocalRedirect(sentBack.Address(http, SignInPage, ("fault", answer.Refusal.ToString())));
        await http.SignInWith(answer.Value);
        await known.Remember(http, answer.Value.Caller.Owner, answer.Value.Caller.Session);
        return Results.LocalRedirect(string.IsNullOrEmpty(then) ? "/console" : RequestDevice.Then(then));
    }

    static async Task<bool> EnterByPasskey(HttpContext http, SignedByPasskey signed, CancellationToken ct)
    {
        var answer = await http.RequestServices.GetRequiredService<OperatorSignIn>().ByPasskey(signed, RequestDevice.DeviceOf(http), ct);
        if (!answer.Accepted)
            return false;
        await http.SignInWith(answer.Value);
        await http.RequestServices.GetRequiredService<KnownDevices>()
            .Remember(http, answer.Value.Caller.Owner, answer.Value.Caller.Session);
        return true;
    }

    /// <summary>
    /// What to ask the device of whoever joins. A password that would be refused is told first: nobody makes a passkey in vain.
    /// </summary>
    static async Task<IResult> AskPasskey(HttpContext http, [FromForm] string? token, [FromForm] string? password, JoinStaff join,
        PasskeyCeremonies ceremonies, Programme programme, SentBack sentBack, CancellationToken ct)
    {
        var page = JoinPageOf(token);
        if (!http.IsScript())
            return Results.LocalRedirect(page);
        if (await join.Find(token ?? "", ct) is not { } account || !ceremonies.Available(http))
            return Results.Json(new PasskeyTold(Url: page));
        var faults = PasswordRule.Told(programme.Membership, password ?? "", account.SignInName);
        if (faults.Count > 0)
            return Results.Json(new PasskeyTold(Url: sentBack.Address(http, page,
                ("fault", nameof(JoinStaffRefusal.InvalidPassword)), ("faults", string.Join(',', faults)))));
        var asked = await ceremonies.AskNew(http, JoiningCaller.Of(token!, Subject.Operator(account.Id)), account.SignInName);
        return Results.Json(new PasskeyTold(asked.Options, asked.Ticket));
    }

    static async Task<IResult> Join(HttpContext http, [FromForm] string? token, [FromForm] string? secret, [FromForm] string? password,
        [FromForm] string? code, [FromForm] string? ticket, [FromForm] string? credential, JoinStaff join, OfferedSecret secrets,
        PasskeyCeremonies ceremonies, Programme programme, SentBack sentBack, CancellationToken ct)
    {
        var page = JoinPageOf(token);
        if (await join.Find(token ?? "", ct) is not { } account)
            return Results.LocalRedirect(page);
        var (offered, made) = (secrets.Open(secret, token!), string.IsNullOrEmpty(credential) ? null
            : await ceremonies.Made(http, JoiningCaller.Of(token!, Subject.Operator(account.Id)), ticket, credential));
        if (offered is null && made is null)
            return Results.LocalRedirect(sentBack.Address(http, page, [KeyValuePair.Create("fault", "NotKept")]));
        var answer = await join.Run(new JoinStaffRequest(
            token!, password ?? "", offered, code, RequestDevice.AddressOf(http), made, RequestDevice.DeviceOf(http)), ct);
        if (answer.Accepted)
            return Results.LocalRedirect($"{SignInPage}?told=joined");
        // The password does not come back, so that what was wrong with it is told by name.
        var faults = PasswordRule.Told(programme.Membership, password ?? "", account.SignInName);
        return Results.LocalRedirect(sentBack.Address(http, page,
        [
            KeyValuePair.Create("fault",
                made is not null && answer.Refusal == JoinStaffRefusal.InvalidCode ? "NotKept" : answer.Refusal.ToString()),
            KeyValuePair.Create("faults", string.Join(',', faults)),
            KeyValuePair.Create("secret", secret ?? ""),
        ]));
    }

    static string JoinPageOf(string? token) => $"/console/join/{Uri.EscapeDataString(token is { Length: > 0 and <= 100 } ? token : "-")}";

    static async Task<IResult> SignOut(HttpContext http)
    {
        await http.SignOutOf(SubjectKind.Operator);
        return Results.LocalRedirect(SignInPage);
    }
}
