using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Sales;
using Ensen.Staff;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Session;
using Ensen.Web.Shop;

namespace Ensen.Web.Api;

/// <summary>
/// Payments and refunds counted, and the yen that stay of them. <c>key</c>: a day (<c>2026-11-30</c>), an hour of the day (<c>09</c>), a
/// store, an account of the staff or <c>none</c>, a way (<c>tag</c>, <c>storeQr</c>, <c>shownCode</c>, <c>direct</c>).
/// </summary>
sealed record SalesRowAnswer(string Key, long Payments, long Refunds, long Yen);

/// <summary><c>total</c>: the yen of all rows.</summary>
sealed record SalesAnswer(IReadOnlyList<SalesRowAnswer> Rows, long Total);

/// <summary>What a merchant's stores took.</summary>
static class SalesApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/shop/sales", Read)
            .Named("readSales",
                "What the stores that the caller sees took between two days (today where none is named), from the ledger. A clerk is not told who took it.")
            .RequireAuthorization(Policies.Merchant).WithPriority(RequestPriority.CanWait).Produces<SalesAnswer>().Refuses(400, 404);

    static async Task<IResult> Read(
        HttpContext context, string? from, string? to, string? by, string? store, AddUpSales sales, TimeProvider clock,
        CancellationToken ct)
    {
        var today = JapanDay.Of(clock.GetUtcNow());
        if (!TryDay(from, today, out var first)) return Problem.Invalid("from");
        if (!TryDay(to, today > first ? today : first, out var last) || !AddUpSales.IsPeriod(first, last)) return Problem.Invalid("to");
        if (SalesPeriod.ReadBy(by ?? SalesPeriod.NameOf(SalesBy.Day)) is not { } told) return Problem.Invalid("by");
        var access = await context.ShopAccess(ct);
        if (told == SalesBy.Clerk && !access.May(ShopRight.StaffSales)) return new Problem("forbidden");
        if (store is not null && (!Id.TryParse(store, out StoreId asked) || !access.Sees(asked))) return new Problem("not_found");
        IReadOnlyList<StoreId> stores = [.. access.Stores.Select(s => s.Id).Where(s => store is null || s.ToString() == store)];

        var found = await sales.Run(stores, first, last, ct);
        return Results.Ok(new SalesAnswer(
            [.. found.By(told).Select(row => new SalesRowAnswer(row.Key, row.Payments, row.Refunds, row.Yen.Value))],
            found.Total.Yen.Value));
    }

    static bool TryDay(string? asked, JapanDay otherwise, out JapanDay day)
    {
        day = otherwise;
        return asked is null || JapanDay.TryParse(asked, out day);
    }
}
