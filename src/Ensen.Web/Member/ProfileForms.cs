using Ensen.Basics;
using Ensen.Members;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>The forms of what a member chooses about themselves: on the account page, and as the last step of registering.</summary>
static class ProfileForms
{
    const string Begin = "/begin";

    /// <summary>A call showed that the telephone is the member's: registering goes on, or the account page says so.</summary>
    public static IReadOnlyList<StepUpAct> Acts { get; } =
        [new(Possession.Purpose, "/account", (http, _, _) => Task.FromResult(Results.LocalRedirect(After(http)))) { IsProofAlone = true }];

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/account/profile", Keep);
        member.MapForm("/begin", Finish);
    }

    static async Task<IResult> Keep(HttpContext http, [FromForm] string? goal, [FromForm] string? newsletter, [FromForm] string? postalMail,
        ChangeProfile change, CancellationToken ct) =>
        Results.LocalRedirect(await Change(http, change, null, goal, newsletter == "1", postalMail == "1", ct)
            ? "/account?told=kept#settings" : "/account?fault=goal#settings");

    static async Task<IResult> Finish(HttpContext http, [FromForm] string? language, [FromForm] string? goal, ChangeProfile change,
        RegistrationUnderWay joining, MemberDirectory directory, CancellationToken ct)
    {
        // Which news the member gets was asked for when they registered, and stays.
        if (!await Change(http, change, language, goal, newsletter: null, postalMail: null, ct))
            return Results.LocalRedirect($"{Begin}?fault=goal");
        if (await directory.Find(http.MemberId(), ct) is { } member)
            ShownAs.Remember(http, member.Language, member.Theme);
        var begun = joining.Of(http);
        RegistrationUnderWay.End(http);
        return Results.LocalRedirect(begun?.Member == http.MemberId() ? begun.Then : "/");
    }

    static async Task<bool> Change(HttpContext http, ChangeProfile change, string? language, string? goal, bool? newsletter,
        bool? postalMail, CancellationToken ct)
    {
        GoalChange? wanted = string.IsNullOrWhiteSpace(goal) ? GoalChange.None
            : TypedDigits.TryWhole(goal, out var points) ? new GoalChange(points)
            : null;
        return wanted is not null && (await change.Run(
            new ChangeProfileRequest(http.MemberId(), language, newsletter, postalMail, wanted), ct)).Accepted;
    }

    /// <summary>Where somebody goes on who has just registered in this browser; null for everybody else.</summary>
    public static string? GoesOn(HttpContext http) =>
        http.RequestServices.GetRequiredService<RegistrationUnderWay>().Of(http)?.Member == http.MemberId() ? Begin : null;

    static string After(HttpContext http) => GoesOn(http) ?? "/account?told=telephone-shown";
}
