using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Notices;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>
/// The forms of the account page: how pages are shown, the mail that confirms an address, and signing out of this device or others.
/// </summary>
static class AccountForms
{
    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/account/show", Show);
        member.MapForm("/account/mail-again", MailAgain);
        member.MapForm("/account/mail-resume", MailResume);
        member.MapForm("/sign-out", SignOut);
        member.MapForm("/sign-out/device", SignOutDevice);
        member.MapForm("/sign-out/others", SignOutOthers);
    }

    static async Task<IResult> Show(HttpContext http, [FromForm] string? language, [FromForm] string? theme, Preferences preferences,
        CancellationToken ct)
    {
        if (await preferences.Keep(http.MemberId(), language ?? "", theme ?? "", ct))
            ShownAs.Remember(http, language!, theme!);
        return Told("kept");
    }

    static async Task<IResult> MailAgain(HttpContext http, ConfirmMail confirm, CancellationToken ct) =>
        (await confirm.SendAgain(http.MemberId(), RequestDevice.AddressOf(http), ct)).Refusal switch
        {
            SendMailRefusal.NotAvailable => Results.LocalRedirect("/account"),
            SendMailRefusal.TooManyRequests => Told("mailed-enough"),
            _ => Told("mailed"),
        };

    static async Task<IResult> MailResume(HttpContext http, MemberDirectory directory, MailBounces bounces, CancellationToken ct)
    {
        if (await directory.Find(http.MemberId(), ct) is { Email: { } email })
            await bounces.Forget(email, ct);
        return Told("mail-resumed");
    }

    static async Task<IResult> SignOut(HttpContext http)
    {
        await http.SignOutOf(SubjectKind.Member);
        return Results.LocalRedirect("/");
    }

    static async Task<IResult> SignOutDevice(HttpContext http, [FromForm] string? device, EndDevices devices, CancellationToken ct)
    {
        if (Id.TryParseBare(device ?? "", out var id))
            await devices.One(http.Caller(), new SessionId(id), ct);
        return Told("signed-out");
    }

    static async Task<IResult> SignOutOthers(HttpContext http, EndDevices devices, CancellationToken ct)
    {
        await devices.Others(http.Caller(), ct);
        return Told("signed-out");
    }

    static IResult Told(string what) => Results.LocalRedirect($"/account?told={what}");
}
