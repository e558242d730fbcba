using Ensen.Access;
using Ensen.Basics;
using Ensen.Codes;
using Ensen.Formats;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>What a till scanned and asks for. A repeated order with the same amount is the same payment.</summary>
public sealed record TakeRequest(StoreId StoreId, TillId TillId, string Code, Yen Amount, string OrderId,
    IReadOnlyList<IdempotencyKey> IdempotencyKeys);

/// <summary>
/// A till takes a payment by the code that a member shows: the code names the member, the till the amount, and the two meet in one
/// decision in which the code is used up.
/// </summary>
public sealed class TakePayment(
    Database db, Stores stores, ShowCode codes, MemberDirectory directory, Sessions sessions, AttemptLimiter tries, Pay pay,
    RefusedAtTill refused, Programme programme, TimeProvider clock)
{
    /// <summary>
    /// Wrong codes a till may scan in a quarter of an hour; see <see cref="ShownCodeNumber"/> for what that leaves a guesser. Further ones
    /// are delayed, by 15 seconds more each time: a scanner that reads badly does not close the shop.
    /// </summary>
    static readonly AttemptPace Misses = new(20, TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(15));

    /// <summary>How long a till that missed too often should wait.</summary>
    public static TimeSpan BlockedFor => TimeSpan.FromSeconds(15);

    /// <summary>The key under which an order is one payment. No key of a caller's own can be the same: none has a line break.</summary>
    public static IdempotencyKey OrderKey(StoreId storeId, string orderId, Yen amount) =>
        IdempotencyKey.Of(storeId, "order\n" + orderId, "till payment", amount.Value) with { KeepsRefusals = false };

    /// <summary>
    /// A product's bar code, a keyboard's mistake, half a scan: no number of this form was tried, so none of them blocks the till.
    /// </summary>
    static bool IsGuess(ShownCodeFault fault) => fault is ShownCodeFault.None or ShownCodeFault.WrongCheckDigit or ShownCodeFault.NotOurs;

    public async Task<Answer<Paid, PayRefusal>> Run(TakeRequest request, CancellationToken ct = default)
    {
        if (!Movement.IsAmount(request.Amount.Value)) return PayRefusal.InvalidAmount;
        if (await pay.FindStoredAnswer(request.IdempotencyKeys, ct) is { } earlier) return earlier;
        if (await stores.Find(request.StoreId, ct) is not { State: StoreState.Open } store) return PayRefusal.Forbidden;

        var who = Id.Bare(request.TillId);
        if (await tries.WaitOf("shown-code", who, Misses, ct) > TimeSpan.Zero) return PayRefusal.TooManyRequests;
        if (!ShownCodeNumber.TryScan(request.Code, programme.Codes.Prefix, out var number, out var fault)
            || await codes.Find(number, ct) is not { } code)
        {
            if (IsGuess(fault))
                await tries.Pace("shown-code", who, Misses, TimeSpan.FromMinutes(15), ct);
            return PayRefusal.InvalidCode;
        }

        if (code.HasLapsed(clock.GetUtcNow()) || !await sessions.IsOpen(Subject.Member(code.MemberId), code.SessionId, ct))
            return PayRefusal.CodeExpired;
        if (await directory.Find(code.MemberId, ct) is not { } member) return PayRefusal.CodeExpired;
        var answer = await pay.Run(new PayRequest(
            Payer.Of(member, clock.GetUtcNow()), Payee.Of(store), request.Amount, code.PointsToUse,
            PayWay.ShownCode, Initiator.Till(request.TillId), request.IdempotencyKeys, [new SingleUse(SingleUseKind.CodeUsed, code.Id)],
            request.OrderId, PointsAreMost: true), ct);
        if (answer.Refusal == PayRefusal.CodeUsed && await PaidOtherwise(request, store, ct) is { } paid)
            return paid;
        if (!answer.Accepted)
            await Tell(
                code, new TillRefusal(clock.GetUtcNow().ToUnixTimeMilliseconds(), answer.Refusal, request.Amount, store.Id), ct);
        return answer;
    }

    /// <summary>The phone hears of the refusal too. That it could not be told changes nothing of what the till is answered.</summary>
    async Task Tell(ShownCodeRow code, TillRefusal refusal, CancellationToken ct)
    {
        try
        {
            await refused.Tell(code.MemberId, code.SessionId, refusal, ct);
        }
        catch (Exception e) when (TransientFailure.Is(e))
        {
            // The member learns it from the person at the till.
        }
    }

    /// <summary>The order was paid meanwhile by a code that the till showed: that is this payment, too. Null when it was not.</summary>
    async Task<Answer<Paid, PayRefusal>?> PaidOtherwise(TakeRequest request, Store store, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        if (await Payments.FindByOrder(connection, request.StoreId, request.OrderId) is not { } p || p.AmountYen != request.Amount)
            return null;
        Answer<Paid, PayRefusal> paid = new Paid(
            p.EntryId, p.MemberId, p.StoreId, store.Name, p.AmountYen, p.Yen, p.Points, p.PointsEarned,
            DateTimeOffset.FromUnixTimeMilliseconds(p.AtMs));
        return paid.AsReplay();
    }
}
