using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>
/// A payment as a member asks for it. <paramref name="Resolve"/> finds who is paid; it may use something up (a touch), and is asked once.
/// </summary>
/// <param name="Points">Points to use, at most the amount; <paramref name="PointsAreMost"/>: as many of them as there are.</param>
/// <param name="Key">Under this key it is one payment, however often it is asked for.</param>
/// <param name="Touches">Resolving accepts a touch, which works once: a repeat must be answered before that.</param>
public sealed record PayAtStoreRequest(
    Payer Payer, Func<CancellationToken, Task<Answer<ResolvedPayee, ResolvePayeeRefusal>>> Resolve, Yen Amount, PointAmount Points,
    bool PointsAreMost, IdempotencyKey Key, bool Touches = false);

/// <summary>A member pays whom a tag, a code or a name stands for: what the pay page and the API both do, in one order.</summary>
public sealed class PayAtStore(Pay pay)
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    const int MostLooks = 20;

    /// <summary>
    /// The ledger knows the key as well and gives a repeat its answer. Only where resolving the payee uses something up, or refuses, is the
    /// key looked up beside it. The answer to a fixed amount that is another than the asked one is <see cref="PayRefusal.InvalidAmount"/>.
    /// </summary>
    public async Task<Answer<Paid, PayRefusal>> Run(PayAtStoreRequest request, CancellationToken ct = default)
    {
        if (request.Touches && await Stored(request, ct) is { } earlier) return earlier;

        var found = await request.Resolve(ct);
        var fits = found.Accepted && (found.Value.Amount is not { } asked || asked == request.Amount);
        if (!fits && !request.Touches && await Stored(request, ct) is { } before) return before;
        if (found.Refusal == ResolvePayeeRefusal.CodeUsed && await AwaitSameRequest(request, ct) is { } same) return same;
        if (!found.Accepted) return RefusalOf(found.Refusal);
        if (!fits) return PayRefusal.InvalidAmount;

        var payee = found.Value;
        return await pay.Run(new PayRequest(
            request.Payer, Payee.Of(payee.Store), request.Amount, request.Points,
            payee.Way, Initiator.Member(request.Payer.MemberId), [request.Key], payee.Spends, payee.OrderId,
            request.PointsAreMost, payee.Till), ct);
    }

    Task<Answer<Paid, PayRefusal>?> Stored(PayAtStoreRequest request, CancellationToken ct) => pay.FindStoredAnswer([request.Key], ct);

    /// <summary>A touch that was used a moment ago may have been used by this very request, sent twice: its answer is not far.</summary>
    async Task<Answer<Paid, PayRefusal>?> AwaitSameRequest(PayAtStoreRequest request, CancellationToken ct)
    {
        for (var looks = 0; looks < MostLooks; looks++)
        {
            if (await Stored(request, ct) is { } answer)
                return answer;
            await Task.Delay(Look, ct);
        }
        return null;
    }

    static PayRefusal RefusalOf(ResolvePayeeRefusal refusal) => refusal switch
    {
        ResolvePayeeRefusal.InvalidCode => PayRefusal.InvalidCode,
        ResolvePayeeRefusal.NotFound => PayRefusal.NotFound,
        ResolvePayeeRefusal.Forbidden => PayRefusal.Forbidden,
        ResolvePayeeRefusal.CodeExpired => PayRefusal.CodeExpired,
        ResolvePayeeRefusal.TagRevoked => PayRefusal.TagRevoked,
        ResolvePayeeRefusal.CodeUsed => PayRefusal.CodeUsed,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "not a refusal"),
    };
}
