using Ensen.Basics;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Rooms;

/// <summary>
/// The way back of a member who has lost everything, as operators open it on that member's page: proposed, approved, taken back.
/// </summary>
static class RecoveryForms
{
    public static void Map(IEndpointRouteBuilder security)
    {
        security.MapForm("/console/recoveries/propose", Propose);
        security.MapForm("/console/recoveries/approve", Approve);
        security.MapForm("/console/recoveries/withdraw", Withdraw);
    }

    static async Task<IResult> Propose(HttpContext http, [FromForm] string? member, [FromForm] string? reason, [FromForm] string? bornOn,
        [FromForm] string? telephone, ProposeRecovery propose, SentBack sentBack, CancellationToken ct)
    {
        var answer = await propose.Run(new ProposeRecoveryRequest(
            Id.TryParse(member, out MemberId id) ? id : default, reason ?? "", http.OperatorId(), bornOn, telephone), ct);
        return MemberForms.Back(http, sentBack, member, answer.Accepted ? "recovery_proposed" : "recovery_" + answer.Refusal);
    }

    static async Task<IResult> Approve(HttpContext http, [FromForm] string? member, [FromForm] string? recovery, [FromForm] string? bornOn,
        ApproveRecovery approve, SentBack sentBack, CancellationToken ct)
    {
        var answer = await approve.Run(new ApproveRecoveryRequest(Read(recovery), http.OperatorId(), bornOn), ct);
        return MemberForms.Back(http, sentBack, member, answer.Accepted ? "recovery_approved" : "recovery_" + answer.Refusal);
    }

    static async Task<IResult> Withdraw(HttpContext http, [FromForm] string? member, [FromForm] string? recovery,
        [FromForm] string? reason, WithdrawRecovery withdraw, SentBack sentBack, CancellationToken ct)
    {
        var answer = await withdraw.Run(new WithdrawRecoveryRequest(Read(recovery), reason ?? "", http.OperatorId()), ct);
        return MemberForms.Back(http, sentBack, member, answer.Accepted ? "recovery_withdrawn" : "recovery_" + answer.Refusal);
    }

    /// <summary>What is no recovery's id is none's.</summary>
    static RecoveryId Read(string? text) => Id.TryParse(text, out RecoveryId id) ? id : default;
}
