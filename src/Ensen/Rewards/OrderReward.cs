using System.Data.Common;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Rewards;

/// <summary>So many of a reward, as a member asks for them.</summary>
public sealed record OrderRewardRequest(Payer Payer, RewardId Reward, int Quantity, IdempotencyKey Key);

/// <summary>An order that was taken: what it cost. How it stands is read with <see cref="RewardOrders"/>.</summary>
[StoredAs("reward-ordered")]
public sealed record RewardOrdered(RewardOrderId OrderId, PointAmount Points, Yen Yen);

/// <summary>Why nothing was ordered; the names are the contract's codes.</summary>
public enum OrderRewardRefusal
{
    None = 0,

    /// <summary>No number of pieces, or too many.</summary>
    InvalidAmount = 1,

    /// <summary>There is no such reward.</summary>
    NotFound = 2,
    KeyReused = 3,
    MemberLeft = 4,
    Frozen = 5,

    /// <summary>It is offered no more, its day has come, or nobody is there who issues it.</summary>
    NotAvailable = 6,
    OutOfStock = 7,

    /// <summary>The yen of its price are above a cap.</summary>
    OverLimit = 8,
    InsufficientPoints = 9,
    InsufficientBalance = 10,
}

/// <summary>
/// A member exchanges points for a reward. Points, yen and the piece are taken in one step of the ledger, and the order to the partner is
/// written in it; then it is carried out, by this node if it lives, by another one if not.
/// </summary>
public sealed class OrderReward(
    Database db, GeneralLedger ledger, Outbox outbox, ExternalGateways outside, PointUses uses, Programme programme, TimeProvider clock)
{
    /// <summary>So many pieces are one order at most.</summary>
    public const int Most = 20;

    /// <summary>How long a member waits for the partner. The work itself goes on.</summary>
    internal TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(3);

    public async Task<Answer<RewardOrdered, OrderRewardRefusal>> Run(OrderRewardRequest request, CancellationToken ct = default)
    {
        if (request.Quantity is < 1 or > Most) return OrderRewardRefusal.InvalidAmount;
        Reward? reward;
        await using (var connection = await db.Connect(ct))
            reward = await RewardCatalogue.Find(connection, request.Reward);
        if (reward is null) return OrderRewardRefusal.NotFound;
        var now = clock.Now();
        var id = Id.New<RewardOrderId>(now, request.Payer.MemberId);
        try
        {
            var answer = await uses.With(known => ledger.Post(new OrderDraft(
                request, reward, outside.Has(Gateway.Rewards), id, now, programme, known, outbox), ct), ct);
            if (answer is { Accepted: true, Replayed: false })
                await Task.WhenAny(outbox.RunNow(answer.Value.OrderId, CancellationToken.None), Task.Delay(Patience, clock, ct));
            return answer;
        }
        catch (OutOfStockException)
        {
            return OrderRewardRefusal.OutOfStock;
        }
    }

    /// <summary>What became of the order that was asked for with this key; null while nothing is known of it.</summary>
    public Task<Answer<RewardOrdered, OrderRewardRefusal>?> FindOutcome(Guid caller, string key, CancellationToken ct = default) =>
        StoredAnswer.FindOutcome<RewardOrdered, OrderRewardRefusal>(db, caller, key, RewardsJson.Default.RewardOrdered, ct);

    /// <summary>The decision: checks in the order of the refusals, then a line, then what is posted.</summary>
    internal static Decision<RewardOrdered, OrderRewardRefusal> Decide(OrderRewardRequest request, Reward reward, bool isSetUp,
        AccountState state, RewardOrderId id, DateTimeOffset now, Programme programme, PointUseTable uses)
    {
        var (payer, today) = (request.Payer, JapanDay.Of(now));
        var member = state.Of(payer.MemberId);
        var points = new PointAmount(checked(reward.Points.Value * request.Quantity));
        var yen = new Yen(checked(reward.Yen.Value * request.Quantity));

        if (member.HasLeft) return OrderRewardRefusal.MemberLeft;
        if (member.IsFrozen) return OrderRewardRefusal.Frozen;
        if (!isSetUp || !reward.IsSoldOn(today))
            return new Decision<RewardOrdered, OrderRewardRefusal>(OrderRewardRefusal.NotAvailable) { IsForNow = true };
        if (reward.Stock < request.Quantity)
            return new Decision<RewardOrdered, OrderRewardRefusal>(OrderRewardRefusal.OutOfStock) { IsForNow = true };
        if (yen > Yen.Zero && !Outgoing.Left(
            member, member.SpendingLimit(LimitKind.Pay).At(now).Left(payer.Caps(programme), today), today, programme).Allows(yen.Value))
            return OrderRewardRefusal.OverLimit;
        if (Lots.Take(Lots.Usable(member, today, SpendingPlace.Reward(reward.Id), uses), points) is not { } spent)
            return OrderRewardRefusal.InsufficientPoints;
        var prepaid = Yen.Min(yen, new Yen(member.Balance(AccountType.Prepaid)));
        var money = yen - prepaid;
        if (money.Value > (payer.Verified ? member.Balance(AccountType.Money) : 0)) return OrderRewardRefusal.InsufficientBalance;

        // From here nothing may fail but the stock, which is counted in the step itself.
        List<Leg> legs = [];
        if (prepaid > Yen.Zero)
            legs.Add(Leg.Of(payer.MemberId, AccountType.Prepaid, -prepaid));
        if (money > Yen.Zero)
            legs.Add(Leg.Of(payer.MemberId, AccountType.Money, -money));
        if (yen > Yen.Zero)
            legs.Add(Leg.Of(Chart.Operator, AccountType.RewardSales, yen));
        legs.AddRange(spent.Select(part => part.Lot.LegOf(payer.MemberId, -part.Points)));
        legs.Add(Leg.Of(Chart.Operator, AccountType.PointLiability, points));
        return new Decision<RewardOrdered, OrderRewardRefusal>(new RewardOrdered(id, points, yen))
        {
            Entry = new Entry(id, EntryKind.RewardOrder, now, Initiator.Member(payer.MemberId), legs),
            Uses = yen > Yen.Zero ? [new LimitUse(payer.MemberId, LimitKind.Pay, yen.Value, today)] : [],
            Details =
            [
                RewardOrderRow.Table.Row(new RewardOrderRow(id, payer.MemberId, reward.Id, reward.Title, request.Quantity, points, yen,
                    reward.UseOn?.Number ?? 0, now.ToUnixTimeMilliseconds())),
            ],
            Topics = [Topics.OfMember(payer.MemberId)],
        };
    }

    sealed class OrderDraft(OrderRewardRequest request, Reward reward, bool isSetUp, RewardOrderId id, DateTimeOffset now,
        Programme programme, PointUseTable uses, Outbox outbox) : Draft<RewardOrdered, OrderRewardRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [request.Payer.MemberId];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys { get; } = [request.Key];
        public override bool IsAlone => true;
        public override JsonTypeInfo<RewardOrdered> Json => RewardsJson.Default.RewardOrdered;
        public override OrderRewardRefusal Reused(IdempotencyKey key) => OrderRewardRefusal.KeyReused;

        public override Decision<RewardOrdered, OrderRewardRefusal> Decide(AccountState state)
        {
            var decision = OrderReward.Decide(request, reward, isSetUp, state, id, now, programme, uses);
            return decision.Entry is null ? decision : decision with { Alongside = (tx, _) => TakeOn(tx) };
        }

        /// <summary>Beside the entry, in its transaction: the piece, how the order stands, and the order to the partner.</summary>
        async Task TakeOn(DbTransaction tx)
        {
            if (!await RewardCatalogue.Take(tx, request.Reward, request.Quantity))
                throw new OutOfStockException();
            await tx.Connection!.ExecuteAsync(
                "insert into reward_fulfilment (order_id, state, changed_ms) values (@id, @state, @at)",
                new { id, state = (short)RewardOrderState.Ordered, at = now.ToUnixTimeMilliseconds() }, tx);
            await outbox.Add(tx, id, FulfilReward.Kind, id.ToString());
        }
    }

    /// <summary>Somebody else had the last piece meanwhile.</summary>
    sealed class OutOfStockException : Exception;
}

[JsonSerializable(typeof(RewardOrdered))]
[JsonSerializable(typeof(RewardReturned))]
sealed partial class RewardsJson : JsonSerializerContext;
