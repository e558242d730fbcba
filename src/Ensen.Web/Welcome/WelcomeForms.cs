using System.Globalization;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Welcome;

/// <summary>Registering, the first step of signing in, and what the link in a mail asks: forms that anybody may send.</summary>
static class WelcomeForms
{
    public static void MapWelcome(this IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup("").AllowAnonymous();
        open.MapForm("/sign-in", EnterByPassword);
        open.MapForm("/register", Enrol);
        open.MapForm("/confirm-mail", Confirm);
        open.MapForm("/confirm-mail/release", Release);
        open.MapForm("/change-mail", ConfirmChange);
        open.MapForm("/change-mail/undo", UndoChange);
        SecondStepForms.Map(open);
        ResetForms.Map(open);
        ApplyForms.Map(open);
        PasskeyEntry.Map(open);
    }

    static async Task<IResult> EnterByPassword(
        HttpContext http, [FromForm] string? email, [FromForm] string? password, [FromForm] string? then,
        SignIn signIn, KnownDevices known, MemberDirectory directory, SentBack sentBack, CancellationToken ct)
    {
        var answer = await signIn.Run(
            new SignInRequest(email ?? "", password ?? "", RequestDevice.DeviceOf(http), RequestDevice.AddressOf(http),
                await known.Of(http, ct), SecondStepForms.Token(http)), ct);
        if (answer.Next is { } next)
            return SecondStepForms.Ask(http, next, then);
        if (answer.Session is { } session)
            return await SecondStepForms.Enter(http, session, then, known, directory, ct);
        var wait = Math.Ceiling((answer.Wait ?? TimeSpan.Zero).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Results.LocalRedirect(sentBack.Address(http, "/sign-in", ("fault", answer.Refusal.ToString()), ("wait", wait)));
    }

    static async Task<IResult> Enrol(
        HttpContext http, [FromForm] string? name, [FromForm] string? email, [FromForm] string? telephone, [FromForm] string? password,
        [FromForm] string? newsletter, [FromForm] string? postalMail, [FromForm] string? then,
        Register register, ConfirmMail confirm, SignIn signIn, KnownDevices known, RegistrationUnderWay joining, Programme programme,
        SentBack sentBack, TimeProvider clock, CancellationToken ct)
    {
        var asked = new RegisterRequest(name ?? "", email ?? "", telephone ?? "", password ?? "", Languages.Here.Tag,
            RequestDevice.AddressOf(http), Newsletter: newsletter == "1", PostalMail: postalMail == "1", As: Id.New<MemberId>(clock.Now()));
        var faults = Register.Check(programme.Membership, asked);
        if (faults.Count == 0)
        {
            var answer = await register.Run(asked, ct);
            if (confirm.CanSend && (answer.Accepted || answer.Refusal == RegisterRefusal.EmailTaken))
            {
                // The same for both, down to the cookie: which it was, the mailbox is told.
                joining.Begin(http, asked.As!.Value, RequestDevice.Then(then));
                return Results.LocalRedirect(sentBack.Address(http, "/register/sent"));
            }
            if (answer.Accepted)
            {
                var session = await signIn.Open(answer.Value.Member, RequestDevice.DeviceOf(http), ct);
                await http.SignInAs(answer.Value.Member, session);
                await known.Remember(http, answer.Value.Member.Id, session.Caller.Session);
                return Results.LocalRedirect(RequestDevice.Then(then));
            }
            faults = [answer.Refusal];
        }
        // The password does not come back with the rest, so that what was wrong with it is told by name.
        var ofPassword = PasswordRule.Told(programme.Membership, asked.Password, asked.Email);
        return Results.LocalRedirect(sentBack.Address(
            http, "/register", ("faults", string.Join(',', faults)), ("passwordFaults", string.Join(',', ofPassword))));
    }

    static async Task<IResult> Confirm(HttpContext http, [FromForm] string? token, ConfirmMail confirm, RegistrationUnderWay joining,
        Sessions sessions, KnownDevices known, CancellationToken ct)
    {
        var begun = joining.Of(http);
        var answer = await confirm.Run(token ?? "", begun?.Member, ct);
        // Who registered on this browser has just shown the address, too. Whoever opens the link elsewhere signs in with the password.
        if (answer.Accepted && begun?.Member == answer.Value.Id)
        {
            var subject = Subject.Member(answer.Value.Id);
            var session = await sessions.Open(subject, RequestDevice.DeviceOf(http), assurance: AssuranceLevel.Password, ct: ct);
            await http.SignInAs(answer.Value, session);
            await known.Remember(http, answer.Value.Id, session.Caller.Session);
        }
        return Tell(answer, "Confirmed");
    }

    static async Task<IResult> Release([FromForm] string? token, ConfirmMail confirm, CancellationToken ct) =>
        Tell(await confirm.Release(token ?? "", ct), "Released");

    static async Task<IResult> ConfirmChange([FromForm] string? token, ChangeMail change, CancellationToken ct)
    {
        var answer = await change.Confirm(token ?? "", ct);
        return Results.LocalRedirect($"/change-mail?told={(answer.Accepted ? "Changed" : answer.Refusal)}");
    }

    static async Task<IResult> UndoChange(HttpContext http, [FromForm] string? token, UndoMailChange undo, CancellationToken ct)
    {
        var answer = await undo.Run(token ?? "", RequestDevice.DeviceOf(http), ct);
        return Results.LocalRedirect($"/change-mail/undo?told={(answer.Accepted ? "Undone" : answer.Refusal)}");
    }

    static IResult Tell(Answer<Member, ConfirmMailRefusal> answer, string done) =>
        Results.LocalRedirect($"/confirm-mail?told={(answer.Accepted ? done : answer.Refusal)}");
}
