using Dapper;
using Ensen.Access;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>A device that is signed in as a till.</summary>
public sealed record TillDevice(StoreTill Till, Device Device);

/// <summary>
/// The devices at the tills of a merchant's stores, and throwing one out that was lost: its token opens nothing from the commit on, and
/// what it listens to ends.
/// </summary>
public sealed class TillDevices(Database db, Tills tills, Sessions sessions, ShopLog log)
{
    /// <summary>A store's, till by till, the last used first.</summary>
    public async Task<IReadOnlyList<TillDevice>> Of(StoreId store, CancellationToken ct = default)
    {
        var all = new List<TillDevice>();
        foreach (var till in await tills.OfStore(store, ct))
            all.AddRange((await sessions.Devices(Subject.Till(till.Id), ct)).Select(device => new TillDevice(till, device)));
        return all;
    }

    /// <summary>False when no such device is signed in at a till of these stores, which whoever acts sees.</summary>
    public async Task<bool> ThrowOut(
        ActingShop by, IReadOnlyCollection<StoreId> stores, TillId till, SessionId device, CancellationToken ct = default)
    {
        EndedSessions? ended = null;
        var isOut = await db.Transact(async tx =>
        {
            if (!(await tx.Connection!.QueryAsync<StoreId>("select store from till where id = @till", new { till }, tx))
                .Any(store => stores.Contains(store)))
                return false;
            await ShopLog.Turn(tx, by.Merchant);
            ended = await sessions.End(tx, Subject.Till(till), device, SessionEnd.Staff);
            if (ended.Count == 0)
                return false;
            await log.Append(tx, ShopAct.ThrewOutTill, by, by.Account ?? default, $"{till} {device}");
            return true;
        }, ct);
        if (ended is not null)
            sessions.Tell(ended);
        return isOut;
    }
}
