using Ensen.Merchants;
using Ensen.Staff;

namespace Ensen.Sandbox.Town;

/// <summary>
/// Who works at the town's suggested shop and its sisters: an owner, a manager and a clerk. They are signed in with one click and have no
/// password.
/// </summary>
static class TownShopStaff
{
    static readonly (string Name, ShopRole Role)[] s_all =
    [
        ("山口 恵子", ShopRole.Owner),
        ("井上 翼", ShopRole.Manager),
        ("清水 楓", ShopRole.Clerk),
    ];

    /// <summary>Employs them; whoever is there already, because the town was left half-made, is taken as they are.</summary>
    public static async Task<IReadOnlyList<TownShopAccount>> Employ(
        TownFeatures features, OpenShop shop, CancellationToken ct)
    {
        var (merchant, store) = (shop.Store.Merchant, shop.Store);
        var there = await features.ShopAccounts.Of(merchant, ct);
        var staff = new List<TownShopAccount>();
        foreach (var (name, role) in s_all)
        {
            var stores = role == ShopRole.Owner ? Array.Empty<StoreId>() : [store.Id];
            var account = there.FirstOrDefault(a => a.Name == name)?.Id ?? await Invited(name, role, stores);
            await features.CreateShopAccount.Activate(account, ct);
            staff.Add(new TownShopAccount(account, merchant, name, role, role == ShopRole.Owner ? shop.Plan.Merchant : store.Name));
        }
        return staff;

        async Task<ShopAccountId> Invited(string name, ShopRole role, IReadOnlyList<StoreId> stores)
        {
            var made = await features.CreateShopAccount.Run(merchant, name, role, stores, ct);
            return made.Accepted ? made.Value.Account : throw new InvalidOperationException($"{name} cannot be employed: {made.Refusal}.");
        }
    }
}
