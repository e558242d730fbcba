using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Points;
using Ensen.Rewards;
using Ensen.Transit;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>A lot of points; <paramref name="Uses"/>: what they can be spent on, null where nothing narrows it.</summary>
sealed record HeldLotAnswer(long Points, string Kind, string? ExpiresOn, string? Uses);

/// <summary>
/// <paramref name="RidePoints"/>: what rides brought and is not posted yet, left out where there is none.
/// </summary>
sealed record PointsAnswer(
    long Usable, long Pending, IReadOnlyList<HeldLotAnswer> Lots, GoalAnswer? Goal,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RidePointsAnswer>? RidePoints = null);

/// <summary>Points for the rides of a month, posted as charge-only points from a day on.</summary>
sealed record RidePointsAnswer(string Month, long Points, string From);

/// <summary>
/// A goal and how far it is. <paramref name="ForecastOn"/>: the day on which it is reached at the pace of the last ninety days, null when
/// nothing says.
/// </summary>
sealed record GoalAnswer(long Points, string? RewardId, string? Title, bool Reached, long Missing, string? ForecastOn)
{
    public static GoalAnswer Of(Goal goal) => new(
        goal.Points.Value, goal.Reward?.ToString(), goal.Title is { Length: > 0 } title ? title : null, goal.Reached, goal.Missing.Value,
        goal.ForecastOn?.ToString());
}

/// <summary>Points, or the reward that is saved for.</summary>
sealed record GoalBody(
    [property: JsonConverter(typeof(WholeAmountOrNull))] long? Points = null, string? RewardId = null, string? Title = null);

/// <summary>What points a member has, of which kinds and until when, and what they collect them towards.</summary>
static class PointsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/points", Read)
            .Named("readPoints", "The member's points by lot, soonest to lapse first, and their goal.")
            .RequireAuthorization(Policies.Member).Produces<PointsAnswer>();
        api.MapGet("/goal", ReadGoal)
            .Named("readGoal", "What the member collects points towards, and how far they are.")
            .RequireAuthorization(Policies.Member).Produces<GoalAnswer>().Refuses(404);
        api.MapPut("/goal", SetGoal)
            .Named("setGoal", "Sets a goal: a number of points, or a reward. Taken away by changeProfile.")
            .RequireAuthorization(Policies.Member).Produces<GoalAnswer>().Refuses(400, 404);
    }

    static async Task<IResult> Read(
        HttpContext context, PointsHeld held, Goals goals, OwnRides rides, TimeProvider clock, CancellationToken ct)
    {
        var coming = await rides.ToCome(context.MemberId(), clock.GetUtcNow(), ct);
        var points = await held.Of(context.MemberId(), ct);
        var goal = await goals.Of(context.MemberId(), ct);
        return Results.Ok(new PointsAnswer(
            points.Usable.Value, points.Pending.Sum(p => p.Points).Value,
            [.. points.Lots.Select(l => new HeldLotAnswer(l.Points.Value, Kind(l.Lot.Kind), l.Lot.LastDay?.ToString(),
                points.Uses.Find(l.Lot.Uses) is { } use ? CampaignWords.NameOf(use) : null))],
            goal is null ? null : GoalAnswer.Of(goal),
            coming.Count == 0 ? null : [.. coming.Select(r => new RidePointsAnswer(
                $"{JapanDay.FromNumber(r.Month * 100 + 1).Date:yyyy-MM}", r.Points.Value, r.From.ToString()))]));
    }

    static async Task<IResult> ReadGoal(HttpContext context, Goals goals, CancellationToken ct) =>
        await goals.Of(context.MemberId(), ct) is { } goal ? Results.Ok(GoalAnswer.Of(goal)) : new Problem("not_found");

    static async Task<IResult> SetGoal(HttpContext context, Body<GoalBody> body, Goals goals, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        RewardId? reward = null;
        if (asked.RewardId is { } text)
            if (Id.TryParse(text, out RewardId id))
                reward = id;
            else
                return new Problem("not_found");
        var answer = await goals.Set(context.MemberId(), asked.Points, reward, asked.Title, ct);
        return answer.Accepted ? Results.Ok(GoalAnswer.Of(answer.Value)) : Problem.Of(answer.Refusal);
    }

    public static string Kind(LotKind kind) => kind switch
    {
        LotKind.Basic => "basic",
        LotKind.Campaign => "campaign",
        _ => "charge-only",
    };
}
