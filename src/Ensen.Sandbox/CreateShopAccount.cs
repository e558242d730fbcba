using Dapper;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Sandbox;

/// <summary>Makes a ready shop account, without an invitation's steps: for the sandbox and the demo town.</summary>
public sealed class CreateShopAccount(Database db, InviteToShop invite)
{
    public async Task<Answer<ShopInvitation, InviteToShopRefusal>> Run(
        MerchantId merchant, string name, ShopRole role, IReadOnlyList<StoreId> stores, CancellationToken ct = default)
    {
        var invited = await invite.Run(new InviteToShopRequest(new ActingShop(merchant, null), name, role, stores), ct);
        if (invited.Accepted)
            await Activate(invited.Value.Account, ct);
        return invited;
    }

    /// <summary>Whoever was invited has joined; does nothing where they have already.</summary>
    public Task Activate(ShopAccountId account, CancellationToken ct = default) => db.Transact(tx => tx.Connection!.ExecuteAsync(
        "update shop_account set state = @active, link_hash = null, link_until_ms = null where id = @account and state = @invited",
        new { account, active = ShopAccountState.Active, invited = ShopAccountState.Invited }, tx), ct);
}
