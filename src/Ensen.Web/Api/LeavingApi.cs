using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Operations;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

sealed record LeavingLotAnswer(long Points, string? ExpiresOn);

/// <summary>What is lost for good, point cards as well.</summary>
sealed record LeavingLossAnswer(long Points, IReadOnlyList<LeavingLotAnswer> Lots, long? Goal, IReadOnlyList<PointCardAnswer> PointCards);

/// <summary>
/// What stands in the way: a stable <paramref name="Code"/> (money_left, charge_pending, frozen, change_pending, records_not_kept; others
/// may be added), what a person reads of it, and the page where something is done about it.
/// </summary>
sealed record LeavingObstacleAnswer(string Code, string Detail, string Page);

/// <summary>What leaving would cost now; <paramref name="Balance"/> is to be spent or sent first.</summary>
sealed record LeavingAnswer(bool MayLeave, long Balance, LeavingLossAnswer Lost, IReadOnlyList<LeavingObstacleAnswer> Obstacles);

sealed record LeaveBody(bool Confirm);

sealed record LeftAnswer(DateTimeOffset LeftAt, long PointsLost);

/// <summary>Leaving the programme.</summary>
static class LeavingApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/me/leaving", Read)
            .Named("readLeaving", "What the member would lose by leaving, and what stands in the way.")
            .RequireAuthorization(Policies.Member).Produces<LeavingAnswer>().Refuses(404);
        api.MapPost("/me/leaving", Leave)
            .Named("leave",
                "Leaves the programme, for good; takes a Step-Up (purpose `leaving`). The points are lost, every session ends with the answer, and what "
                + "says who the member was is erased. What stands in the way is refused (`cannot_leave`) and told by GET.")
            .RequireAuthorization(Policies.Member).RequireRateLimiting(RateLimits.Challenges).MayTakeStepUp()
            .WithMetadata(new ApiSetup.NeedsKey()).Produces<LeftAnswer>().Refuses(400, 409, 422, 429);
    }

    static async Task<IResult> Read(HttpContext context, Leaving leaving, LeavingTold told, CancellationToken ct) =>
        await leaving.Of(context.MemberId(), ct) is { } ahead ? Results.Ok(Of(ahead, told)) : new Problem("not_found");

    static async Task<IResult> Leave(
        HttpContext context, Body<LeaveBody> body, LeaveProgramme leave, Leaving leaving, LeavingTold told, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var member = context.MemberId();
        if (Keys.Key(context, member, "leaving", asked.Confirm) is not { } key) return new Problem("key_required");
        var answer = await leave.Run(new LeaveRequest(member, asked.Confirm, context.Proof(), key), ct);
        Keys.Mark(context, answer);
        return answer.Refusal switch
        {
            LeaveRefusal.None => Results.Ok(new LeftAnswer(JapanDay.InTokyo(answer.Value!.At), answer.Value.PointsLost.Value)),
            LeaveRefusal.StepUpRequired => Problem.StepUpRequired,
            LeaveRefusal.CannotLeave => new Problem("cannot_leave", also: await leaving.Of(member, ct) is { } ahead
                ? string.Join(' ', ahead.Obstacles.Select(o => told.Of(o))) : null),
            _ => Problem.Of(answer.Refusal),
        };
    }

    static LeavingAnswer Of(LeavingAhead ahead, LeavingTold told) => new(
        ahead.MayLeave, ahead.Balance.Value,
        new LeavingLossAnswer(
            ahead.Points.Value, [.. ahead.Lots.Select(l => new LeavingLotAnswer(l.Points.Value, l.Lot.LastDay?.ToString()))],
            ahead.Goal?.Value, [.. ahead.Cards.Select(PointCardsApi.Of)]),
        [.. ahead.Obstacles.Select(o => new LeavingObstacleAnswer(o.Code, told.Of(o), o.Page))]);
}
