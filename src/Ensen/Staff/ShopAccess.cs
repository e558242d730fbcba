using Ensen.Access;
using Ensen.Merchants;

namespace Ensen.Staff;

/// <summary>What whoever asks sees and may do at a merchant's desk, now.</summary>
/// <param name="Stores">The stores that they see; what is of another one does not exist for them.</param>
/// <param name="Account">Null: the merchant itself.</param>
public sealed record ShopAccess(ActingShop By, ShopRole? Role, IReadOnlyList<Store> Stores, ShopAccount? Account)
{
    /// <summary>A person without an account there, such as one who was dismissed a moment ago: nothing.</summary>
    public bool May(ShopRight right) => Role is { } role && role.May(right);

    public bool Sees(StoreId store) => Stores.Any(s => s.Id == store);
}

/// <summary>
/// The one place that says what a session of a merchant sees and may do. The merchant's own session, which programs have, is its owner's;
/// an account's role and stores are read each time, so that a change of them holds from its commit on, on every node.
/// </summary>
public sealed class ShopAccesses(ShopAccounts accounts, Stores stores)
{
    public async Task<ShopAccess> Of(Caller caller, CancellationToken ct = default)
    {
        var merchant = new MerchantId(caller.Owner);
        if (caller.Kind == SubjectKind.Merchant)
            return new ShopAccess(new ActingShop(merchant, null), ShopRole.Owner, await stores.OfMerchant(merchant, ct), null);
        var by = new ActingShop(merchant, new ShopAccountId(caller.Subject.Id));
        if (caller.Kind != SubjectKind.ShopAccount
            || await accounts.Find(by.Account!.Value, ct) is not { State: ShopAccountState.Active } account || account.Merchant != merchant)
            return new ShopAccess(by, null, [], null);
        var all = await stores.OfMerchant(merchant, ct);
        return new ShopAccess(by, account.Role,
            account.Role == ShopRole.Owner ? all : [.. all.Where(store => account.Stores.Contains(store.Id))], account);
    }
}
