using Ensen.Merchants;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Ensen.Web.Observability;

namespace Ensen.Web.Api;

/// <summary>Receipts, for the parties of an entry, to be read by programs.</summary>
static class ReceiptsApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/receipts/{entryId}", Read).WithPriority(RequestPriority.CanWait)
            .Named("readReceipt", "The receipt of an entry with the proof that it was sealed so, for its parties (docs/receipts.md).")
            .RequireAuthorization(Policies.Anyone).Produces<Receipt>().Refuses(404);

    static async Task<IResult> Read(HttpContext context, string entryId, GiveReceipt give, CancellationToken ct) =>
        await ReceiptFiles.OfCaller(context, entryId, give, ct) is { } receipt ? Results.Ok(receipt) : new Problem("not_found");
}
