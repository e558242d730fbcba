using System.Data.Common;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>How much one of the staff gives back: at most in one refund, and in a day; null: what holds for their role.</summary>
public sealed record RefundCaps(long? PerRefund, long? PerDay);

/// <summary>Other caps for one of the staff.</summary>
public sealed record ChangeRefundCapsRequest(ActingShop By, ShopAccountId Account, RefundCaps Caps);

/// <summary>Why caps stay as they are, in the order it is checked.</summary>
public enum ChangeRefundCapsRefusal
{
    None = 0,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 1,

    /// <summary>
    /// A cap below zero, or above what one movement can be; or one of a day that is less than that of one refund, which no day would allow.
    /// </summary>
    InvalidRequest = 2,

    /// <summary>The merchant has no such account.</summary>
    NotFound = 3,

    /// <summary>It was dismissed.</summary>
    Ended = 4,
}

/// <summary>
/// Changes how much one of the staff gives back. The caps stand in the ledger's own row of what they gave back today
/// (<see cref="LimitKind"/>), so a refund that is decided beside the change is decided by the one or the other, never past both.
/// </summary>
public sealed class ChangeRefundCaps(Database db, ShopLog log)
{
    /// <summary>So much, and more, is no cap at all: no movement is larger.</summary>
    public const long Most = 999_999_999;

    /// <summary>
    /// What holds for a role where an owner set nothing else: clerks give back what a mistake at the till costs, owners everything.
    /// </summary>
    public static RefundCap Of(ShopAccountId account, ShopRole role) => role switch
    {
        ShopRole.Clerk => new RefundCap(account, 10_000.Yen(), 30_000.Yen()),
        ShopRole.Manager => new RefundCap(account, 300_000.Yen(), 1_000_000.Yen()),
        ShopRole.Owner => new RefundCap(account, Most.Yen(), Most.Yen()),
    };

    public Task<ChangeRefundCapsRefusal> Run(ChangeRefundCapsRequest request, CancellationToken ct = default) =>
        db.Transact(async tx =>
        {
            // Whoever is not of the merchant is nobody there: no turn is taken for them.
            var found = await ShopAccounts.Find(tx.Connection!, request.By.Merchant, request.Account, tx);
            if (found is not null)
            {
                await ShopLog.Turn(tx, request.By.Merchant);
                found = await ShopAccounts.Find(tx.Connection!, request.By.Merchant, request.Account, tx);
            }
            if (Decide(request, await ShopAccounts.MayStaff(tx, request.By), found) is not ChangeRefundCapsRefusal.None and var decided)
                return decided;
            await Write(tx, request.Account, request.Caps);
            await log.Append(tx, ShopAct.ChangedRefundCaps, request.By, request.Account,
                FormattableString.Invariant($"{(object?)request.Caps.PerRefund ?? "-"} {(object?)request.Caps.PerDay ?? "-"}"));
            return ChangeRefundCapsRefusal.None;
        }, ct);

    /// <summary>The caps that were set for an account, and what it gave back so far on a day.</summary>
    public async Task<(RefundCaps Caps, Yen Today)> Find(ShopAccountId account, JapanDay day, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var limit = await SpendingLimits.Find(connection, account, LimitKind.StaffRefund);
        return (new RefundCaps(limit.PerMovement, limit.PerDay), new Yen(limit.UsedOn(day)));
    }

    /// <summary>Writes the caps of an account that is held by its merchant's turn.</summary>
    internal static async Task Write(DbTransaction tx, ShopAccountId account, RefundCaps caps)
    {
        var held = await SpendingLimits.Hold(tx, account, LimitKind.StaffRefund);
        await SpendingLimits.Keep(tx, held with { PerMovement = caps.PerRefund, PerDay = caps.PerDay });
    }

    /// <param name="found">The account; null when the merchant has no such one.</param>
    internal static ChangeRefundCapsRefusal Decide(ChangeRefundCapsRequest request, bool mayChange, ShopAccount? found)
    {
        if (!mayChange) return ChangeRefundCapsRefusal.Forbidden;
        if (request.Caps.PerRefund is < 0 or > Most || request.Caps.PerDay is < 0 or > Most || request.Caps.PerDay < request.Caps.PerRefund)
            return ChangeRefundCapsRefusal.InvalidRequest;
        if (found is null) return ChangeRefundCapsRefusal.NotFound;
        return found.State == ShopAccountState.Dismissed ? ChangeRefundCapsRefusal.Ended : ChangeRefundCapsRefusal.None;
    }
}
