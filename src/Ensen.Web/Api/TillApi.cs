using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

sealed record TillPaymentBody(string Code, [property: JsonConverter(typeof(WholeAmount))] long Amount, string OrderId);

/// <summary>What a till asks: a payment by the code it scanned, and what became of it.</summary>
static class TillApi
{
    const int LongestOrder = 100;

    public static void Map(RouteGroupBuilder api)
    {
        var till = api.MapGroup("/till").RequireAuthorization(Policies.Till);
        till.MapPost("/payments", Create).MovesValue<PaymentAnswer>();
        till.MapGet("/payments", Enquire).Produces<PaymentDetails>().ProducesProblem(400).ProducesProblem(404);
        till.MapGet("/events", LiveApi.Events).Produces<LivePayment>(200, "text/event-stream");
    }

    static async Task<IResult> Create(HttpContext context, Body<TillPaymentBody> body, TakePayment take, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var caller = context.Caller();
        if (Keys.Key(context, caller.Owner, "till payment", asked.Code, asked.Amount, asked.OrderId) is not { } key) return new Problem("key_required");
        if (!Movement.IsAmount(asked.Amount)) return new Problem("invalid_amount");
        if (asked.OrderId.Length is 0 or > LongestOrder) return new Problem("invalid_request");

        var amount = asked.Amount.Yen();
        var answer = await take.Run(new TakeRequest(
            caller.Owner, caller.Till ?? caller.Session, asked.Code, amount, asked.OrderId, [key, TakePayment.OrderKey(caller.Owner, asked.OrderId, amount)]), ct);
        Keys.Mark(context, answer);
        return answer.Accepted
            ? Results.Created($"/api/v1/payments/{Id.Format(Id.Payment, answer.Value.PaymentId)}", PaymentAnswer.Of(answer.Value))
            : Problem.Of(answer.Refusal, answer.Refusal == PayRefusal.TooManyRequests ? TakePayment.BlockedFor : null);
    }

    static async Task<IResult> Enquire(HttpContext context, string? orderId, Database db, Stores stores, CancellationToken ct)
    {
        if (orderId is not { Length: > 0 and <= LongestOrder }) return new Problem("invalid_request");
        var store = context.TillStoreId();
        await using var connection = await db.Connect(ct);
        if (await Payments.FindByOrder(connection, store, orderId) is not { } payment) return new Problem("not_found");
        return Results.Ok(PaymentDetails.Of(payment, (await stores.Find(store, ct))?.Name ?? "", await Payments.RefundsOf(connection, payment.EntryId)));
    }
}
