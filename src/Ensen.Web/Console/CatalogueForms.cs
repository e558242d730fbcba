using System.Globalization;
using Ensen.Basics;
using Ensen.Rewards;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Rooms;

/// <summary>The forms of the catalogue of rewards: make one, change how many are left, offer it no more.</summary>
static class CatalogueForms
{
    const string Page = "/console/rewards";

    public static void Map(IEndpointRouteBuilder catalogue)
    {
        catalogue.MapForm("/console/rewards/make", Make);
        catalogue.MapForm("/console/rewards/stock", ChangeStock);
        catalogue.MapForm("/console/rewards/end", End);
    }

    static async Task<IResult> Make(HttpContext http, [FromForm] string? title, [FromForm] string? englishTitle, [FromForm] string? points,
        [FromForm] string? yen, [FromForm] string? worth, [FromForm] string? stock, [FromForm] string? useOn, KeepRewards keep,
        SentBack sentBack, CancellationToken ct)
    {
        JapanDay? use = JapanDay.TryParse(useOn, out var day) ? day : null;
        if (use is null && !string.IsNullOrWhiteSpace(useOn))
            return Again(KeepRewardsRefusal.InvalidRequest);
        return Again((await keep.Make(new NewReward(title ?? "", englishTitle ?? "", Number(points), string.IsNullOrWhiteSpace(yen) ? 0
            : Number(yen), Number(worth), Number(stock), use), http.OperatorId(), ct)).Refusal);

        // What was typed comes back to be mended.
        IResult Again(KeepRewardsRefusal refusal) => refusal == KeepRewardsRefusal.None ? Told(refusal)
            : Results.LocalRedirect(sentBack.Address(http, Page, ("told", refusal.ToString())));
    }

    static async Task<IResult> ChangeStock(
        HttpContext http, [FromForm] string? reward, [FromForm] string? by, KeepRewards keep, CancellationToken ct) =>
        Told(Id.TryParse(reward, out RewardId id)
            && long.TryParse(by, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n)
            ? (await keep.ChangeStock(id, n, http.OperatorId(), ct)).Refusal : KeepRewardsRefusal.InvalidAmount);

    static async Task<IResult> End(HttpContext http, [FromForm] string? reward, KeepRewards keep, CancellationToken ct) =>
        Told(Id.TryParse(reward, out RewardId id) ? (await keep.End(id, http.OperatorId(), ct)).Refusal : KeepRewardsRefusal.NotFound);

    static long Number(string? typed) => TypedDigits.TryWhole(typed ?? "", out var number) ? number : -1;

    static IResult Told(KeepRewardsRefusal refusal) =>
        Results.LocalRedirect($"{Page}?told={(refusal == KeepRewardsRefusal.None ? "Kept" : refusal)}");
}
