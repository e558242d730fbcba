using Ensen.Basics;
using Ensen.Formats;
using Ensen.Merchants;
using Ensen.Wallet;

namespace Ensen.Sandbox.Town;

/// <summary>A shop of the town, open: where somebody touches its tag, or scans its printed code.</summary>
sealed class OpenShop(ShopPlan plan, Store store, TillId till, Tag plain, Tag? cryptographic) : IDisposable
{
    readonly SemaphoreSlim _counter = new(1, 1);
    readonly string _code = ResolvePayee.PrintedCode(store);
    long _touches = cryptographic?.Counter ?? 0;

    public ShopPlan Plan => plan;
    public Store Store => store;
    public TillId Till => till;
    public bool HasCryptographicTag => cryptographic is not null;

    /// <summary>A phone touches the plain tag.</summary>
    public Task<Answer<ResolvedPayee, ResolvePayeeRefusal>> Touch(TownFeatures features, CancellationToken ct) =>
        features.ResolvePayee.ByTag(plain.Id, null, null, ct);

    /// <summary>A phone touches the cryptographic tag, which counts its touches and proves each; one phone at a time.</summary>
    public async Task<Answer<ResolvedPayee, ResolvePayeeRefusal>> TouchCryptographic(TownFeatures features, CancellationToken ct)
    {
        await _counter.WaitAsync(ct);
        try
        {
            var message = SunMessage.Make(new TagTouch(cryptographic!.Uid!, (int)++_touches), features.Keys.Tags);
            return await features.ResolvePayee.ByTag(cryptographic.Id, message.PiccData, message.Cmac, ct);
        }
        finally
        {
            _counter.Release();
        }
    }

    /// <summary>A phone scans the printed code.</summary>
    public Task<Answer<ResolvedPayee, ResolvePayeeRefusal>> Scan(TownFeatures features, CancellationToken ct) =>
        features.ResolvePayee.ByQr(_code, ct);

    public TownShop Listed => new(
        store.Id, store.Merchant, till, store.Number, store.Name, plan.MerchantCategory, plan.Station, plain.Id, cryptographic?.Id,
        cryptographic?.Uid);

    public void Dispose() => _counter.Dispose();
}
