using Ensen.Basics;
using Ensen.Identity;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Ensen.Web.Rooms;

/// <summary>
/// What operators send of verifications, and the pictures that they see. A picture is given to the operator who opened its verification
/// with a reason, for as long as that page's address opens, and to nobody else.
/// </summary>
static class VerificationForms
{
    const string Queue = "/console/verifications";

    public static void Map(IEndpointRouteBuilder identity)
    {
        identity.MapForm("/console/verifications/open", Open);
        identity.MapForm("/console/verifications/decide", Decide);
        identity.MapGet("/console/verifications/{verification}/{side}", Image).ExcludeFromDescription();
    }

    /// <summary>Where a picture of the page with this sealed reason is.</summary>
    public static string ImageOf(string verification, EvidenceSide side, string again) =>
        QueryHelpers.AddQueryString($"{Queue}/{verification}/{side}", SentBack.Name, again);

    static IResult Open(HttpContext http, [FromForm] string? verification, SentBack sentBack) =>
        Results.LocalRedirect(sentBack.Address(http, PageOf(verification)));

    static async Task<IResult> Decide(HttpContext http, [FromForm] string? verification, [FromForm] string? decision,
        [FromForm] string? why, DecideVerification decide, SentBack sentBack, CancellationToken ct)
    {
        if (!Id.TryParse(verification, out VerificationId id) || decision is not ("accept" or "reject"))
            return Results.LocalRedirect(Queue);
        var answer = await decide.Run(new DecideVerificationRequest(id, decision == "accept", why ?? "", http.OperatorId()), ct);
        var told = !answer.Accepted ? answer.Refusal.ToString() : answer.Value.State switch
        {
            VerificationState.InReview => "first",
            VerificationState.Accepted => "accepted",
            _ => "rejected",
        };
        return Results.LocalRedirect(sentBack.Address(
            http, PageOf(verification), ("told", told), ("reason", http.Request.Form["opened"].ToString())));
    }

    static async Task<IResult> Image(HttpContext http, string verification, string side, VerificationQueue queue, SentBack sentBack,
        CancellationToken ct)
    {
        if (!Id.TryParse(verification, out VerificationId id) || !Enum.TryParse(side, out EvidenceSide which) || !Enum.IsDefined(which)
            || sentBack.Fields(http, $"{Queue}/{verification}", http.Request.Query[SentBack.Name]) is null
            || await queue.Image(id, which, http.OperatorId(), ct) is not { } image)
            return Results.NotFound();
        http.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(image.Image, image.ContentType);
    }

    static string PageOf(string? verification) => Id.TryParse(verification, out VerificationId id) ? $"{Queue}/{id}" : Queue;
}
