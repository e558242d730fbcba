using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>The form of another password. What was typed is kept nowhere: the proof comes first, then the new password.</summary>
static class PasswordForms
{
    const string Page = "/account/password";

    public static IReadOnlyList<StepUpAct> Acts { get; } =
        [new(ChangePassword.Purpose, Page, (_, _, _) => Task.FromResult(Results.LocalRedirect(Page)))];

    public static void Map(IEndpointRouteBuilder member) => member.MapForm("/account/password", Change);

    static async Task<IResult> Change(
        HttpContext http, [FromForm] string? password, ChangePassword change, MemberDirectory directory, Programme programme,
        SentBack sentBack, CancellationToken ct)
    {
        var answer = await change.Run(new ChangePasswordRequest(
            http.MemberId(), password ?? "", http.Proof(), RequestDevice.DeviceOf(http), RequestDevice.AddressOf(http)), ct);
        if (answer.Accepted)
            return Results.LocalRedirect("/account?told=password-changed");
        if (answer.Refusal == ChangePasswordRefusal.StepUpRequired)
            return Results.LocalRedirect($"{Page}?told=lapsed");
        var email = (await directory.Find(http.MemberId(), ct))?.Email;
        var faults = PasswordRule.Told(programme.Membership, password ?? "", email);
        return Results.LocalRedirect(answer.Refusal == ChangePasswordRefusal.WeakPassword
            ? sentBack.Address(http, Page, ("passwordFaults", string.Join(',', faults)))
            : sentBack.Address(http, Page, ("fault", Problem.Code(answer.Refusal.ToString()))));
    }
}
