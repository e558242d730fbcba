using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Shop;

/// <summary>The one yen of a store's first payment goes back to whoever paid it, once.</summary>
static class FirstPaymentForms
{
    static readonly Yen s_one = 1.Yen();

    public static void Map(IEndpointRouteBuilder shop) => shop.MapForm("/shop/first-payment/refund", GiveBack);

    static async Task<IResult> GiveBack(
        HttpContext http, [FromForm] string? store, [FromForm] string? payment, Refund refund, CancellationToken ct)
    {
        var access = await http.ShopAccess(ct);
        if (!Id.TryParse(store, out StoreId storeId) || !access.Sees(storeId) || !access.May(ShopRight.Refund)
            || !Id.TryParse(payment, out PaymentId paymentId))
            return Results.LocalRedirect("/shop");
        var cap = access.Account is { } account ? ChangeRefundCaps.Of(account.Id, account.Role) : null;
        var answer = await refund.Run(new RefundRequest(paymentId, [storeId], s_one, null, http.Caller().Initiator,
            [IdempotencyKey.Of(access.By.Merchant, $"first-payment {paymentId}", "first payment refund", paymentId)], cap), ct);
        var page = $"/shop/first-payment/{storeId}";
        return Results.LocalRedirect(answer.Accepted ? page : $"{page}?told=NotRefunded");
    }
}
