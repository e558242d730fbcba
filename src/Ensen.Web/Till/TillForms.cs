using Ensen.Access;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Wallet;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Ensen.Web.Observability;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Till;

/// <summary>What the pages of the till send: each form has its antiforgery token, each movement of value its intent.</summary>
static class TillForms
{
    static readonly TimeSpan ScanKept = TimeSpan.FromMinutes(2);

    /// <summary>The code that was scanned before an amount was typed waits in this cookie for the next page.</summary>
    public const string Scanned = "ensen-scanned";

    /// <summary>The number of the store that was last signed in here: a tablet belongs to one, and its staff type the PIN only.</summary>
    public const string StoreNumber = "ensen-store";

    static readonly TimeSpan StoreKept = TimeSpan.FromDays(400);

    public static void MapTill(this IEndpointRouteBuilder app)
    {
        app.MapGroup("").AllowAnonymous().MapForm("/till/sign-in", SignIn);
        var till = app.MapGroup("").RequireAuthorization(Policies.Till).ExcludeFromDescription();
        till.MapForm("/till/sign-out", SignOut);
        till.MapGet("/till/stream", StoreStream.Events).WithPriority(RequestPriority.Essential);
        till.MapForm("/till/scanned", KeepScanned);
        till.MapGet("/till/qr/new", NewQr);
        TakeForms.Map(till);
        RefundForms.Map(till);
        ClerkForms.Map(till);
    }

    static async Task<IResult> SignIn(
        HttpContext context, Tills tills, KnownDevices known, [FromForm] string? number, [FromForm] string? pin, [FromForm] string? then,
        CancellationToken ct)
    {
        var answer = await tills.SignIn(new TillSignInRequest(
            number ?? "", pin ?? "", RequestDevice.DeviceOf(context), RequestDevice.AddressOf(context), await known.Of(context, ct)), ct);
        if (!answer.Accepted)
            return Results.LocalRedirect(
                $"/till/sign-in?refused={answer.Refusal}&number={Uri.EscapeDataString(number ?? "")}&then={Uri.EscapeDataString(then ?? "")}");
        await context.SignInWith(SubjectKind.Till, answer.Value.Token);
        context.Response.Cookies.Append(StoreNumber, number!.Trim(), SessionCookies.Options(context, StoreKept, "/till"));
        await known.Remember(context, answer.Value.Store.Id, answer.Value.Session);
        return Results.LocalRedirect(string.IsNullOrEmpty(then) ? "/till" : RequestDevice.Then(then));
    }

    static async Task<IResult> SignOut(HttpContext context)
    {
        await context.SignOutOf(SubjectKind.Till);
        return Results.LocalRedirect("/till/sign-in");
    }

    static IResult KeepScanned(HttpContext context, [FromForm] string? code)
    {
        Keep(context, code);
        return Results.LocalRedirect("/till/take");
    }

    /// <summary>Keeps a code for the page that takes it.</summary>
    public static void Keep(HttpContext context, string? code)
    {
        if (code is { Length: > 0 and <= 500 })
            context.Response.Cookies.Append(Scanned, Uri.EscapeDataString(code), new CookieOptions
            {
                HttpOnly = true,
                Secure = context.Request.IsHttps,
                SameSite = SameSiteMode.Strict,
                Path = "/till/take",
                MaxAge = ScanKept,
                IsEssential = true,
            });
    }

    /// <summary>
    /// Gives a code for one payment its order and its end, and puts them into the address: a reload shows the same code. A lapsed code that
    /// is shown again keeps its order, so that nobody pays both.
    /// </summary>
    static async Task<IResult> NewQr(
        HttpContext context, string? amount, string? order, OrdersShown orders, Programme programme, TimeProvider clock,
        CancellationToken ct)
    {
        if (!TypedAmount.TryRead(amount, out var yen))
            return Results.LocalRedirect("/till/qr?refused=InvalidAmount");
        var now = clock.GetUtcNow();
        var until = now.AddSeconds(programme.Codes.DynamicQrSeconds).ToUnixTimeSeconds();
        var code = Order.FitsCode(order) ? order : Id.Bare(Id.New(now));
        await orders.Keep(context.TillStoreId(), code, new TillId(context.Caller().Id), ct);
        return Results.LocalRedirect(FormattableString.Invariant($"/till/qr?amount={yen.Value}&order={code}&until={until}"));
    }
}
