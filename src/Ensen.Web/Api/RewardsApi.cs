using System.Text.Json.Serialization;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Rewards;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>
/// Something that points are exchanged for. <paramref name="WorthPerPoint"/>: yen that a point is worth here. <paramref name="UseOn"/>: the
/// day it is for; it is sold until the day before.
/// </summary>
sealed record RewardAnswer(
    string RewardId, string Title, long Points, long Yen, long WorthYen, decimal WorthPerPoint, long Stock, string? UseOn)
{
    public static RewardAnswer Of(Reward reward) => new(
        reward.Id.ToString(), Languages.Here.ReadsJapanese ? reward.Title : reward.EnglishTitle, reward.Points.Value, reward.Yen.Value,
        reward.Worth.Value, reward.TenthsPerPoint / 10m, reward.Stock, reward.UseOn?.ToString());
}

sealed record RewardsAnswer(IReadOnlyList<RewardAnswer> Items);

sealed record RewardOrderBody([property: JsonConverter(typeof(WholeAmount))] long Quantity = 1);

/// <summary>An order as it was taken.</summary>
sealed record RewardOrderedAnswer(string OrderId, string Status, long Points, long Yen);

/// <summary>
/// How an order stands: <c>ordered</c>, <c>issued</c>, <c>used</c>, <c>cancelling</c> or <c>cancelled</c>.
/// </summary>
/// <param name="Reason">Why it was cancelled, a stable word; null where it was not.</param>
sealed record RewardOrderAnswer(string OrderId, string Status, long Points, long Yen, string RewardId, string Title, int Quantity,
    DateTimeOffset OrderedAt, string? UseOn, string? Reason)
{
    public static RewardOrderAnswer Of(RewardOrder order) => new(
        order.Row.EntryId.ToString(), StatusOf(order.State), order.Row.Points.Value, order.Row.Yen.Value, order.Row.RewardId.ToString(),
        Languages.Here.ReadsJapanese ? order.Row.Title : order.EnglishTitle, order.Row.Quantity,
        JapanDay.InTokyo(DateTimeOffset.FromUnixTimeMilliseconds(order.Row.AtMs)),
        order.Row.UseOn == 0 ? null : JapanDay.FromNumber(order.Row.UseOn).ToString(), order.Reason);

    static string StatusOf(RewardOrderState state) => state.ToString().ToLowerInvariant();
}

/// <summary>Rewards, and a member's orders of them.</summary>
static class RewardsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/rewards", List).WithPriority(RequestPriority.CanWait)
            .Named("listRewards", "What points can be exchanged for, the cheapest first.")
            .RequireAuthorization(Policies.Member).Produces<RewardsAnswer>();
        api.MapPost("/rewards/{id}/orders", Order)
            .Named("orderReward", "Exchanges points for a reward. The partner's answer is read with readRewardOrder.")
            .RequireAuthorization(Policies.Member).MovesValue<RewardOrderedAnswer>().NeedsProgram(Spending.Rewards);
        api.MapGet("/reward-orders/{id}", Read)
            .Named("readRewardOrder", "How an order of the member's stands.")
            .RequireAuthorization(Policies.Member).Produces<RewardOrderAnswer>().Refuses(404);
        api.MapPost("/reward-orders/{id}/cancellation", Cancel)
            .Named("cancelRewardOrder",
                "Takes an order back: points come back to their lots with their dates, once the partner has said that nobody can use it.")
            .RequireAuthorization(Policies.Member).MovesValue<RewardOrderAnswer>();
    }

    static async Task<IResult> List(RewardCatalogue catalogue, TimeProvider clock, CancellationToken ct) =>
        Results.Ok(new RewardsAnswer([.. (await catalogue.Offered(JapanDay.Of(clock.GetUtcNow()), ct)).Select(RewardAnswer.Of)]));

    static async Task<IResult> Order(HttpContext context, string id, Body<RewardOrderBody> body, OrderReward order,
        MemberDirectory directory, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (Keys.Key(context, context.MemberId(), "reward", id, asked.Quantity) is not { } key) return new Problem("key_required");
        if (!Id.TryParse(id, out RewardId reward)) return new Problem("not_found");
        var answer = await order.Run(new OrderRewardRequest(
            await context.Payer(directory, ct), reward, asked.Quantity is >= 1 and <= OrderReward.Most ? (int)asked.Quantity : 0, key), ct);
        Keys.Mark(context, answer);
        return answer.Accepted
            ? Results.Created((string?)null, new RewardOrderedAnswer(
                answer.Value.OrderId.ToString(), "ordered", answer.Value.Points.Value, answer.Value.Yen.Value))
            : answer.Refusal == OrderRewardRefusal.OverLimit ? await Problem.OverLimit(context, ct)
            : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Read(HttpContext context, string id, RewardOrders orders, CancellationToken ct) =>
        Id.TryParse(id, out RewardOrderId order) && await orders.Find(context.MemberId(), order, ct) is { } found
            ? Results.Ok(RewardOrderAnswer.Of(found)) : new Problem("not_found");

    static async Task<IResult> Cancel(HttpContext context, string id, CancelReward cancel, CancellationToken ct)
    {
        if (Keys.Key(context, context.MemberId(), "cancel reward", id) is null) return new Problem("key_required");
        if (!Id.TryParse(id, out RewardOrderId order)) return new Problem("not_found");
        var answer = await cancel.Run(context.MemberId(), order, ct);
        Keys.Mark(context, answer);
        return answer.Accepted ? Results.Created((string?)null, RewardOrderAnswer.Of(answer.Value)) : Problem.Of(answer.Refusal);
    }
}
