using Ensen.Basics;
using Ensen.Operations;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Rooms;

/// <summary>The second person's answer to a proposed correction.</summary>
static class CorrectionForms
{
    const string Page = "/console/corrections";

    public static void Map(IEndpointRouteBuilder corrections)
    {
        corrections.MapForm("/console/corrections/approve", Approve);
        corrections.MapForm("/console/corrections/withdraw", Withdraw);
    }

    static async Task<IResult> Approve(HttpContext http, [FromForm] string? proposal, ApproveCorrection approve, CancellationToken ct) =>
        Id.TryParse(proposal, out ProposalId id) && await approve.Run(id, http.OperatorId(), ct) is { Refusal: var refusal }
            ? Told(refusal == ApproveCorrectionRefusal.None ? "Approved" : refusal.ToString())
            : Told(nameof(ApproveCorrectionRefusal.NotFound));

    static async Task<IResult> Withdraw(
        HttpContext http, [FromForm] string? proposal, [FromForm] string? reason, WithdrawCorrection withdraw, CancellationToken ct) =>
        Id.TryParse(proposal, out ProposalId id)
        && await withdraw.Run(new WithdrawCorrectionRequest(id, reason ?? "", http.OperatorId()), ct) is { Refusal: var refusal }
            ? Told(refusal == WithdrawCorrectionRefusal.None ? "TakenBack" : refusal.ToString())
            : Told(nameof(WithdrawCorrectionRefusal.NotFound));

    static IResult Told(string what) => Results.LocalRedirect($"{Page}?told={what}");
}
