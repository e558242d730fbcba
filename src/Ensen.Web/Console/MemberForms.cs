using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Rooms;

/// <summary>
/// What operators send of members: whom they look for and why, a freeze, the lifting of a restriction. What was typed travels sealed, so
/// that no address holds a name or a telephone number.
/// </summary>
static class MemberForms
{
    const string Members = "/console/members";

    public static void Map(IEndpointRouteBuilder support, IEndpointRouteBuilder security)
    {
        support.MapForm("/console/members/search", (HttpContext http, SentBack sentBack) =>
            Results.LocalRedirect(sentBack.Address(http, Members)));
        support.MapForm("/console/members/open", Open);
        security.MapForm("/console/members/freeze", Freeze);
        security.MapForm("/console/members/lift", Lift);
        security.MapForm("/console/members/throw-out", ThrowOne);
    }

    static IResult Open(HttpContext http, [FromForm] string? member, SentBack sentBack) =>
        Results.LocalRedirect(sentBack.Address(http, PageOf(member)));

    static async Task<IResult> Freeze(HttpContext http, [FromForm] string? member, [FromForm] string? reason, Restrict restrict,
        SentBack sentBack, CancellationToken ct)
    {
        if (!Id.TryParse(member, out MemberId id))
            return Results.LocalRedirect(Members);
        var answer = await restrict.Run(
            RestrictRequest.ByOperator(http.OperatorId(), id, RestrictionKind.Frozen, reason ?? ""), ct);
        return Back(http, sentBack, member, answer.Accepted ? "frozen" : "freeze_" + answer.Refusal);
    }

    static async Task<IResult> Lift(HttpContext http, [FromForm] string? member, [FromForm] string? restriction, [FromForm] string? reason,
        LiftRestriction lift, SentBack sentBack, CancellationToken ct)
    {
        if (!Id.TryParse(restriction, out RestrictionId id))
            return Results.LocalRedirect(Members);
        var answer = await lift.Run(new LiftRestrictionRequest(id, reason ?? "", http.OperatorId()), ct);
        return Back(http, sentBack, member, answer.Accepted ? "lifted" : "lift_" + answer.Refusal);
    }

    static async Task<IResult> ThrowOne(HttpContext http, [FromForm] string? member, [FromForm] string? device, [FromForm] string? passkey,
        [FromForm] string? reason, ThrowOut throwOut, SentBack sentBack, CancellationToken ct)
    {
        if (!Id.TryParse(member, out MemberId id))
            return Results.LocalRedirect(Members);
        var answer = await throwOut.Run(new ThrowOutRequest(id, Id.TryParse(device, out SessionId session) ? session : null,
            Id.TryParse(passkey, out PasskeyId key) ? key : null, reason ?? "", http.OperatorId()), ct);
        return Back(http, sentBack, member, answer.Accepted ? "thrown" : "throw_" + answer.Refusal);
    }

    /// <summary>The profile again, with what came of it; the reason of the look is still the one that it was opened with.</summary>
    internal static IResult Back(HttpContext http, SentBack sentBack, string? member, string told) =>
        Results.LocalRedirect(sentBack.Address(http, PageOf(member), ("told", told), ("reason", http.Request.Form["opened"].ToString())));

    static string PageOf(string? member) => Id.TryParse(member, out MemberId id) ? $"{Members}/{id}" : Members;
}
