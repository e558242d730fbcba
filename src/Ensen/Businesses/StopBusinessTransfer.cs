using Dapper;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Businesses;

/// <summary>Why a transfer goes on waiting, in the order it is checked; the names are the contract's codes.</summary>
public enum StopBusinessTransferRefusal
{
    None = 0,

    /// <summary>Whoever asks may not: others' are refused by who could approve them.</summary>
    Forbidden = 1,

    /// <summary>The company has no such transfer.</summary>
    NotFound = 2,

    /// <summary>It waits no more.</summary>
    AlreadyDecided = 3,
}

/// <summary>
/// Ends a transfer that waits, and nothing moves: whoever made it takes it back, or somebody who could approve it refuses it.
/// </summary>
public sealed class StopBusinessTransfer(Database db, ShopLog log, TimeProvider clock)
{
    public async Task<Answer<BusinessTransfer, StopBusinessTransferRefusal>> Run(
        ActingShop by, BusinessId business, BusinessTransferId id, CancellationToken ct = default)
    {
        BusinessTransfer? found = null;
        var (now, how) = (clock.Now(), BusinessTransferState.Refused);
        var refusal = await db.Transact(async tx =>
        {
            var may = await TwoPeople.May(tx, by, ShopRight.BusinessApproval);
            found = await BusinessTransfers.Find(tx.Connection!, business, id, tx);
            var isOwn = found is not null && found.MadeBy == by.Account && await TwoPeople.May(tx, by, ShopRight.Business);
            if (Decide(found, may || isOwn) is not StopBusinessTransferRefusal.None and var decided)
                return decided;
            how = isOwn ? BusinessTransferState.Withdrawn : BusinessTransferState.Refused;
            if (!await BusinessTransfers.Decide(tx, id, how, by.Account!.Value, now))
                return StopBusinessTransferRefusal.AlreadyDecided;
            await log.Append(tx, ShopAct.StoppedBusinessTransfer, by, by.Account!.Value, id.ToString());
            return StopBusinessTransferRefusal.None;
        }, ct);
        if (refusal != StopBusinessTransferRefusal.None)
            return refusal;
        return found! with { State = how, DecidedBy = by.Account, DecidedMs = now.ToUnixTimeMilliseconds() };
    }

    /// <summary>Ends what nobody has said yes to for too long: it holds its request and its file no more.</summary>
    public Task Lapse(CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        return db.Transact(tx => tx.Connection!.ExecuteAsync(
            $"""
            update business_transfer
            set state = {(int)BusinessTransferState.Lapsed}, decided_ms = @now
            where state = {(int)BusinessTransferState.Waiting} and made_ms <= @before
            """, new { now = now.ToUnixTimeMilliseconds(), before = (now - BusinessTransfers.Waits).ToUnixTimeMilliseconds() }, tx), ct);
    }

    /// <param name="may">Whoever asks made it and may still make some, or may approve some.</param>
    internal static StopBusinessTransferRefusal Decide(BusinessTransfer? found, bool may)
    {
        if (found is null) return may ? StopBusinessTransferRefusal.NotFound : StopBusinessTransferRefusal.Forbidden;
        if (!may) return StopBusinessTransferRefusal.Forbidden;
        return found.State == BusinessTransferState.Waiting ? StopBusinessTransferRefusal.None : StopBusinessTransferRefusal.AlreadyDecided;
    }
}
