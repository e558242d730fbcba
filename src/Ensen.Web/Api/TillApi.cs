using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Ensen.Web.Observability;

namespace Ensen.Web.Api;

sealed record TillPaymentBody(string Code, [property: JsonConverter(typeof(WholeAmount))] long Amount, string OrderId);

/// <summary>What a till asks: a payment by the code it scanned, and what became of it.</summary>
static class TillApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var till = api.MapGroup("/till").RequireAuthorization(Policies.Till);
        till.MapPost("/payments", Create)
            .Named("takePayment",
                "Takes a payment by the code that the member shows. A repeated order with the same amount is the same payment.")
            .MovesValue<PaymentAnswer>();
        till.MapGet("/payments", Enquire).WithPriority(RequestPriority.Essential)
            .Named("findPayment", "What became of an order: the enquiry after a time-out.")
            .Produces<PaymentDetails>().Refuses(400, 404);
        till.MapGet("/events", StoreStream.Events).WithPriority(RequestPriority.Essential)
            .Named("listen",
                "Server-sent events payment (LivePayment) and refund (LiveRefund) as they commit; with Last-Event-ID from where the till was.")
            .Produces<LivePayment>(200, "text/event-stream").WithTags(nameof(TillApi));
    }

    static async Task<IResult> Create(HttpContext context, Body<TillPaymentBody> body, TakePayment take, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var caller = context.Caller();
        if (Keys.Key(context, caller.Owner, "till payment", asked.Code, asked.Amount, asked.OrderId) is not { } key)
            return new Problem("key_required");
        if (!Movement.IsAmount(asked.Amount)) return new Problem("invalid_amount");
        if (!Order.IsFine(asked.OrderId)) return Problem.Invalid("orderId");

        var amount = asked.Amount.Yen();
        var answer = await take.Run(new TakeRequest(
            context.TillStoreId(), new TillId(caller.Id), asked.Code, amount, asked.OrderId, [
                key, TakePayment.OrderKey(context.TillStoreId(), asked.OrderId, amount)]), ct);
        Keys.Mark(context, answer);
        return answer.Accepted
            ? new Made<PaymentAnswer>($"/api/v1/payments/{answer.Value.PaymentId}", PaymentAnswer.Of(answer.Value),
                ApiJson.Default.PaymentAnswer)
            : Problem.Of(answer.Refusal, answer.Refusal == PayRefusal.TooManyRequests ? TakePayment.BlockedFor : null);
    }

    static async Task<IResult> Enquire(HttpContext context, string? orderId, OwnPayments payments, Stores stores, CancellationToken ct)
    {
        if (!Order.IsFine(orderId)) return new Problem("invalid_request");
        var store = context.TillStoreId();
        if (await payments.OfOrder(store, orderId, ct) is not { } payment) return new Problem("not_found");
        return Results.Ok(PaymentDetails.Of(payment, (await stores.Find(store, ct))?.Name ?? "", await payments.Refunds(payment, ct),
            await payments.GiftsOf(payment.EntryId, ct)));
    }
}
