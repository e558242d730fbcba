using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Welcome;

/// <summary>
/// A forgotten password: the address, the link of the mail, the second step (<see cref="SecondStepForms"/>), the new password. Whatever
/// address is typed, the same is said. Who has lost everything comes the same way, by the link of a recovery, and stops one here.
/// </summary>
static class ResetForms
{
    public const string AskPage = "/sign-in/forgotten";
    public const string LinkPage = "/sign-in/reset";
    public const string NewPasswordPage = "/sign-in/new-password";

    public static void Map(IEndpointRouteBuilder open)
    {
        open.MapForm("/sign-in/forgotten", Ask);
        open.MapForm("/sign-in/reset", Begin);
        open.MapForm("/sign-in/new-password", Set);
        open.MapForm("/recovery/stop", Stop);
    }

    static async Task<IResult> Ask(HttpContext http, [FromForm] string? email, AskPasswordReset reset, SentBack sentBack,
        ILogger<AskPasswordReset> log, CancellationToken ct)
    {
        // The mail goes to the address that its owner confirmed: where else somebody would like it to go is read by nobody.
        if (http.Request.Form.Keys.Any(field => field is not ("email" or ['_', ..])))
            log.LogWarning("A new password was asked for with fields that no page of ours sends; they were ignored");
        var answer = await reset.Run(new PasswordResetAsked(email ?? "", RequestDevice.AddressOf(http)), ct);
        return Results.LocalRedirect(answer.Accepted ? $"{AskPage}?told=mailed"
            : sentBack.Address(http, AskPage, ("fault", answer.Refusal.ToString())));
    }

    static async Task<IResult> Begin(HttpContext http, [FromForm] string? token, ResetPassword reset, CancellationToken ct) =>
        await reset.Begin(token, RequestDevice.DeviceOf(http), ct) is { } next
            ? SecondStepForms.Ask(http, next, null)
            : Results.LocalRedirect($"{AskPage}?told=lapsed");

    static async Task<IResult> Stop([FromForm] string? token, StopRecovery stop, CancellationToken ct) =>
        Results.LocalRedirect($"/recovery/stop?told={((await stop.ByLink(token, ct)).Accepted ? "stopped" : "over")}");

    static async Task<IResult> Set(HttpContext http, [FromForm] string? password, ResetPassword reset, SecondStep step,
        Programme programme, SentBack sentBack, CancellationToken ct)
    {
        var token = SecondStepForms.Token(http);
        var answer = await reset.Run(
            new ResetPasswordRequest(token, password ?? "", RequestDevice.DeviceOf(http), RequestDevice.AddressOf(http)), ct);
        switch (answer.Refusal)
        {
            case ResetPasswordRefusal.None:
                // What was shown counts for the sign-in that follows in this browser, whose cookie has the token.
                await http.SignOutOf(SubjectKind.Member);
                return Results.LocalRedirect("/sign-in?told=reset");
            case ResetPasswordRefusal.WeakPassword:
                var email = (await step.Find(token, ct))?.Member.Email;
                var faults = PasswordRule.Told(programme.Membership, password ?? "", email);
                return Results.LocalRedirect(sentBack.Address(http, NewPasswordPage, ("passwordFaults", string.Join(',', faults))));
            case ResetPasswordRefusal.TooManyRequests:
                return Results.LocalRedirect(sentBack.Address(http, NewPasswordPage, ("fault", "TooManyRequests")));
            case ResetPasswordRefusal.StepUpRequired:
                return Results.LocalRedirect(SecondStepForms.Page);
            default:
                return Results.LocalRedirect($"{AskPage}?told=lapsed");
        }
    }
}
