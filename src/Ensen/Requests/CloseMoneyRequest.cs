using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Requests;

/// <summary>Why a request stays as it is; the names are the contract's codes.</summary>
public enum CloseMoneyRequestRefusal
{
    None = 0,

    /// <summary>None of the member's requests has this number.</summary>
    NotFound = 1,

    /// <summary>It is paid.</summary>
    CodeUsed = 2,

    /// <summary>The other one has ended it.</summary>
    Lapsed = 3,

    /// <summary>Who asked withdraws, who was asked declines.</summary>
    InvalidRequest = 4,
}

/// <summary>
/// Whoever asked withdraws a request, whoever was asked declines it, while it is open: before the payment or after it, never beside it.
/// Asked again it answers how the request stands.
/// </summary>
public sealed class CloseMoneyRequest(Database db, MoneyRequests requests, TimeProvider clock)
{
    public async Task<Answer<MoneyRequest, CloseMoneyRequestRefusal>> Run(
        MemberId by, MoneyRequestId id, MoneyRequestState how, CancellationToken ct = default)
    {
        var now = clock.Now();
        if (await requests.Find(by, id, ct) is not { } asked) return CloseMoneyRequestRefusal.NotFound;
        if (by != (how == MoneyRequestState.Withdrawn ? asked.Asker : asked.Payer)) return CloseMoneyRequestRefusal.InvalidRequest;
        if (await db.Transact(tx => MoneyRequests.End(tx, id, how, now), ct))
        {
            db.Notifications.Raise(Topics.OfMember(asked.Asker));
            db.Notifications.Raise(Topics.OfMember(asked.Payer));
            return asked with { State = how, EndedMs = now.ToUnixTimeMilliseconds() };
        }
        return await requests.Find(by, id, ct) switch
        {
            null => CloseMoneyRequestRefusal.NotFound,
            { } ended when ended.State == how => ((Answer<MoneyRequest, CloseMoneyRequestRefusal>)ended).AsReplay(),
            { State: MoneyRequestState.Paid } => CloseMoneyRequestRefusal.CodeUsed,
            _ => CloseMoneyRequestRefusal.Lapsed,
        };
    }
}
