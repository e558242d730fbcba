using System.Globalization;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Merchants;
using Ensen.Settlement;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Rooms;

/// <summary>
/// To which account a merchant is paid: one person proposes, another confirms, either takes back. What was typed wrongly comes back to be
/// mended.
/// </summary>
static class PayOutForms
{
    const string Page = "/console/pay-outs";

    public static void Map(IEndpointRouteBuilder corrections)
    {
        corrections.MapForm("/console/pay-outs/propose", Propose);
        corrections.MapForm("/console/pay-outs/find", FindMerchant);
        corrections.MapForm("/console/pay-outs/confirm", Confirm);
        corrections.MapForm("/console/pay-outs/withdraw", Withdraw);
        corrections.MapForm("/console/pay-outs/clear", Clear);
    }

    static async Task<IResult> Propose(HttpContext http, [FromForm] string? intent, [FromForm] string? merchant, [FromForm] string? bank,
        [FromForm] string? branch, [FromForm] string? kind, [FromForm] string? number, [FromForm] string? holder,
        [FromForm] string? reason, ProposePayOutAccount propose, SentBack sentBack, CancellationToken ct)
    {
        var refusal = (await propose.Run(new ProposePayOutAccountRequest(
            Id.TryParse(merchant?.Trim(), out MerchantId id) ? id : default, bank, branch, kind, number, holder, reason ?? "",
            http.OperatorId(), intent), ct)).Refusal;
        if (refusal == ProposePayOutAccountRefusal.None)
            return Told("Proposed");
        ZenginKana.TryWrite(holder, out _, out var stranger);
        return Results.LocalRedirect(sentBack.Address(http, Page, ("told", refusal.ToString()), ("stranger", stranger ?? "")));
    }

    /// <summary>The page again, with the merchants that were searched for.</summary>
    static IResult FindMerchant(HttpContext http, SentBack sentBack) => Results.LocalRedirect(sentBack.Address(http, Page) + "#propose");

    static async Task<IResult> Confirm(HttpContext http, [FromForm] string? account, ConfirmPayOutAccount confirm, CancellationToken ct) =>
        await confirm.Run(Read(account), http.OperatorId(), ct) is var answer && answer.Accepted
            ? Results.LocalRedirect($"{Page}?told=Confirmed&of={answer.Value.Merchant}") : Told(answer.Refusal.ToString());

    static async Task<IResult> Withdraw(HttpContext http, [FromForm] string? account, [FromForm] string? reason,
        WithdrawPayOutAccount withdraw, CancellationToken ct) =>
        Told((await withdraw.Run(new WithdrawPayOutAccountRequest(
            Read(account), reason ?? "", http.OperatorId()), ct)).Refusal
            is not WithdrawPayOutAccountRefusal.None and var refusal ? refusal.ToString() : "TakenBack");

    static async Task<IResult> Clear(HttpContext http, [FromForm] string? settlement, [FromForm] string? attempt,
        [FromForm] string? reason, ClearPayOutDoubt clear, CancellationToken ct) =>
        Told((await clear.Run(new ClearPayOutDoubtRequest(Id.TryParse(settlement, out SettlementId id) ? id : default,
            long.TryParse(attempt, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0, reason ?? "",
            http.OperatorId()), ct)).Refusal is not ClearPayOutDoubtRefusal.None and var refusal ? refusal.ToString() : "Cleared");

    /// <summary>What is no account's number is none's.</summary>
    static PayOutAccountId Read(string? text) => Id.TryParse(text, out PayOutAccountId id) ? id : default;

    static IResult Told(string what) => Results.LocalRedirect($"{Page}?told={what}");
}
