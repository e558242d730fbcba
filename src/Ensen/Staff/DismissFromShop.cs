using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>Why an account at a merchant's desk does not end, in the order it is checked.</summary>
public enum DismissFromShopRefusal
{
    None = 0,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 1,

    /// <summary>The merchant has no such account.</summary>
    NotFound = 2,

    /// <summary>It was dismissed before.</summary>
    Ended = 3,

    /// <summary>It is the last owner's.</summary>
    LastOwner = 4,
}

/// <summary>
/// Ends an account at a merchant's desk for ever: its sessions in the same moment, and invitations that were not used yet, its own and
/// those that it handed out.
/// </summary>
public sealed class DismissFromShop(Database db, Sessions sessions, ShopLog log, TimeProvider clock)
{
    public async Task<Answer<ShopAccount, DismissFromShopRefusal>> Run(ActingShop by, ShopAccountId id, CancellationToken ct = default)
    {
        ShopAccount? found = null;
        EndedSessions? ended = null;
        var refusal = await db.Transact(async tx =>
        {
            await ShopLog.Turn(tx, by.Merchant);
            found = await ShopAccounts.Find(tx.Connection!, by.Merchant, id, tx);
            var decided = Decide(await ShopAccounts.MayStaff(tx, by), found, await ShopAccounts.Owners(tx, by.Merchant));
            if (decided != DismissFromShopRefusal.None)
                return decided;
            await tx.Connection!.ExecuteAsync(
                """
                update shop_account
                set state = @dismissed, sign_in_name = null, link_hash = null, link_until_ms = null, dismissed_ms = @at
                where id = @id
                """, new { id, dismissed = ShopAccountState.Dismissed, at = clock.Now().ToUnixTimeMilliseconds() }, tx);
            await Factors.Forget(tx, Subject.ShopAccount(id));
            // A refund that was proven a moment ago and waits for the ledger's writer is not theirs to make any more.
            await ChangeRefundCaps.Write(tx, id, new RefundCaps(0, 0));
            ended = await sessions.EndAll(tx, Subject.ShopAccount(id), except: null, SessionEnd.Staff);
            await log.Append(tx, ShopAct.Dismissed, by, id);
            await ShopAccounts.EndInvitations(tx, log, by, id, clock.Now());
            return decided;
        }, ct);
        if (ended is not null)
            sessions.Tell(ended);
        return refusal == DismissFromShopRefusal.None ? found! with { State = ShopAccountState.Dismissed } : refusal;
    }

    /// <param name="found">The account; null when the merchant has no such one.</param>
    /// <param name="owners">How many owners sign in.</param>
    internal static DismissFromShopRefusal Decide(bool mayDismiss, ShopAccount? found, int owners)
    {
        if (!mayDismiss) return DismissFromShopRefusal.Forbidden;
        if (found is null) return DismissFromShopRefusal.NotFound;
        if (found.State == ShopAccountState.Dismissed) return DismissFromShopRefusal.Ended;
        return ChangeShopAccount.IsLastOwner(found, owners) ? DismissFromShopRefusal.LastOwner : DismissFromShopRefusal.None;
    }
}
