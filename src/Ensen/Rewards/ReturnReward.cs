using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Rewards;

/// <summary>An order was given back, points to the lots they came from.</summary>
[StoredAs("reward-returned")]
public sealed record RewardReturned(RewardOrderId OrderId);

/// <summary>Why nothing was given back.</summary>
public enum ReturnRewardRefusal
{
    None = 0,

    /// <summary>It was given back before.</summary>
    Returned = 1,
}

/// <summary>
/// What an order cost goes back: yen where they came from, points to their lots with their dates, and what has lapsed meanwhile to
/// breakage. It happens once, whoever finds out that the order came to nothing. Whoever has left gets nothing any more: their points are
/// breakage, and of yen somebody has to look.
/// </summary>
public sealed class ReturnReward(Database db, GeneralLedger ledger, TimeProvider clock)
{
    internal async Task Run(RewardOrder order, string reason, CancellationToken ct)
    {
        IReadOnlyList<Leg> legs;
        await using (var connection = await db.Connect(ct))
            legs = await Statement.Legs(connection, db.Catalogue, order.Row.MemberId, order.Row.EntryId);
        var now = clock.Now();
        await ledger.Post(new ReturnDraft(order, legs, reason, Id.New<EntryId>(now, order.Row.MemberId), now), ct);
    }

    internal static Decision<RewardReturned, ReturnRewardRefusal> Decide(
        RewardOrder order, IReadOnlyList<Leg> taken, string reason, AccountState state, EntryId id, DateTimeOffset now)
    {
        var (row, today) = (order.Row, JapanDay.Of(now));
        var returned = new SingleUse(SingleUseKind.RewardReturned, row.EntryId);

        if (state.Happened(returned)) return ReturnRewardRefusal.Returned;

        // From here nothing may fail.
        var hasLeft = state.Of(row.MemberId).HasLeft;
        var (legs, lapsed) = (new List<Leg>(), PointAmount.Zero);
        foreach (var leg in taken)
            if (Lot.Of(leg) is { } lot)
                if (lot.LivesOn(today) && !hasLeft)
                    legs.Add(lot.LegOf(row.MemberId, new PointAmount(-leg.Amount)));
                else
                    lapsed += new PointAmount(-leg.Amount);
            else if (!hasLeft)
                legs.Add(leg with { Amount = -leg.Amount });
        if (lapsed > PointAmount.Zero)
            legs.Add(Leg.Of(Chart.Operator, AccountType.Breakage, lapsed));
        if (hasLeft && row.Yen > Yen.Zero)
            legs.Add(Leg.Of(Chart.Operator, AccountType.Suspense, row.Yen));
        if (row.Yen > Yen.Zero)
            legs.Add(Leg.Of(Chart.Operator, AccountType.RewardSales, -row.Yen));
        legs.Add(Leg.Of(Chart.Operator, AccountType.PointLiability, -row.Points));
        return new Decision<RewardReturned, ReturnRewardRefusal>(new RewardReturned(row.EntryId))
        {
            Entry = new Entry(id, EntryKind.RewardReturn, now, Initiator.Job(FulfilReward.Kind), legs) { Corrects = row.EntryId },
            SingleUses = [returned],
            Details = [RewardReturnRow.Table.Row(new RewardReturnRow(id, row.EntryId, row.Points, row.Yen, reason))],
            Topics = [Topics.OfMember(row.MemberId)],
            Alongside = async (tx, _) =>
            {
                foreach (var from in (RewardOrderState[])[RewardOrderState.Ordered, RewardOrderState.Issued, RewardOrderState.Cancelling])
                    await RewardOrders.Move(tx, row.EntryId, from, RewardOrderState.Cancelled, reason, now);
                await RewardCatalogue.Take(tx, row.RewardId, -row.Quantity);
            },
        };
    }

    sealed class ReturnDraft(RewardOrder order, IReadOnlyList<Leg> taken, string reason, EntryId id, DateTimeOffset now)
        : Draft<RewardReturned, ReturnRewardRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [order.Row.MemberId];
        public override IReadOnlyList<SingleUse> SingleUses { get; } = [new(SingleUseKind.RewardReturned, order.Row.EntryId)];
        public override bool IsPatient => true;
        public override bool IsAlone => true;
        public override JsonTypeInfo<RewardReturned> Json => RewardsJson.Default.RewardReturned;
        public override ReturnRewardRefusal Reused(IdempotencyKey key) => ReturnRewardRefusal.Returned;

        public override Decision<RewardReturned, ReturnRewardRefusal> Decide(AccountState state) =>
            ReturnReward.Decide(order, taken, reason, state, id, now);
    }
}
