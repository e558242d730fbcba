using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>Whom a merchant's owner, or the merchant itself, wants to work at its desk.</summary>
/// <param name="Stores">Which stores a manager or a clerk sees; of an owner they are not asked.</param>
public sealed record InviteToShopRequest(ActingShop By, string Name, ShopRole Role, IReadOnlyList<StoreId> Stores);

/// <summary>Somebody was invited. The link's token is shown once and is nowhere else.</summary>
public sealed record ShopInvitation(ShopAccountId Account, string Token, DateTimeOffset Until);

/// <summary>Why nobody is invited, in the order it is checked.</summary>
public enum InviteToShopRefusal
{
    None = 0,

    /// <summary>Whoever invites may not.</summary>
    Forbidden = 1,

    /// <summary>No name of a person, no such role, or no store for somebody who does not see all.</summary>
    InvalidRequest = 2,

    /// <summary>There is no such merchant, or a store is not the merchant's.</summary>
    NotFound = 3,

    /// <summary>The merchant has as many accounts as a merchant may have.</summary>
    OverLimit = 4,
}

/// <summary>Invites somebody to a merchant's desk: makes the account, and a link that is used once.</summary>
public sealed class InviteToShop(Database db, ShopLog log, TimeProvider clock)
{
    public async Task<Answer<ShopInvitation, InviteToShopRefusal>> Run(InviteToShopRequest request, CancellationToken ct = default)
    {
        var now = clock.Now();
        var merchant = request.By.Merchant;
        IReadOnlyList<StoreId> stores = request.Role == ShopRole.Owner ? [] : request.Stores;
        ShopInvitation? invited = null;
        var refusal = await db.Transact(async tx =>
        {
            await ShopLog.Turn(tx, merchant);
            var isThere = stores.Count <= ShopAccounts.MostStores && await tx.Connection!.ExecuteScalarAsync<int?>(
                "select 1 from merchant where id = @merchant", new { merchant }, tx) is not null
                && await ShopAccounts.AreOf(tx, merchant, stores);
            var has = await tx.Connection!.ExecuteScalarAsync<int>(
                "select count(*) from shop_account where merchant = @merchant", new { merchant }, tx);
            if (Decide(request, await ShopAccounts.MayStaff(tx, request.By), isThere, has) is not InviteToShopRefusal.None and var decided)
                return decided;
            invited = await Write(tx, request with { Stores = stores }, now);
            return InviteToShopRefusal.None;
        }, ct);
        return refusal == InviteToShopRefusal.None ? invited! : refusal;
    }

    /// <summary>Writes the account with a link of its own, within the merchant's turn or where the merchant begins.</summary>
    internal async Task<ShopInvitation> Write(DbTransaction tx, InviteToShopRequest request, DateTimeOffset now)
    {
        var token = InvitationLink.NewToken();
        var invited = new ShopInvitation(Id.New<ShopAccountId>(now), token, now + InvitationLink.Life);
        await tx.Connection!.ExecuteAsync(
            """
            insert into shop_account (id, merchant, name, role, state, link_hash, link_until_ms, invited_by, invited_ms)
            values (@Account, @Merchant, @name, @Role, @state, @hash, @until, @by, @at)
            """,
            new
            {
                invited.Account,
                request.By.Merchant,
                name = request.Name.Trim(),
                request.Role,
                state = ShopAccountState.Invited,
                hash = InvitationLink.Hash(token),
                until = invited.Until.ToUnixTimeMilliseconds(),
                by = request.By.Account,
                at = now.ToUnixTimeMilliseconds(),
            }, tx);
        await ShopAccounts.WriteStores(tx, invited.Account, request.Stores);
        await log.Append(tx, ShopAct.Invited, request.By, invited.Account, ShopRoles.Name(request.Role));
        return invited;
    }

    /// <param name="isThere">The merchant, and each store as one of its own.</param>
    /// <param name="has">How many accounts the merchant has.</param>
    internal static InviteToShopRefusal Decide(InviteToShopRequest request, bool mayInvite, bool isThere, int has)
    {
        if (!mayInvite) return InviteToShopRefusal.Forbidden;
        if (!OneLineName.TryParse(request.Name, out _) || !Enum.IsDefined(request.Role)
            || request.Role != ShopRole.Owner && request.Stores.Count == 0)
            return InviteToShopRefusal.InvalidRequest;
        if (!isThere) return InviteToShopRefusal.NotFound;
        return has >= ShopAccounts.Most ? InviteToShopRefusal.OverLimit : InviteToShopRefusal.None;
    }
}
