using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>Another role, or other stores, for an account.</summary>
public sealed record ChangeShopAccountRequest(ActingShop By, ShopAccountId Account, ShopRole Role, IReadOnlyList<StoreId> Stores);

/// <summary>Why an account stays as it is, in the order it is checked.</summary>
public enum ChangeShopAccountRefusal
{
    None = 0,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 1,

    /// <summary>No such role, or no store for somebody who does not see all.</summary>
    InvalidRequest = 2,

    /// <summary>The merchant has no such account, or no such store.</summary>
    NotFound = 3,

    /// <summary>It was dismissed.</summary>
    Ended = 4,

    /// <summary>It is the last owner's.</summary>
    LastOwner = 5,

    /// <summary>Only who has a passkey or an authenticator becomes an owner.</summary>
    FactorNeeded = 6,
}

/// <summary>Gives an account another role or other stores, from the commit on, on every node and in sessions that are open.</summary>
public sealed class ChangeShopAccount(Database db, ShopLog log, TimeProvider clock)
{
    public async Task<Answer<ShopAccount, ChangeShopAccountRefusal>> Run(
        ChangeShopAccountRequest request, CancellationToken ct = default)
    {
        var merchant = request.By.Merchant;
        IReadOnlyList<StoreId> stores = request.Role == ShopRole.Owner ? [] : request.Stores;
        ShopAccount? found = null;
        var refusal = await db.Transact(async tx =>
        {
            await ShopLog.Turn(tx, merchant);
            found = await ShopAccounts.Find(tx.Connection!, merchant, request.Account, tx);
            var decided = Decide(request, await ShopAccounts.MayStaff(tx, request.By), found,
                stores.Count <= ShopAccounts.MostStores && await ShopAccounts.AreOf(tx, merchant, stores),
                await ShopAccounts.Owners(tx, merchant), found is not null && await HasFactor(tx, found));
            if (decided != ChangeShopAccountRefusal.None)
                return decided;
            await tx.Connection!.ExecuteAsync(
                "update shop_account set role = @Role where id = @Account", new { request.Role, request.Account }, tx);
            await ShopAccounts.WriteStores(tx, request.Account, stores);
            await log.Append(tx, ShopAct.Changed, request.By, request.Account,
                string.Join(' ', [ShopRoles.Name(request.Role), .. stores.Distinct().Select(store => store.ToString())]));
            if (!request.Role.May(ShopRight.Staff))
                await ShopAccounts.EndInvitations(tx, log, request.By, request.Account, clock.Now());
            return ChangeShopAccountRefusal.None;
        }, ct);
        return refusal == ChangeShopAccountRefusal.None ? found! with { Role = request.Role, Stores = stores } : refusal;
    }

    /// <param name="areTheirs">Each store is the merchant's.</param>
    /// <param name="owners">How many owners sign in.</param>
    /// <param name="hasFactor">The account has a passkey or an authenticator, or is still to choose one.</param>
    internal static ChangeShopAccountRefusal Decide(
        ChangeShopAccountRequest request, bool mayChange, ShopAccount? found, bool areTheirs, int owners, bool hasFactor)
    {
        if (!mayChange) return ChangeShopAccountRefusal.Forbidden;
        if (!Enum.IsDefined(request.Role) || request.Role != ShopRole.Owner && request.Stores.Count == 0)
            return ChangeShopAccountRefusal.InvalidRequest;
        if (found is null || !areTheirs) return ChangeShopAccountRefusal.NotFound;
        if (found.State == ShopAccountState.Dismissed) return ChangeShopAccountRefusal.Ended;
        if (IsLastOwner(found, owners) && request.Role != ShopRole.Owner) return ChangeShopAccountRefusal.LastOwner;
        return request.Role == ShopRole.Owner && !hasFactor ? ChangeShopAccountRefusal.FactorNeeded : ChangeShopAccountRefusal.None;
    }

    internal static bool IsLastOwner(ShopAccount account, int owners) =>
        account is { Role: ShopRole.Owner, State: ShopAccountState.Active } && owners <= 1;

    static async Task<bool> HasFactor(System.Data.Common.DbTransaction tx, ShopAccount account) =>
        account.State == ShopAccountState.Invited || await Authenticators.Has(tx.Connection!, account.Id, tx)
        || (await Passkeys.Of(tx.Connection!, Subject.ShopAccount(account.Id), tx)).Count > 0;
}
