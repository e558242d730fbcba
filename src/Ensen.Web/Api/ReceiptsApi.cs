using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Session;
using Ensen.Web.Watching;

namespace Ensen.Web.Api;

sealed record ReceiptLeg(string Book, long Amount, string Unit, string? ExpiresOn);

/// <summary>What an entry changed at the party who asks. <paramref name="Proof"/>: the inclusion proof, null while the entry is in no seal.</summary>
sealed record ReceiptAnswer(
    string EntryId, string Kind, DateTimeOffset At, string ReceiptNumber, string? StoreId, string? StoreName, IReadOnlyList<ReceiptLeg> Legs, object? Proof);

/// <summary>Receipts, for the parties of an entry.</summary>
static class ReceiptsApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/receipts/{entryId}", Read).Matters(Importance.CanWait)
            .Named("readReceipt", "The receipt of an entry, for its parties.")
            .RequireAuthorization(Policies.Anyone).Produces<ReceiptAnswer>().Refuses(404);

    static async Task<IResult> Read(HttpContext context, string entryId, Database db, Stores stores, CancellationToken ct)
    {
        if (!Ids.TryParseEntry(entryId, out var id)) return new Problem("not_found");
        await using var connection = await db.Connect(ct);
        var caller = context.Caller();
        if (await Charges.EntryOf(connection, caller.Owner, id) is { } booked)
            id = booked;
        if (await Statement.Head(connection, id) is not { } entry) return new Problem("not_found");
        foreach (var owner in await OwnersOf(caller, stores, ct))
            if (await Statement.Legs(connection, owner, id) is { Count: > 0 } legs)
            {
                var charge = entry.Kind == EntryKind.Charge ? await Charges.BookedBy(connection, owner, id) : null;
                return Results.Ok(await Receipt(charge ?? id, entry, legs, stores, ct));
            }
        return new Problem("not_found");
    }

    static async Task<ReceiptAnswer> Receipt(Guid knownAs, EntryHead entry, IReadOnlyList<Leg> legs, Stores stores, CancellationToken ct)
    {
        var store = entry.StoreId is { } storeId ? await stores.Find(storeId, ct) : null;
        return new ReceiptAnswer(
            Ids.OfEntry(entry.Kind, knownAs), entry.Kind.ToString().ToLowerInvariant(),
            BusinessDay.InTokyo(DateTimeOffset.FromUnixTimeMilliseconds(entry.AtMs)), Wallet.ReceiptNumber.Of(entry.Id),
            store is null ? null : Id.Format(Id.Store, store.Id), store?.Name,
            [.. legs.Select(l => new ReceiptLeg(
                l.Book.ToString().ToLowerInvariant(), l.Amount, l.Book.Unit() == Unit.Yen ? "yen" : "points",
                l.Term == 0 ? null : BusinessDay.FromNumber(l.Term).ToString()))],
            null);
    }

    static async Task<IEnumerable<Guid>> OwnersOf(Caller caller, Stores stores, CancellationToken ct) =>
        caller.Kind == SessionKind.Merchant ? (await stores.OfMerchant(caller.Owner, ct)).Select(s => s.Id) : [caller.Owner];
}
