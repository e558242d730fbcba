using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Rewards;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>
/// What some points are for: these stores, these rewards, or everything of a kind (<paramref name="Whole"/>: <c>store</c>, <c>reward</c>,
/// <c>transit_charge</c>).
/// </summary>
sealed record PointUseBody(string NameJa, string NameEn, IReadOnlyList<string>? Stores = null, IReadOnlyList<string>? Rewards = null,
    IReadOnlyList<string>? Whole = null);

/// <summary><paramref name="Number"/>: by which a campaign names it (<c>uses</c>).</summary>
sealed record PointUseAnswer(int Number, string NameJa, string NameEn, IReadOnlyList<StoreId> Stores, IReadOnlyList<RewardId> Rewards,
    IReadOnlyList<string> Whole);

sealed record PointUsesAnswer(IReadOnlyList<PointUseAnswer> Items);

/// <summary>What points of campaigns can be spent on.</summary>
static class PointUsesApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var uses = api.MapGroup("/console/point-uses").RequireAuthorization(Policies.Campaigns);
        uses.MapGet("", async (MakePointUse make, CancellationToken ct) =>
                Results.Ok(new PointUsesAnswer([.. (await make.All(ct)).Select(Of)])))
            .Named("listPointUses", "What points of campaigns can be spent on, the newest first.")
            .WithPriority(RequestPriority.CanWait).Produces<PointUsesAnswer>();
        uses.MapPost("", Make)
            .Named("makePointUse",
                "Says what some points can be spent on, for campaigns to name it by its number. It stays as it is: members' lots name it.")
            .WithMetadata(new ApiSetup.NeedsKey()).Produces<PointUseAnswer>(201).Refuses(400, 404, 409, 410, 422);
    }

    static async Task<IResult> Make(HttpContext context, Body<PointUseBody> body, MakePointUse make, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (PointUseWords.Kinds(asked.Whole) is not { } whole) return Problem.Invalid("whole");
        if (Keys.Key(context, context.OperatorId(), "point use") is not { } key) return new Problem("key_required");
        var answer = await make.Run(new MakePointUseRequest(asked.NameJa, asked.NameEn,
            PointUseWords.Stores(asked.Stores), PointUseWords.Rewards(asked.Rewards), whole, context.OperatorId(), key.Key), ct);
        Keys.Mark(context, answer);
        return answer.Accepted ? Results.Created((string?)null, Of(answer.Value)) : Problem.Of(answer.Refusal);
    }

    static PointUseAnswer Of(PointUse use) => new(use.Number, use.Name, use.EnglishName,
        [.. use.Places.Where(p => p is { Kind: SpendingKind.Store } && p.Id != default).Select(p => new StoreId(p.Id))],
        [.. use.Places.Where(p => p is { Kind: SpendingKind.Reward } && p.Id != default).Select(p => new RewardId(p.Id))],
        [.. use.Places.Where(p => p.Id == default).Select(p => Problem.Code(p.Kind.ToString()))]);
}
