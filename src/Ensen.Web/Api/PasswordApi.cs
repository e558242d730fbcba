using Ensen.Access;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

sealed record PasswordBody(string Password);

/// <summary>How many other devices were signed out.</summary>
sealed record PasswordAnswer(int SignedOut);

/// <summary>The member's own password.</summary>
static class PasswordApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPut("/me/password", Change)
            .Named("changePassword",
                "Gives the member another password; takes a Step-Up. Every other session ends. A password against the programme's rule is refused "
                + "(invalid_request).")
            .RequireAuthorization(Policies.Member).RequireRateLimiting(RateLimits.Challenges).MayTakeStepUp()
            .Produces<PasswordAnswer>().Refuses(400, 429);

    static async Task<IResult> Change(HttpContext context, Body<PasswordBody> body, ChangePassword change, CancellationToken ct)
    {
        if (body.Value is not { Password: { } password }) return body.Problem ?? Problem.Invalid("password");
        var answer = await change.Run(new ChangePasswordRequest(
            context.MemberId(), password, context.Proof(), RequestDevice.DeviceOf(context), RequestDevice.AddressOf(context)), ct);
        return answer.Refusal switch
        {
            ChangePasswordRefusal.None => Results.Ok(new PasswordAnswer(answer.Value!.SignedOut)),
            ChangePasswordRefusal.StepUpRequired => Problem.StepUpRequired,
            ChangePasswordRefusal.WeakPassword => Problem.Invalid("password"),
            _ => new Problem("too_many_requests", HashLine.ComeAgain),
        };
    }
}
