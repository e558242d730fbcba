using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Businesses;

/// <summary>Why a request stays as it is, in the order it is checked; the names are the contract's codes.</summary>
public enum CloseBusinessRequestRefusal
{
    None = 0,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 1,

    /// <summary>The company neither asked it nor was asked.</summary>
    NotFound = 2,

    /// <summary>It is paid.</summary>
    CodeUsed = 3,

    /// <summary>It was ended before.</summary>
    Lapsed = 4,
}

/// <summary>
/// Whoever asked withdraws a request, whoever was asked declines it, while it is open. A transfer for it that waits for a second person is
/// paid no more.
/// </summary>
public sealed class CloseBusinessRequest(Database db, ShopLog log, TimeProvider clock)
{
    public async Task<Answer<BusinessRequest, CloseBusinessRequestRefusal>> Run(
        ActingShop by, BusinessId business, BusinessRequestId id, CancellationToken ct = default)
    {
        BusinessRequest? found = null;
        var (now, how) = (clock.Now(), BusinessRequestState.Withdrawn);
        var refusal = await db.Transact(async tx =>
        {
            var may = await TwoPeople.May(tx, by, ShopRight.Business);
            found = await BusinessRequests.Find(tx.Connection!, id, tx);
            if (Decide(found, business, may) is not CloseBusinessRequestRefusal.None and var decided)
                return decided;
            how = found!.Asker == business ? BusinessRequestState.Withdrawn : BusinessRequestState.Declined;
            if (!await BusinessRequests.End(tx, id, how, by.Account!.Value, now))
                return CloseBusinessRequestRefusal.Lapsed;
            await log.Append(tx, ShopAct.ClosedBusinessRequest, by, by.Account!.Value, id.ToString());
            return CloseBusinessRequestRefusal.None;
        }, ct);
        if (refusal != CloseBusinessRequestRefusal.None)
            return refusal;
        return found! with { State = how, EndedMs = now.ToUnixTimeMilliseconds() };
    }

    internal static CloseBusinessRequestRefusal Decide(BusinessRequest? found, BusinessId business, bool may)
    {
        if (!may) return CloseBusinessRequestRefusal.Forbidden;
        if (found is null || found.Asker != business && found.Payer != business) return CloseBusinessRequestRefusal.NotFound;
        return found.State switch
        {
            BusinessRequestState.Open => CloseBusinessRequestRefusal.None,
            BusinessRequestState.Paid => CloseBusinessRequestRefusal.CodeUsed,
            _ => CloseBusinessRequestRefusal.Lapsed,
        };
    }
}
