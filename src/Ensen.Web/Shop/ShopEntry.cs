using Ensen.Access;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Shop;

/// <summary>
/// Somebody signs in at their merchant's desk, or begins there by an invitation's link. Password and code are in no address.
/// </summary>
static class ShopEntry
{
    const string SignInPage = "/shop/sign-in";

    public static void Map(IEndpointRouteBuilder anybody)
    {
        anybody.MapForm("/shop/sign-in", SignIn);
        anybody.MapForm("/shop/sign-in/passkey/options", PasskeyDoor.Ask(SignInPage));
        anybody.MapForm("/shop/sign-in/passkey", PasskeyDoor.Enter(SignInPage, "/shop", EnterByPasskey));
        anybody.MapForm("/shop/join", Join);
        anybody.MapForm("/shop/join/options", AskPasskey);
    }

    static async Task<IResult> SignIn(HttpContext http, [FromForm] string? name, [FromForm] string? password, [FromForm] string? code,
        [FromForm] string? then, ShopSignIn signIn, KnownDevices known, SentBack sentBack, CancellationToken ct)
    {
        var answer = await signIn.Run(new ShopSignInRequest(
            name ?? "", password ?? "", code, RequestDevice.DeviceOf(http), RequestDevice.AddressOf(http), await known.Of(http, ct)), ct);
        if (!answer.Accepted)
            return Results.LocalRedirect(sentBack.Address(http, SignInPage, ("fault", answer.Refusal.ToString())));
        await Enter(http, answer.Value);
        return Results.LocalRedirect(string.IsNullOrEmpty(then) ? "/shop" : RequestDevice.Then(then));
    }

    static async Task<bool> EnterByPasskey(HttpContext http, SignedByPasskey signed, CancellationToken ct)
    {
        var answer = await http.RequestServices.GetRequiredService<ShopSignIn>().ByPasskey(signed, RequestDevice.DeviceOf(http), ct);
        if (answer.Accepted)
            await Enter(http, answer.Value);
        return answer.Accepted;
    }

    static async Task Enter(HttpContext http, OpenedSession session)
    {
        await http.SignInWith(session);
        await http.RequestServices.GetRequiredService<KnownDevices>()
            .Remember(http, session.Caller.Subject.Id, session.Caller.Session);
    }

    /// <summary>
    /// What to ask the device of whoever joins. What would be refused anyway is told first: nobody makes a passkey in vain.
    /// </summary>
    static async Task<IResult> AskPasskey(HttpContext http, [FromForm] string? token, [FromForm] string? name,
        [FromForm] string? password, JoinShop join, PasskeyCeremonies ceremonies, Programme programme, SentBack sentBack,
        CancellationToken ct)
    {
        var page = PageOf(token);
        if (!http.IsScript())
            return Results.LocalRedirect(page);
        if (await join.Find(token ?? "", ct) is not { } account || !ceremonies.Available(http))
            return Results.Json(new PasskeyTold(Url: page));
        var faults = PasswordRule.Told(programme.Membership, password ?? "", name);
        if (!SignInName.TryParse(name, out var kept) || faults.Count > 0)
            return Results.Json(new PasskeyTold(Url: sentBack.Address(http, page,
                ("fault", kept is null ? nameof(JoinShopRefusal.InvalidName) : nameof(JoinShopRefusal.InvalidPassword)),
                ("faults", string.Join(',', faults)), ("by", "passkey"))));
        var asked = await ceremonies.AskNew(http, JoiningCaller.Of(token!, Subject.ShopAccount(account.Id)), kept);
        return Results.Json(new PasskeyTold(asked.Options, asked.Ticket));
    }

    static async Task<IResult> Join(HttpContext http, [FromForm] string? token, [FromForm] string? name, [FromForm] string? password,
        [FromForm] string? by, [FromForm] string? code, [FromForm] string? ticket, [FromForm] string? credential,
        JoinShop join, InvitationSecrets secrets, PasskeyCeremonies ceremonies, Programme programme, SentBack sentBack,
        CancellationToken ct)
    {
        var page = PageOf(token);
        if (await join.Find(token ?? "", ct) is not { } account)
            return Results.LocalRedirect(page);
        var made = by == "passkey"
            ? await ceremonies.Made(http, JoiningCaller.Of(token!, Subject.ShopAccount(account.Id)), ticket, credential) : null;
        if (by == "passkey" && made is null)
            return Back("NotKept", []);
        var offered = by == "totp" ? secrets.Of(token!) : null;
        var answer = await join.Run(new JoinShopRequest(token!, name ?? "", password ?? "", RequestDevice.AddressOf(http),
            RequestDevice.DeviceOf(http), offered, code, made), ct);
        if (!answer.Accepted)
            return Back(made is not null && answer.Refusal == JoinShopRefusal.InvalidCode ? "NotKept" : answer.Refusal.ToString(),
                PasswordRule.Told(programme.Membership, password ?? "", name));
        await Enter(http, answer.Value.Session);
        return Results.LocalRedirect("/shop");

        // Neither the password nor what a device made comes back; what was wrong with the password is told by name.
        IResult Back(string fault, IEnumerable<PasswordFault> faults) => Results.LocalRedirect(sentBack.Address(http, page,
        [
            KeyValuePair.Create("fault", fault), KeyValuePair.Create("faults", string.Join(',', faults)),
            KeyValuePair.Create("name", name is { Length: <= 100 } ? name : ""), KeyValuePair.Create("by", by ?? ""),
        ]));
    }

    static string PageOf(string? token) => $"/shop/join/{Uri.EscapeDataString(token is { Length: > 0 and <= 100 } ? token : "-")}";
}
