using Ensen.Access;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Wallet;
using Ensen.Web.Observability;
using Ensen.Web.Session;

namespace Ensen.Web.Edge;

/// <summary>Receipts as files that people keep, where the pages of members, tills and merchants link to them.</summary>
static class ReceiptFiles
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        Map("/history/{entryId}/receipt", Policies.Member);
        Map("/till/receipt/{entryId}", Policies.Till);
        Map("/shop/receipt/{entryId}", Policies.Merchant);

        void Map(string address, string policy) =>
            routes.MapGet(address, File).WithPriority(RequestPriority.CanWait).RequireAuthorization(policy).ExcludeFromDescription();
    }

    static async Task<IResult> File(HttpContext context, string entryId, GiveReceipt give, CancellationToken ct) =>
        await OfCaller(context, entryId, give, ct) is { } receipt
            ? Results.File(receipt.ToFile(), "application/json", receipt.FileName())
            : Results.NotFound();

    /// <summary>The receipt of an entry that the caller is a party of; null when there is none.</summary>
    public static async Task<Receipt?> OfCaller(HttpContext context, string entryId, GiveReceipt give, CancellationToken ct) =>
        Ids.TryParseEntry(entryId, out var id) ? await give.Run(await PartiesOf(context, ct), id, ct) : null;

    static async Task<IEnumerable<Guid>> PartiesOf(HttpContext context, CancellationToken ct) =>
        context.Caller().Kind is SubjectKind.Merchant or SubjectKind.ShopAccount
            ? await OfDesk(context, ct) : [context.Caller().Owner];

    /// <summary>The stores that whoever asks sees, and the company's account where they see that.</summary>
    static async Task<IEnumerable<Guid>> OfDesk(HttpContext context, CancellationToken ct)
    {
        var access = await context.ShopAccess(ct);
        var stores = access.Stores.Select(s => s.Id.Value);
        return access.May(ShopRight.Business) && await context.Business(ct) is { } own ? stores.Append(own.Business.Id.Value) : stores;
    }
}
