using System.Globalization;
using Ensen.Basics;
using Ensen.Rewards;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Rooms;

/// <summary>The forms of the catalogue of rewards: propose one or more pieces, approve it, take pieces out, offer it no more.</summary>
static class CatalogueForms
{
    const string Page = "/console/rewards";

    public static void Map(IEndpointRouteBuilder catalogue)
    {
        catalogue.MapForm("/console/rewards/make", Make);
        catalogue.MapForm("/console/rewards/stock", ChangeStock);
        catalogue.MapForm("/console/rewards/end", End);
        catalogue.MapForm("/console/rewards/approve", Approve);
        catalogue.MapForm("/console/rewards/withdraw", Withdraw);
    }

    static async Task<IResult> Make(HttpContext http, [FromForm] string? title, [FromForm] string? englishTitle, [FromForm] string? points,
        [FromForm] string? yen, [FromForm] string? worth, [FromForm] string? stock, [FromForm] string? useOn, [FromForm] string? once,
        ProposeReward propose,
        SentBack sentBack, CancellationToken ct)
    {
        JapanDay? use = JapanDay.TryParse(useOn, out var day) ? day : null;
        if (use is null && !string.IsNullOrWhiteSpace(useOn))
            return Again(KeepRewardsRefusal.InvalidRequest);
        var asked = new NewReward(title ?? "", englishTitle ?? "", Number(points), string.IsNullOrWhiteSpace(yen) ? 0 : Number(yen),
            Number(worth), Number(stock), use);
        return Again((await propose.Run(ProposeRewardRequest.New(asked, http.OperatorId(), KeyOf(once)), ct)).Refusal);

        // What was typed comes back to be mended.
        IResult Again(KeepRewardsRefusal refusal) => refusal == KeepRewardsRefusal.None ? Proposed()
            : Results.LocalRedirect(sentBack.Address(http, Page, ("told", refusal.ToString())));
    }

    /// <summary>Fewer is for one person, more takes two.</summary>
    static async Task<IResult> ChangeStock(HttpContext http, [FromForm] string? reward, [FromForm] string? by, [FromForm] string? once,
        KeepRewards keep, ProposeReward propose, CancellationToken ct)
    {
        if (!Id.TryParse(reward, out RewardId id)
            || !long.TryParse(by, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n))
            return Told(KeepRewardsRefusal.InvalidAmount);
        if (n <= 0)
            return Told((await keep.ChangeStock(id, n, http.OperatorId(), ct)).Refusal);
        var answer = await propose.Run(ProposeRewardRequest.More(id, n, http.OperatorId(), KeyOf(once)), ct);
        return answer.Accepted ? Proposed() : Told(answer.Refusal);
    }

    static async Task<IResult> Approve(HttpContext http, [FromForm] string? proposal, ApproveReward approve, CancellationToken ct) =>
        Decided(await approve.Run(Of(proposal), http.OperatorId(), ct));

    static async Task<IResult> Withdraw(HttpContext http, [FromForm] string? proposal, ApproveReward approve, CancellationToken ct) =>
        Decided(await approve.Withdraw(Of(proposal), http.OperatorId(), ct));

    static IResult Decided(Answer<RewardProposal, ApproveRewardRefusal> answer) => Results.LocalRedirect(
        $"{Page}?told={(answer.Accepted ? answer.Value.State.ToString() : answer.Refusal.ToString())}");

    static IResult Proposed() => Results.LocalRedirect($"{Page}?told=Proposed");

    static RewardProposalId Of(string? text) => Id.TryParse(text, out RewardProposalId id) ? id : default;

    /// <summary>The form was drawn with a number of its own: sent twice it is one proposal.</summary>
    static string? KeyOf(string? once) => once is { Length: > 0 and <= 40 } ? $"form {once}" : null;

    static async Task<IResult> End(HttpContext http, [FromForm] string? reward, KeepRewards keep, CancellationToken ct) =>
        Told(Id.TryParse(reward, out RewardId id) ? (await keep.End(id, http.OperatorId(), ct)).Refusal : KeepRewardsRefusal.NotFound);

    static long Number(string? typed) => TypedDigits.TryWhole(typed ?? "", out var number) ? number : -1;

    static IResult Told(KeepRewardsRefusal refusal) =>
        Results.LocalRedirect($"{Page}?told={(refusal == KeepRewardsRefusal.None ? "Kept" : refusal)}");
}
