using Ensen.Members;
using Ensen.Merchants;
using Ensen.Wallet;
using Ensen.Web.Session;
using Ensen.Web.Observability;

namespace Ensen.Web.Api;

/// <summary>Receipts, for the parties of an entry: to read by programs, and as files that people keep.</summary>
static class ReceiptsApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/receipts/{entryId}", Read).WithPriority(RequestPriority.CanWait)
            .Named("readReceipt", "The receipt of an entry with the proof that it was sealed so, for its parties (docs/receipts.md).")
            .RequireAuthorization(Policies.Anyone).Produces<Receipt>().Refuses(404);

    /// <summary>The same as a file, where the pages of members, tills and merchants link to it.</summary>
    public static void MapFiles(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/history/{entryId}/receipt", File).WithPriority(RequestPriority.CanWait).RequireAuthorization(Policies.Member).ExcludeFromDescription();
        routes.MapGet("/till/receipt/{entryId}", File).WithPriority(RequestPriority.CanWait).RequireAuthorization(Policies.Till).ExcludeFromDescription();
        routes.MapGet("/shop/receipt/{entryId}", File).WithPriority(RequestPriority.CanWait).RequireAuthorization(Policies.Merchant).ExcludeFromDescription();
    }

    static async Task<IResult> Read(HttpContext context, string entryId, GiveReceipt give, Stores stores, CancellationToken ct) =>
        await Find(context, entryId, give, stores, ct) is { } receipt ? Results.Ok(receipt) : new Problem("not_found");

    static async Task<IResult> File(HttpContext context, string entryId, GiveReceipt give, Stores stores, CancellationToken ct) =>
        await Find(context, entryId, give, stores, ct) is { } receipt ? Results.File(receipt.ToFile(), "application/json", receipt.FileName()) : Results.NotFound();

    static async Task<Receipt?> Find(HttpContext context, string entryId, GiveReceipt give, Stores stores, CancellationToken ct) =>
        Ids.TryParseEntry(entryId, out var id) ? await give.Run(await PartiesOf(context.Caller(), stores, ct), id, ct) : null;

    static async Task<IEnumerable<Guid>> PartiesOf(Caller caller, Stores stores, CancellationToken ct) =>
        caller.Kind == SessionKind.Merchant ? (await stores.OfMerchant(caller.Owner, ct)).Select(s => s.Id) : [caller.Owner];
}
