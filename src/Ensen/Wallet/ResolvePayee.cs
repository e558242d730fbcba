using Ensen.Basics;
using Ensen.Codes;
using Ensen.Formats;
using Ensen.Ledger;
using Ensen.Merchants;

namespace Ensen.Wallet;

/// <summary>
/// A store as a member met it: by its tag, its code or its name. <paramref name="Amount"/>: what a dynamic code asks for, yen; null when
/// the member types it; <paramref name="OrderId"/>: the order that it is for, and
/// <paramref name="Till"/> the till that shows it. <paramref name="Spends"/>: what a payment uses up, so that
/// one touch pays once.
/// </summary>
public sealed record ResolvedPayee(
    Store Store, PayWay Way, Yen? Amount, string? OrderId, IReadOnlyList<SingleUse> Spends, TillId? Till = null);

/// <summary>Why nobody can be paid by this; the names are the contract's codes.</summary>
public enum ResolvePayeeRefusal
{
    None = 0,
    InvalidCode = 1,
    NotFound = 2,
    Forbidden = 3,
    CodeExpired = 4,
    TagRevoked = 5,
    CodeUsed = 6,
}

/// <summary>Finds out whom a member is about to pay: a tag that was touched, a code that was scanned, a store that was named.</summary>
public sealed class ResolvePayee(Stores stores, Tags tags, CodeKeys keys, OrdersShown orders, TimeProvider clock)
{
    /// <summary>The store itself, named by a partner's program or a list.</summary>
    public async Task<Answer<ResolvedPayee, ResolvePayeeRefusal>> ByStore(StoreId storeId, CancellationToken ct = default) =>
        await ResolveStore(storeId, PayWay.Direct, null, [], ct);

    /// <summary>
    /// A tag. A plain one says which store it stands in and proves nothing more; a cryptographic one proves each touch with its SUN
    /// message, and is refused without one.
    /// </summary>
    public async Task<Answer<ResolvedPayee, ResolvePayeeRefusal>> ByTag(
        TagId tagId, string? piccData, string? cmac, CancellationToken ct = default)
    {
        var found = await tags.Resolve(tagId, ct);
        if (!found.Accepted) return From(found.Refusal);
        var tag = found.Value;
        if (tag.Kind == TagKind.Plain) return await ResolveStore(tag.Store, PayWay.Tag, null, [], ct);
        if (!SunMessage.TryRead(piccData, cmac, keys.Tags, out var touch)) return ResolvePayeeRefusal.InvalidCode;

        var accepted = await tags.Accept(tagId, touch.Uid, touch.Counter, ct);
        if (!accepted.Accepted) return From(accepted.Refusal);
        return await ResolveStore(tag.Store, PayWay.Tag, null, [new SingleUse(SingleUseKind.TagTouched, tagId, touch.Counter)], ct);
    }

    /// <summary>A touch that was proved a moment ago: the phone has the amount page open and pays now.</summary>
    public async Task<Answer<ResolvedPayee, ResolvePayeeRefusal>> ByTouch(TagId tagId, long counter, CancellationToken ct = default)
    {
        var found = await tags.Resolve(tagId, ct);
        if (!found.Accepted) return From(found.Refusal);
        return await ResolveStore(found.Value.Store, PayWay.Tag, null,
            found.Value.Kind == TagKind.Plain ? [] : [new SingleUse(SingleUseKind.TagTouched, tagId, counter)], ct);
    }

    /// <summary>The text of a store's printed or dynamic QR. What is not ours is "not a payment code".</summary>
    public async Task<Answer<ResolvedPayee, ResolvePayeeRefusal>> ByQr(string? text, CancellationToken ct = default)
    {
        if (!MerchantQr.TryRead(text, keys.Qr, clock.GetUtcNow(), out var code, out var fault))
            return fault == StoreCodeFault.Lapsed ? ResolvePayeeRefusal.CodeExpired : ResolvePayeeRefusal.InvalidCode;
        if (!Id.TryParse(code.StoreId, out StoreId storeId)) return ResolvePayeeRefusal.InvalidCode;
        var found = await ResolveStore(storeId, PayWay.StoreQr, code.Bill?.AmountYen.Yen(), [], ct, code.Bill?.OrderId);
        return found.Accepted && code.Bill is { OrderId: var order }
            ? found.Value with { Till = await orders.TillOf(storeId, order, ct) }
            : found;
    }

    /// <summary>The text of a store's printed code.</summary>
    public static string PrintedCode(Store store) => MerchantQr.Static(Sign(store));

    /// <summary>The text of a code for one payment, good for the programme's minutes.</summary>
    public string CodeFor(Store store, Yen amount, string orderId, DateTimeOffset expiresAt) =>
        MerchantQr.Dynamic(Sign(store), new Bill(amount.Value, orderId, expiresAt), keys.Qr);

    static StoreSign Sign(Store store) => new(
        store.Id.ToString(), store.Name, store.LatinName, store.LatinCity, store.PostalCode,
        MerchantCategory.CodeOf(store.Category));

    async Task<Answer<ResolvedPayee, ResolvePayeeRefusal>> ResolveStore(
        StoreId storeId, PayWay way, Yen? amount, IReadOnlyList<SingleUse> spends, CancellationToken ct, string? order = null)
    {
        if (await stores.Find(storeId, ct) is not { } store) return ResolvePayeeRefusal.NotFound;
        if (store.State != StoreState.Open) return ResolvePayeeRefusal.Forbidden;
        return new ResolvedPayee(store, way, amount, order, spends);
    }

    static ResolvePayeeRefusal From(TagRefusal refusal) => refusal switch
    {
        TagRefusal.NotFound => ResolvePayeeRefusal.NotFound,
        TagRefusal.TagRevoked => ResolvePayeeRefusal.TagRevoked,
        TagRefusal.InvalidCode => ResolvePayeeRefusal.InvalidCode,
        TagRefusal.CodeUsed => ResolvePayeeRefusal.CodeUsed,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "not a refusal"),
    };
}
