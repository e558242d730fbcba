using System.Globalization;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Rooms;

/// <summary>
/// Points as goodwill: one person proposes, another gives, either takes back. What was typed wrongly comes back to be mended.
/// </summary>
static class GoodwillForms
{
    const string Page = "/console/goodwill";

    public static void Map(IEndpointRouteBuilder corrections)
    {
        corrections.MapForm("/console/goodwill/propose", Propose);
        corrections.MapForm("/console/goodwill/approve", Approve);
        corrections.MapForm("/console/goodwill/withdraw", Withdraw);
    }

    static async Task<IResult> Propose(HttpContext http, [FromForm] string? intent, [FromForm] string? member, [FromForm] string? points,
        [FromForm] string? expiresOn, [FromForm] string? reason, ProposeGoodwill propose, SentBack sentBack, CancellationToken ct)
    {
        var refusal = DateOnly.TryParseExact(expiresOn, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? (await propose.Run(new ProposeGoodwillRequest(Id.TryParse(member?.Trim(), out MemberId id) ? id : default,
                TypedDigits.TryWhole(points ?? "", out var number) ? number : 0, new JapanDay(day), reason ?? "", http.OperatorId(),
                intent), ct)).Refusal
            : ProposeGoodwillRefusal.InvalidRequest;
        return refusal == ProposeGoodwillRefusal.None ? Told("Proposed")
            : Results.LocalRedirect(sentBack.Address(http, Page, ("told", refusal.ToString())));
    }

    static async Task<IResult> Approve(HttpContext http, [FromForm] string? goodwill, ApproveGoodwill approve, CancellationToken ct) =>
        Told((await approve.Run(Read(goodwill), http.OperatorId(), ct: ct)).Refusal is not ApproveGoodwillRefusal.None and var refusal
            ? refusal.ToString() : "Approved");

    static async Task<IResult> Withdraw(
        HttpContext http, [FromForm] string? goodwill, [FromForm] string? reason, WithdrawGoodwill withdraw, CancellationToken ct) =>
        Told((await withdraw.Run(new WithdrawGoodwillRequest(Read(goodwill), reason ?? "", http.OperatorId()), ct)).Refusal
            is not WithdrawGoodwillRefusal.None and var refusal ? refusal.ToString() : "TakenBack");

    /// <summary>What is no proposal's number is none's.</summary>
    static GoodwillId Read(string? text) => Id.TryParse(text, out GoodwillId id) ? id : default;

    static IResult Told(string what) => Results.LocalRedirect($"{Page}?told={what}");
}
