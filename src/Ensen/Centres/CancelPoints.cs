using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Centres;

/// <summary>A receipt to be cancelled, by the centre whose it is.</summary>
public sealed record CancelRequest(CentreId CentreId, PointTillId TillId, string Receipt, IReadOnlyList<IdempotencyKey> IdempotencyKeys);

/// <summary>
/// What the cancellation did to the member's points (negative: taken back) and what the centre keeps of the customer's money, yen, because
/// points that the purchase had brought were spent.
/// </summary>
[StoredAs("points-cancelled")]
public sealed record PointsCancelled(string Receipt, PointAmount Points, PointAmount Balance, Yen Withheld, DateTimeOffset At);

/// <summary>Why a receipt is not cancelled; the names are the contract's codes.</summary>
public enum CancelPointsRefusal
{
    None = 0,
    NotFound = 1,
    KeyReused = 2,

    /// <summary>Too long ago, or set right by operators.</summary>
    NotRefundable = 3,
    MemberLeft = 4,
}

/// <summary>
/// A centre takes a purchase back: points that it gave are taken from the lot they went to, then from the others, and what was spent of
/// them is kept from the customer's money; points that were spent go back to their lots, to breakage where those have lapsed. It happens
/// once.
/// </summary>
public sealed class CancelPoints(Database db, GeneralLedger ledger, PointReceipts receipts, Programme programme,
    PointUses uses, TimeProvider clock)
{
    public async Task<Answer<PointsCancelled, CancelPointsRefusal>> Run(CancelRequest request, CancellationToken ct = default)
    {
        if (await StoredAnswer.Find<PointsCancelled, CancelPointsRefusal>(db, request.IdempotencyKeys,
            CentresJson.Default.PointsCancelled, _ => CancelPointsRefusal.KeyReused, ct) is { } stored)
            return stored;
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            if (!Order.IsFine(request.Receipt) || await receipts.Find(request.CentreId, request.Receipt, ct) is not { } past)
                return CancelPointsRefusal.NotFound;
            if (past.Cancellation is { } done)
            {
                Answer<PointsCancelled, CancelPointsRefusal> answer = Told(past.Receipt, done);
                return answer.AsReplay();
            }
            IReadOnlyList<Leg> legs;
            IReadOnlyList<CampaignAward> gifts;
            await using (var connection = await db.Connect(ct))
            {
                legs = await Statement.Legs(connection, db.Catalogue, past.MemberId, past.EntryId);
                gifts = [.. (await CampaignAward.Of(connection, past.EntryId)).Select(g => g.Award)];
            }
            var now = clock.Now();
            var id = Id.New<EntryId>(now, past.MemberId);
            try
            {
                return await uses.With(
                    known => ledger.Post(new CancelDraft(request, past, legs, gifts, id, now, programme, known), ct), ct);
            }
            catch (AnotherCameFirstException)
            {
                // It was cancelled since we looked: that is the answer.
            }
        }
    }

    static PointsCancelled Told(string receipt, CancellationRow row) =>
        new(receipt, row.Points, row.BalanceAfter, row.WithheldYen, DateTimeOffset.FromUnixTimeMilliseconds(row.AtMs));

    /// <summary>The decision: checks in the order of the refusals, then a line, then what is posted.</summary>
    /// <param name="legs">What the award or the spending did at the member.</param>
    /// <param name="gifts">What the award got from campaigns.</param>
    internal static Decision<PointsCancelled, CancelPointsRefusal> Decide(CancelRequest request, PointReceipt past, IReadOnlyList<Leg> legs,
        IReadOnlyList<CampaignAward> gifts, AccountState state, EntryId id, DateTimeOffset now, Programme programme, PointUseTable uses)
    {
        var today = JapanDay.Of(now);
        var bookedOn = JapanDay.Of(DateTimeOffset.FromUnixTimeMilliseconds(past.AtMs));

        if (state.Happened(CancelledOf(past.EntryId))) throw new AnotherCameFirstException();
        // Operators have set it right: cancelling it as well would set it right twice.
        if (state.Happened(CorrectedOf(past.EntryId))) return CancelPointsRefusal.NotRefundable;
        // Its month was taken away: where the points came from, or went, is not known here.
        if (legs.Count == 0) return CancelPointsRefusal.NotRefundable;
        if (today.Date.DayNumber - bookedOn.Date.DayNumber > programme.Payments.RefundDays) return CancelPointsRefusal.NotRefundable;
        var member = state.Of(past.MemberId);
        if (member.HasLeft) return CancelPointsRefusal.MemberLeft;

        // From here nothing may fail.
        var usable = Lots.Usable(member, today, SpendingPlace.Store(request.CentreId), uses);
        var (moved, withheld, back) = past.Award is not null
            ? TakenBack(request, past, legs, [.. gifts.Where(g => g.PendingUntil is not null && !state.Happened(g.Release))], usable,
                [.. Lots.Of(member).Where(p => p.Lot.LivesOn(today))])
            : GivenBack(request, past, legs, today);
        var row = new CancellationRow(id, past.EntryId, request.CentreId, request.TillId, past.MemberId, now.ToUnixTimeMilliseconds(),
            past.Award is not null ? -past.Points : past.Points, withheld, Lots.Total(usable) + back);
        return new Decision<PointsCancelled, CancelPointsRefusal>(Told(past.Receipt, row))
        {
            Entry = new Entry(id, EntryKind.PointCancellation, now, Initiator.PointTill(request.TillId), moved)
            { Corrects = past.EntryId },
            SingleUses = [CancelledOf(past.EntryId)],
            Details = [CancellationRow.Table.Row(row)],
            Topics = [Topics.OfMember(past.MemberId)],
        };
    }

    static (List<Leg> Legs, Yen Withheld, PointAmount Change) TakenBack(
        CancelRequest request, PointReceipt past, IReadOnlyList<Leg> given, IReadOnlyList<CampaignAward> pending,
        IReadOnlyList<LotPart> usable, IReadOnlyList<LotPart> living)
    {
        // What is pending goes first: nobody can have spent it. Then what lies in the lots that the purchase had filled, also where this
        // centre does not take it.
        var ofPending = pending.Sum(p => p.Points);
        var filled = living.Where(part => given.Any(leg => leg.Amount > 0 && Lot.Of(leg) == part.Lot)).ToList();
        List<LotPart> lots = [.. filled, .. usable.Where(part => !filled.Contains(part))];
        var taken = PointAmount.Min(past.Points - ofPending, Lots.Total(lots));
        var withheld = (past.Points - ofPending - taken).WorthInPayments;
        var parts = Lots.Take(lots, taken)!;
        List<Leg> legs =
        [
            .. from award in pending
               group award by award.Term into day
               select new Leg(past.MemberId, AccountType.PendingPoints, day.Key, -day.Sum(a => a.Points).Value),
            .. parts.Select(part => part.Lot.LegOf(past.MemberId, -part.Points)),
        ];
        if (ofPending + taken > PointAmount.Zero)
            legs.Add(Leg.Of(Chart.Operator, AccountType.PointLiability, ofPending + taken));
        if (withheld > Yen.Zero)
        {
            legs.Add(Leg.Of(Chart.Operator, AccountType.PointFunding, withheld));
            legs.Add(Leg.Of(request.CentreId, AccountType.CentrePayable, -withheld));
        }
        return (legs, withheld, -parts.Where(p => usable.Any(u => u.Lot == p.Lot)).Sum(p => p.Points));
    }

    static (List<Leg> Legs, Yen Withheld, PointAmount Change) GivenBack(
        CancelRequest request, PointReceipt past, IReadOnlyList<Leg> taken, JapanDay today)
    {
        var (legs, lapsed) = (new List<Leg>(), PointAmount.Zero);
        foreach (var leg in taken.Where(l => l.Amount < 0))
            if (Lot.Of(leg)!.Value.LivesOn(today))
                legs.Add(leg with { Amount = -leg.Amount });
            else
                lapsed += new PointAmount(-leg.Amount);
        if (lapsed > PointAmount.Zero)
            legs.Add(Leg.Of(Chart.Operator, AccountType.Breakage, lapsed));
        legs.Add(Leg.Of(Chart.Operator, AccountType.PointLiability, -past.Points));
        legs.Add(Leg.Of(Chart.Operator, AccountType.PointFunding, past.Points.WorthInPayments));
        legs.Add(Leg.Of(request.CentreId, AccountType.CentrePayable, -past.Points.WorthInPayments));
        return (legs, Yen.Zero, past.Points - lapsed);
    }

    /// <summary>What happens once to an award or a spending: it is cancelled.</summary>
    internal static SingleUse CancelledOf(Guid entry) => new(SingleUseKind.PointsCancelled, entry);

    static SingleUse CorrectedOf(Guid entry) => new(SingleUseKind.EntryCorrected, entry);

    sealed class CancelDraft(CancelRequest request, PointReceipt past, IReadOnlyList<Leg> legs, IReadOnlyList<CampaignAward> gifts,
        EntryId id, DateTimeOffset now, Programme programme, PointUseTable uses) : Draft<PointsCancelled, CancelPointsRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [past.MemberId];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys => request.IdempotencyKeys;
        public override IReadOnlyList<SingleUse> SingleUses { get; } =
        [
            CancelledOf(past.EntryId), CorrectedOf(past.EntryId), .. gifts.Where(g => g.PendingUntil is not null).Select(g => g.Release),
        ];
        public override JsonTypeInfo<PointsCancelled> Json => CentresJson.Default.PointsCancelled;
        public override CancelPointsRefusal Reused(IdempotencyKey key) => CancelPointsRefusal.KeyReused;

        public override Decision<PointsCancelled, CancelPointsRefusal> Decide(AccountState state) =>
            CancelPoints.Decide(request, past, legs, gifts, state, id, now, programme, uses);
    }
}
