using Ensen.Access;
using Ensen.Operations;
using Ensen.Storage;
using Ensen.Ui.Session;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Members;

/// <summary>The form by which a member leaves: done right after the proof, and then the browser is signed out.</summary>
static class LeaveForms
{
    const string Page = "/account/leave";

    /// <summary>What is done after a proof.</summary>
    public static IReadOnlyList<StepUpAct> Acts { get; } = [new(LeaveProgramme.Purpose, Page, Leave)];

    public static void Map(IEndpointRouteBuilder member) =>
        member.MapForm("/account/leave", (HttpContext http, CancellationToken ct) => Leave(http, SentBack.Typed(http), ct));

    static async Task<IResult> Leave(HttpContext http, IReadOnlyDictionary<string, string> typed, CancellationToken ct)
    {
        var (services, member) = (http.RequestServices, http.MemberId());
        if (!FormInput.TryIntent(typed.GetValueOrDefault("once"), out var key))
            return Results.LocalRedirect(Page);
        var answer = await services.GetRequiredService<LeaveProgramme>().Run(new LeaveRequest(
            member, Confirmed: true, http.Proof(), IdempotencyKey.Of(member, key, "page leaving")), ct);
        if (answer.Refusal == LeaveRefusal.StepUpRequired)
            return StepUpAct.Ask(http, LeaveProgramme.Purpose, typed);
        if (!answer.Accepted)
            return Results.LocalRedirect(services.GetRequiredService<SentBack>().Address(
                http, Page, new Dictionary<string, string> { ["fault"] = Problem.Code(answer.Refusal.ToString()) }));
        await http.SignOutOf(SubjectKind.Member);
        return Results.LocalRedirect("/left");
    }
}
