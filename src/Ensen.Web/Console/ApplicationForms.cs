using System.Globalization;
using Ensen.Basics;
using Ensen.Joining;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Ensen.Web.Rooms;

/// <summary>
/// What operators send of shops that apply, and the photos that they see: a photo is given to the operator who opened its application with
/// a reason, for as long as that page's address opens.
/// </summary>
static class ApplicationForms
{
    const string Queue = "/console/applications";

    public static void Map(IEndpointRouteBuilder corrections)
    {
        corrections.MapForm("/console/applications/open", Open);
        corrections.MapForm("/console/applications/decide", Decide);
        corrections.MapGet("/console/applications/{application}/photos/{store}", Photo).ExcludeFromDescription();
    }

    /// <summary>Where a photo of the page with this sealed reason is.</summary>
    public static string PhotoOf(string application, int store, string again) => QueryHelpers.AddQueryString(
        FormattableString.Invariant($"{Queue}/{application}/photos/{store}"), SentBack.Name, again);

    static IResult Open(HttpContext http, [FromForm] string? application, SentBack sentBack) =>
        Results.LocalRedirect(sentBack.Address(http, PageOf(application)));

    static async Task<IResult> Decide(HttpContext http, [FromForm] string? application, [FromForm] string? decision,
        [FromForm] string? version, [FromForm] string? why, DecideApplication decide, SentBack sentBack, CancellationToken ct)
    {
        if (!Id.TryParse(application, out MerchantApplicationId id) || !Enum.TryParse(decision, out ApplicationWord word))
            return Results.LocalRedirect(Queue);
        _ = int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var read);
        var answer = await decide.Run(new DecideApplicationRequest(id, word, why ?? "", read, http.OperatorId()), ct);
        var told = !answer.Accepted ? answer.Refusal.ToString()
            : answer.Value.State != ApplicationState.InReview ? answer.Value.State.ToString()
            : answer.Value.Opinions.Disagree() ? "disagree" : "first";
        return Results.LocalRedirect(sentBack.Address(
            http, PageOf(application), ("told", told), ("reason", http.Request.Form["opened"].ToString())));
    }

    static async Task<IResult> Photo(HttpContext http, string application, string store, ApplicationQueue queue, SentBack sentBack,
        CancellationToken ct)
    {
        if (!Id.TryParse(application, out MerchantApplicationId id)
            || !int.TryParse(store, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || sentBack.Fields(http, $"{Queue}/{application}", http.Request.Query[SentBack.Name]) is null
            || await queue.Photo(id, number, http.OperatorId(), ct) is not { } photo)
            return Results.NotFound();
        http.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(photo.Image, photo.ContentType);
    }

    static string PageOf(string? application) => Id.TryParse(application, out MerchantApplicationId id) ? $"{Queue}/{id}" : Queue;
}
