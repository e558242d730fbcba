using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Rewards;
using Ensen.Staff;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Rewards;

/// <summary>
/// What is decided about rewards, on 1 June 2026: a reward of 100 points. In the first row of each refusal everything that is looked at
/// after it is wrong as well.
/// </summary>
public class RewardsDecide
{
    internal static RefusalTable<OrderRewardRefusal> Ordering { get; } = new("""
        refusal              holds                    member           reward
        None                 100pt@20260601           -                stock:1
        None                 60pt@20260601/7 40pt@20270331  -          stock:1
        None                 5 100pt@20260601         -                stock:1 yen:5
        None                 100pt@20260601           -                stock:1 use:20260602
        InvalidAmount        before                   RewardTests.The_catalogue_changes_its_stock_and_ends_a_reward
        NotFound             before                   RewardTests.The_catalogue_changes_its_stock_and_ends_a_reward
        KeyReused            before                   RewardTests.An_order_takes_the_points_and_is_issued
        MemberLeft           -                        left frozen      ended yen:5
        Frozen               -                        frozen           ended yen:5
        NotAvailable         -                        day:500000       ended yen:5
        NotAvailable         100pt@20260601           -                stock:1 use:20260601
        NotAvailable         100pt@20260601           -                stock:1 nobody
        OutOfStock           -                        day:500000       yen:5
        OverLimit            -                        day:499996       stock:1 yen:5
        InsufficientPoints   99pt@20260601            -                stock:1 yen:5
        InsufficientPoints   100pt@20260531           -                stock:1
        InsufficientPoints   100pt@20260601/8         -                stock:1
        InsufficientPoints   100pt@card               -                stock:1
        InsufficientBalance  4 100pt@20260601         -                stock:1 yen:5
        """);

    internal static RefusalTable<CancelRewardRefusal> Cancelling { get; } = new("""
        refusal        stands
        None           Ordered
        None           Issued use:20260602
        None           Cancelling use:20260601
        None           Cancelled use:20260601
        NotFound       before  RewardTests.What_is_for_a_day_is_sold_until_the_day_before
        NotRefundable  Used
        NotRefundable  Issued use:20260601
        """);

    internal static RefusalTable<ReturnRewardRefusal> Returning { get; } = new("""
        refusal   happened
        None      -
        Returned  returned
        """);

    internal static RefusalTable<KeepRewardsRefusal> Keeping { get; } = new("""
        refusal         asks
        None            points:100 yen:0 stock:0
        None            points:100 yen:5 stock:5 use:20260602
        InvalidRequest  untitled points:0
        InvalidRequest  points:0 use:20260601
        InvalidAmount   points:0 stock:1
        InvalidAmount   points:100 yen:-1
        InvalidAmount   points:100 stock:1000001
        NotFound        before  RewardTests.The_catalogue_changes_its_stock_and_ends_a_reward
        Forbidden       before  RewardTests.The_catalogue_changes_its_stock_and_ends_a_reward
        """);

    internal static RefusalTable<ApproveRewardRefusal> Approving { get; } = new("""
        refusal         by      so far     reward
        None            Ito     -          use:20260602
        NotFound        before  RewardTests.Nobody_offers_a_reward_alone
        AlreadyDecided  Suzuki  approved   ended
        AlreadyDecided  Ito     withdrawn  use:20260602
        SamePerson      Suzuki  -          ended
        Lapsed          Ito     -          ended
        Lapsed          Ito     -          use:20260601
        Forbidden       before  RewardTests.Nobody_offers_a_reward_alone
        """);

