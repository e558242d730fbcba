using System.Text.Json.Serialization;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <param name="Device">What the member calls the device, as it stands in the list of devices.</param>
/// <param name="ChallengeId">Of the reset that has just set the password: what was shown for it is not asked for again, once.</param>
sealed record SignInBody(string Email, string Password, string Device, string? ChallengeId = null);

/// <summary>A session: the token is told once.</summary>
sealed record SessionOpened(string Token);

/// <summary>
/// What is still to be shown, by one of <paramref name="Methods"/>, the best first. <paramref name="Dial"/>: the number to call from the
/// registered telephone, until <paramref name="ExpiresAt"/>.
/// </summary>
sealed record SecondStepOpen(string ChallengeId, IReadOnlyList<string> Methods,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Dial = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ExpiresAt = null);

/// <summary>One of the methods, and the code where the method has one.</summary>
sealed record SecondStepBody(string Method, string? Code = null);

/// <summary>What was asked for is shown: another password may be set.</summary>
sealed record SecondStepShown(string Status);

sealed record ResetBody(string Email);

/// <summary>For how long a link works, should one have been mailed.</summary>
sealed record ResetAsked(int LinkMinutes);

sealed record ResetLinkBody(string Token, string Device);

/// <summary>Signing in for programs, and a forgotten password: what the pages under <c>/sign-in</c> do.</summary>
static class SessionsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/sessions", Open)
            .Named("openSession",
                "Signs a member in by address and password: 201 with a token, or 202 where a second factor is to be shown first. Whatever is wrong, "
                + "the answer is the same. `challengeId` is that of a reset that has just set the password: what was shown for it counts once.")
            .AllowAnonymous().Produces<SessionOpened>(201).Produces<SecondStepOpen>(202).Refuses(400, 401, 429);
        api.MapPost("/sessions/{challengeId}/answer", Show)
            .Named("answerSession",
                "The second step, by one of the methods: `totp` and `recovery_code` with a `code`, `call` without. 201 with a token; by `call` 202 "
                + "with the number to dial until the call has come, so the same is asked again after it. A reset is answered with 200 `passed`.")
            .AllowAnonymous().Produces<SessionOpened>(201).Produces<SecondStepOpen>(202).Produces<SecondStepShown>()
            .Refuses(400, 401, 410, 422, 429);
        api.MapPost("/password-resets", Ask)
            .Named("askPasswordReset",
                "Mails a link for a new password to the member who confirmed the address, if there is one: the same answer for every address.")
            .AllowAnonymous().Produces<ResetAsked>(202).Refuses(400, 422, 429);
        api.MapPost("/password-resets/link", Begin)
            .Named("beginPasswordReset",
                "By the token of the mail's link: 202 with what is to be shown next at /sessions/{challengeId}/answer; no method where nothing is.")
            .AllowAnonymous().Produces<SecondStepOpen>(202).Refuses(400, 410);
        api.MapPut("/password-resets/{challengeId}/password", Set)
            .Named("resetPassword",
                "Sets the new password once that was shown, once for the link; every session of the member ends. One against the programme's rule is "
                + "refused (invalid_request).")
            .AllowAnonymous().Produces<PasswordAnswer>().Refuses(400, 401, 410, 429);
    }

    static async Task<IResult> Open(HttpContext context, Body<SignInBody> body, SignIn signIn, KnownDevices known, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (!OneLineName.TryMasked(asked.Device, out var device)) return Problem.Invalid("device");
        var answer = await signIn.Run(
            new SignInRequest(
                asked.Email, asked.Password, device, RequestDevice.AddressOf(context), await known.Of(context, ct), asked.ChallengeId), ct);
        return answer.Session is { } session ? Opened(session)
            : answer.Next is { } next ? Results.Json(Of(next), statusCode: StatusCodes.Status202Accepted)
            : answer.Refusal == SignInRefusal.Unauthenticated ? Problem.NotSignedIn
            : Problem.Of(answer.Refusal, answer.Wait);
    }

    static async Task<IResult> Show(HttpContext context, string challengeId, Body<SecondStepBody> body, SecondStep step, KnownDevices known,
        CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (ChallengesApi.MethodOf(asked.Method) is not { } method) return Problem.Invalid("method");
        var answer = await step.Run(
            new SecondStepRequest(challengeId, method, asked.Code, RequestDevice.AddressOf(context), await known.Of(context, ct)), ct);
        if (answer.Call is { } call)
            return Results.Json(new SecondStepOpen(challengeId, [asked.Method], call.Asks, JapanDay.InTokyo(call.ExpiresAt)),
                statusCode: StatusCodes.Status202Accepted);
        return answer.IsDone
            ? answer.Session is { } session ? Opened(session) : Results.Ok(new SecondStepShown("passed"))
            : answer.Refusal == SecondStepRefusal.Unauthenticated ? Problem.WrongCode
            : Problem.Of(answer.Refusal, answer.Wait);
    }

    static async Task<IResult> Ask(HttpContext context, Body<ResetBody> body, AskPasswordReset reset, Programme programme,
        CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var answer = await reset.Run(new PasswordResetAsked(asked.Email, RequestDevice.AddressOf(context)), ct);
        return answer.Refusal switch
        {
            AskPasswordResetRefusal.None => Results.Json(
                new ResetAsked(programme.Membership.ResetLinkMinutes), statusCode: StatusCodes.Status202Accepted),
            AskPasswordResetRefusal.InvalidRequest => Problem.Invalid("email"),
            var refusal => Problem.Of(refusal, TimeSpan.FromHours(1)),
        };
    }

    static async Task<IResult> Begin(Body<ResetLinkBody> body, ResetPassword reset, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (!OneLineName.TryMasked(asked.Device, out var device)) return Problem.Invalid("device");
        return await reset.Begin(asked.Token, device, ct) is { } next
            ? Results.Json(Of(next), statusCode: StatusCodes.Status202Accepted)
            : new Problem("lapsed");
    }

    static async Task<IResult> Set(HttpContext context, string challengeId, Body<PasswordBody> body, ResetPassword reset,
        CancellationToken ct)
    {
        if (body.Value is not { Password: { } password }) return body.Problem ?? Problem.Invalid("password");
        var answer = await reset.Run(new ResetPasswordRequest(
            challengeId, password, RequestDevice.DeviceOf(context), RequestDevice.AddressOf(context)), ct);
        return answer.Refusal switch
        {
            ResetPasswordRefusal.None => Results.Ok(new PasswordAnswer(answer.Value!.SignedOut)),
            ResetPasswordRefusal.StepUpRequired => new Problem("unauthenticated"),
            ResetPasswordRefusal.WeakPassword => Problem.Invalid("password"),
            ResetPasswordRefusal.TooManyRequests => new Problem("too_many_requests", HashLine.ComeAgain),
            _ => new Problem("lapsed"),
        };
    }

    static IResult Opened(OpenedSession session) =>
        Results.Json(new SessionOpened(session.Token), statusCode: StatusCodes.Status201Created);

    static SecondStepOpen Of(SecondStepAsked next) => new(next.Token, [.. next.Methods.Select(ChallengesApi.NameOf)]);
}
