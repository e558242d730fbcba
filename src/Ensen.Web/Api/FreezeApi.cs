using Ensen.Operations;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>
/// Whether the wallet is frozen; <paramref name="ByMember"/>: by its own member, who can thaw it; <paramref name="ByOthers"/>: by somebody
/// else, who alone can.
/// </summary>
sealed record FreezeAnswer(bool Frozen, bool ByMember, bool ByOthers);

/// <summary>The member's own freeze of the wallet.</summary>
static class FreezeApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/me/freeze", Freeze)
            .Named("freezeWallet", "Freezes the member's own wallet, at once and without a further proof. One that is frozen stays so.")
            .RequireAuthorization(Policies.Member).WithPriority(RequestPriority.Essential).Produces<FreezeAnswer>();
        api.MapPost("/me/thaw", Unfreeze)
            .Named("thawWallet",
                "Thaws the wallet that its member froze; takes a Step-Up. What somebody else froze is refused (frozen), and stays.")
            .RequireAuthorization(Policies.Member).MayTakeStepUp().Produces<FreezeAnswer>().Refuses(423);
    }

    static async Task<IResult> Freeze(HttpContext context, Thaw thaw, CancellationToken ct) =>
        Results.Ok(Of(await thaw.Freeze(context.MemberId(), RequestDevice.DeviceOf(context), ct)));

    static async Task<IResult> Unfreeze(HttpContext context, Thaw thaw, CancellationToken ct)
    {
        var answer = await thaw.Run(new ThawRequest(context.MemberId(), context.Proof(), RequestDevice.DeviceOf(context)), ct);
        return answer.Accepted ? Results.Ok(Of(answer.Value))
            : answer.Refusal == ThawRefusal.StepUpRequired ? Problem.StepUpRequired
            : Problem.Of(answer.Refusal);
    }

    static FreezeAnswer Of(FreezeState state) => new(state.Frozen, state.BySelf, state.ByOthers);
}
