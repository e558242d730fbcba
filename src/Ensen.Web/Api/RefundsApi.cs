using System.Text.Json.Serialization;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

sealed record RefundBody([property: JsonConverter(typeof(WholeAmount))] long Amount, string? Reason = null, string? Pin = null,
    string? Clerk = null);

sealed record RefundAnswer(string RefundId, long Yen, long Points, long PointsTakenBack);

/// <summary>Giving back.</summary>
static class RefundsApi
{
    const int LongestReason = 200;

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/payments/{id}/refunds", Create)
            .Named("refund",
                "Gives back all or part of a payment; points go back to the lots they came from. A person at a till's browser types the store's refund PIN, or where its staff have PINs says who they are (clerk) and types their own; a program's token needs none. Each of the staff gives back within their caps.")
            .RequireAuthorization(Policies.Store).MayTakePin().MovesValue<RefundAnswer>();

    static async Task<IResult> Create(HttpContext context, string id, Body<RefundBody> body, Refund refund,
        RefundOutlook outlook, TillClerks clerks, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var caller = context.Caller();
        if (Keys.Key(context, caller.Owner, "refund", id, asked.Amount, asked.Reason) is not { } key) return new Problem("key_required");
        if (!Movement.IsAmount(asked.Amount)) return new Problem("invalid_amount");
        if (!NoteText.IsFine(asked.Reason, LongestReason)) return Problem.Invalid("reason");
        if (!Id.TryParse(id, out PaymentId paymentId)) return new Problem("not_found");
        RefundProof? proof = null;
        if (context.IsPerson() && caller.Kind == SubjectKind.Till)
        {
            // What stands against it is said before the PIN: nobody tries PINs for what cannot be done anyway.
            if (await outlook.Of(paymentId, [new StoreId(caller.Owner)], asked.Amount.Yen(), null, key, ct)
                is not RefundRefusal.None and var refusal)
                return Problem.Of(refusal);
            proof = await clerks.ProveRefund(new StoreId(caller.Owner), new TillId(caller.Id), asked.Clerk, asked.Pin ?? "", ct);
            if (proof.Check != PinCheck.Right)
                return proof.Check == PinCheck.Wrong ? new Problem("step_up_required") : new Problem("too_many_requests", Pins.ComeAgain);
        }
        var access = caller.Kind == SubjectKind.Till ? null : await context.ShopAccess(ct);
        if (access?.May(ShopRight.Refund) is false) return new Problem("forbidden");
        IReadOnlyCollection<StoreId> stores = access is null ? [new StoreId(caller.Owner)] : [.. access.Stores.Select(s => s.Id)];

        var (initiator, cap) = proof?.Clerk is { } clerk ? (Initiator.ShopAccount(clerk.Id), ChangeRefundCaps.Of(clerk.Id, clerk.Role))
            : (caller.Initiator, access?.Account is { } account ? ChangeRefundCaps.Of(account.Id, account.Role) : null);
        var role = proof?.Clerk?.Role ?? access?.Account?.Role ?? ShopRole.Owner;

        var answer = await refund.Run(new RefundRequest(
            paymentId, stores, asked.Amount.Yen(), asked.Reason, initiator, [key], cap), ct);
        Keys.Mark(context, answer);
        return answer.Accepted
            ? Results.Created($"/api/v1/payments/{id}", new RefundAnswer(
                answer.Value.RefundId.ToString(), answer.Value.Yen.Value, answer.Value.Points.Value,
                answer.Value.PointsTakenBack.Value))
            : answer.Refusal == RefundRefusal.OverLimit && cap is not null ? await RefundCapTold.Problem(cap, role, outlook, ct)
            : Problem.Of(answer.Refusal);
    }
}
