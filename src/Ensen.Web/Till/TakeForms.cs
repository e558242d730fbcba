using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Ui;
using Ensen.Web.Session;
using Ensen.Web.Texts;
using Ensen.Web.Observability;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Till;

/// <summary>
/// Taking a payment by the member's code. The order's id comes with the form, so a second press, a retry and a reload are the same
/// payment; after a time-out the page asks what became of the order.
/// </summary>
static class TakeForms
{
    public static void Map(RouteGroupBuilder till)
    {
        till.MapForm("/till/take", Take);
        till.MapGet("/till/orders/{order}", Ask).WithPriority(RequestPriority.Essential);
    }

    static async Task<IResult> Take(
        HttpContext context, TakePayment take, Refusals refusals, TimeProvider clock,
        [FromForm] string? intent, [FromForm] string? amount, [FromForm] string? code, CancellationToken ct)
    {
        var refused = PayRefusal.InvalidAmount;
        if (Order.FitsCode(intent) && TypedAmount.TryRead(amount, out var yen))
        {
            var (caller, store) = (context.Caller(), context.TillStoreId());
            try
            {
                // What left the page arrives: a browser that goes away does not undo a payment half-way.
                var answer = await take.Run(new TakeRequest(
                    store, new TillId(caller.Id), code ?? "", yen, intent!, [TakePayment.OrderKey(store, intent!, yen)]),
                    CancellationToken.None);
                if (answer.Accepted)
                    return context.Answer(FormAnswer.Done("/till"));
                refused = answer.Refusal;
            }
            catch (LedgerBusyException) when (!context.IsScript())
            {
                throw; // Nothing of it was taken, and the page says so.
            }
            catch (Exception e) when (e is LedgerUnavailableException || TransientFailure.Is(e))
            {
                return context.Answer(FormAnswer.Checking, $"/till/take?order={intent}&checking=1");
            }
        }
        return context.Answer(FormAnswer.Refused(refusals.AtTill(Told(refused))),
            $"/till/take?refused={refused}&amount={Uri.EscapeDataString(amount ?? "")}&order={Id.Bare(Id.New(clock))}");
    }

    /// <summary>A code that belongs to nobody is told as what it is to the staff: no payment code.</summary>
    public static PayRefusal Told(PayRefusal refusal) => refusal == PayRefusal.NotFound ? PayRefusal.InvalidCode : refusal;

    /// <summary>What became of an order; 404 while nothing of it is known.</summary>
    static async Task<IResult> Ask(HttpContext context, string order, OwnPayments payments, CancellationToken ct)
    {
        if (!Order.FitsCode(order))
            return Results.NotFound();
        return await payments.OfOrder(context.TillStoreId(), order, ct) is null
            ? Results.NotFound()
            : Results.Json(FormAnswer.Done("/till"));
    }
}
