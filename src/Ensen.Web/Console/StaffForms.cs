using Ensen.Basics;
using Ensen.Staff;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Rooms;

/// <summary>Inviting somebody into the console, the second person's approval, and the end of an account.</summary>
static class StaffForms
{
    const string Page = "/console/staff";

    public static void Map(IEndpointRouteBuilder staff)
    {
        staff.MapForm("/console/staff/invite", Invite);
        staff.MapForm("/console/staff/approve", Approve);
        staff.MapForm("/console/staff/dismiss", Dismiss);
    }

    static async Task<IResult> Invite(HttpContext http, [FromForm] string? name, [FromForm] string? signIn, [FromForm] string? person,
        InviteOperator invite, Programme programme, SentBack sentBack, CancellationToken ct)
    {
        var roles = RoleNames.Read(http.Request.Form["role"].OfType<string>()) ?? OperatorRoles.None;
        var isKnown = Id.TryParse(person, out PersonId id);
        var answer = await invite.Run(new InviteOperatorRequest(
            name ?? "", signIn ?? "", roles, isKnown ? id : null, new ActingOperator(http.OperatorId())), ct);
        return Results.LocalRedirect(answer.Accepted
            ? sentBack.Address(http, Page, [
                KeyValuePair.Create("told", "invited"),
                KeyValuePair.Create("link", $"{programme.Origin}/console/join/{answer.Value.Token}")])
            : sentBack.Address(http, Page, ("told", "invite_" + answer.Refusal)));
    }

    static async Task<IResult> Approve(HttpContext http, [FromForm] string? account, ApproveInvitation approve, SentBack sentBack,
        CancellationToken ct)
    {
        var answer = await approve.Run(Account(account), http.OperatorId(), ct);
        return Told(http, sentBack, answer.Accepted ? "approved" : "approve_" + answer.Refusal);
    }

    static async Task<IResult> Dismiss(HttpContext http, [FromForm] string? account, [FromForm] string? reason, DismissOperator dismiss,
        SentBack sentBack, CancellationToken ct)
    {
        var answer = await dismiss.Run(
            new DismissOperatorRequest(Account(account), reason ?? "", new ActingOperator(http.OperatorId())), ct);
        return Told(http, sentBack, answer.Accepted ? "dismissed" : "dismiss_" + answer.Refusal);
    }

    /// <summary>What is no account's number is nobody's.</summary>
    static OperatorId Account(string? text) => Id.TryParse(text, out OperatorId id) ? id : default;

    static IResult Told(HttpContext http, SentBack sentBack, string what) =>
        Results.LocalRedirect(sentBack.Address(http, Page, [KeyValuePair.Create("told", what)]));
}
