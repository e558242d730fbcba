using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Rewards;

/// <summary>Why an order stays; the names are the contract's codes.</summary>
public enum CancelRewardRefusal
{
    None = 0,

    /// <summary>None of the member's orders has this number.</summary>
    NotFound = 1,

    /// <summary>It was used, or the day it is for has come.</summary>
    NotRefundable = 2,
}

/// <summary>
/// A member takes an order back. The partner is asked first that nobody uses it any more; then points and yen come back, points to their
/// lots with their dates. Asked again it answers how the order stands.
/// </summary>
public sealed class CancelReward(Database db, RewardOrders orders, Outbox outbox, TimeProvider clock)
{
    /// <summary>How long a member waits for the partner. The work itself goes on.</summary>
    internal TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(3);

    public async Task<Answer<RewardOrder, CancelRewardRefusal>> Run(MemberId member, RewardOrderId id, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        if (await orders.Find(member, id, ct) is not { } order) return CancelRewardRefusal.NotFound;
        if (Decide(order, JapanDay.Of(now)) is not CancelRewardRefusal.None and var refusal) return refusal;
        if (order.State is RewardOrderState.Cancelling or RewardOrderState.Cancelled)
            return ((Answer<RewardOrder, CancelRewardRefusal>)order).AsReplay();
        var work = Id.New(now, member);
        var begun = await db.Transact(async tx =>
        {
            if (!await RewardOrders.Move(tx, id, order.State, RewardOrderState.Cancelling, null, now))
                return false;
            await outbox.Add(tx, work, FulfilReward.Kind, id.ToString());
            return true;
        }, ct);
        if (!begun)
            return await Run(member, id, ct);
        await Task.WhenAny(outbox.RunNow(work, CancellationToken.None), Task.Delay(Patience, clock, ct));
        return await orders.Find(member, id, ct) ?? order;
    }

    /// <summary>The checks, in the order of the refusals.</summary>
    internal static CancelRewardRefusal Decide(RewardOrder order, JapanDay today) =>
        order.State is RewardOrderState.Cancelling or RewardOrderState.Cancelled || order.MayCancel(today)
            ? CancelRewardRefusal.None : CancelRewardRefusal.NotRefundable;
}
