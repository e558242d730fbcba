using Dapper;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Businesses;

/// <summary>
/// Takes a company off the list. One person is enough to pay somebody no more; transfers to them that wait are paid no more either.
/// </summary>
public sealed class RemovePayee(Database db, ShopLog log, TimeProvider clock)
{
    /// <summary>False when nobody on the list has this number, or whoever asks may not.</summary>
    public Task<bool> Run(ActingShop by, BusinessId business, PayeeId id, CancellationToken ct = default) => db.Transact(async tx =>
    {
        if (!await TwoPeople.May(tx, by, ShopRight.Business)
            || await Payees.Find(tx.Connection!, business, id, tx) is not { RemovedMs: null } found)
            return false;
        await tx.Connection!.ExecuteAsync(
            "update business_payee set removed_by = @by, removed_ms = @at where id = @id",
            new { id, by = by.Account, at = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx);
        await log.Append(tx, ShopAct.RemovedPayee, by, by.Account!.Value, found.Of.ToString());
        return true;
    }, ct);
}