    [Fact]
    public void Each_approval_is_decided_as_the_table_says() => Approving.ShouldHold(row =>
    {
        var (reward, people) = (row.In("reward"), new Dictionary<bool, PersonId> { [true] = new(Guid.CreateVersion7()), [false] = new(Guid.CreateVersion7()) });
        var use = reward.Named("use") is { } day ? JapanDay.FromNumber((int)day) : (JapanDay?)null;
        return ApproveReward.Decide(
            new RewardProposal(default, null, new NewReward("座席", "A seat", 100, 0, 100, 1, use), FourEyes.Kept(people[true]), s_now,
                row.In("so far").Say("approved") ? RewardProposalState.Approved
                : row.In("so far").Say("withdrawn") ? RewardProposalState.Withdrawn : RewardProposalState.Waiting),
            people[row.In("by").Say("Suzuki")], reward.Say("ended"), JapanDay.Of(s_now));
    });

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 9, 0, 0, TimeSpan.FromHours(9));
    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    static readonly RewardId s_reward = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));
    static readonly RewardOrderId s_order = new(Guid.Parse("00000000-0000-7000-8000-000000000003"));
    static readonly PointUseTable s_uses = new([
        new PointUse(7, "特典だけ", "only rewards", [SpendingPlace.Any(SpendingKind.Reward)]),
        new PointUse(8, "店だけ", "only stores", [SpendingPlace.Any(SpendingKind.Store)])]);

    [Fact]
    public void Each_order_is_decided_as_the_table_says() => Ordering.ShouldHold(row =>
    {
        var (holds, is_, offer) = (row.In("holds"), row.In("member"), row.In("reward"));
        var state = new AccountState();
        var member = state.Open(s_member);
        if (holds.Words.Count > 0 && long.TryParse(holds.Words[0], out var yen))
            member.Load(AccountType.Money, 0, yen);
        foreach (var (lot, points) in holds.Lots)
            member.Load(lot.AccountType, lot.Term, points.Value);
        member.Load(DecisionCase.Used(s_member, LimitKind.Pay, is_, s_now));
        DecisionCase.Restrict(member, is_);
        var reward = new Reward(s_reward, "座席", "A seat", 100.Points(), (offer.Named("yen") ?? 0).Yen(), 200.Yen(),
            offer.Named("stock") ?? 0, offer.Named("use") is { } day ? JapanDay.FromNumber((int)day) : null, offer.Say("ended"));
        return OrderReward.Decide(
            new OrderRewardRequest(new Payer(s_member, true), s_reward, 1, Town.Key(s_member, "k")), reward, !offer.Say("nobody"), state,
            s_order, s_now, new Programme(), s_uses).Answer.Refusal;
    });

    [Fact]
    public void Each_cancellation_is_decided_as_the_table_says() => Cancelling.ShouldHold(row =>
    {
        var stands = row.In("stands");
        return CancelReward.Decide(Of(Enum.Parse<RewardOrderState>(stands.Words[0]), (int)(stands.Named("use") ?? 0)), JapanDay.Of(s_now));
    });

    [Fact]
    public void Each_return_is_decided_as_the_table_says() => Returning.ShouldHold(row =>
    {
        var state = new AccountState();
        state.Open(s_member);
        if (row.In("happened").Say("returned"))
            state.Load(new SingleUse(SingleUseKind.RewardReturned, s_order));
        return ReturnReward.Decide(Of(RewardOrderState.Issued, 0),
            [Lot.Basic(JapanDay.Of(s_now)).LegOf(s_member, (-100).Points())], "refused", state, new EntryId(Guid.CreateVersion7()), s_now)
            .Answer.Refusal;
    });

    [Fact]
    public void Each_change_of_the_catalogue_is_decided_as_the_table_says() => Keeping.ShouldHold(row =>
    {
        var asks = row.In("asks");
        return KeepRewards.Decide(new NewReward(asks.Say("untitled") ? " " : "座席", "A seat", asks.Named("points") ?? 0,
            asks.Words.Contains("yen:-1") ? -1 : asks.Named("yen") ?? 0, 100, asks.Named("stock") ?? 0,
            asks.Named("use") is { } day ? JapanDay.FromNumber((int)day) : null), JapanDay.Of(s_now));
    });

    static RewardOrder Of(RewardOrderState state, int useOn) => new(
        new RewardOrderRow(s_order, s_member, s_reward, "座席", 1, 100.Points(), Yen.Zero, useOn, 0), state, null);
}
