using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>A refund as asked for: <paramref name="Amount"/> yen of the payment's whole amount (yen and points together).</summary>
/// <param name="Stores">The stores for which the caller may refund: a till's own, or all of a merchant's.</param>
/// <param name="Cap">Who of the staff gives it back, within which cap; null where a program does, or nobody of them has a PIN.</param>
public sealed record RefundRequest(
    PaymentId PaymentId,
    IReadOnlyCollection<StoreId> Stores, Yen Amount, string? Reason, Initiator Initiator, IReadOnlyList<IdempotencyKey> IdempotencyKeys,
    RefundCap? Cap = null);

/// <summary>A refund that was made: yen and points given back, points taken back that the payment had earned.</summary>
[StoredAs("refunded")]
public sealed record Refunded(
    RefundId RefundId, PaymentId PaymentId, StoreId StoreId, Yen Amount, Yen Yen, PointAmount Points, PointAmount PointsTakenBack,
    DateTimeOffset At);

/// <summary>Why a refund was not made; the names are the contract's codes.</summary>
public enum RefundRefusal
{
    None = 0,
    InvalidAmount = 1,
    NotFound = 2,
    KeyReused = 3,
    NotRefundable = 4,

    /// <summary>A reason that cannot be kept as it is: too long, unreadable, or with a card number.</summary>
    InvalidRequest = 5,

    /// <summary>The member has left the programme: there is no wallet to give it back to. The store gives it back in cash.</summary>
    MemberLeft = 6,

    /// <summary>Whoever gives it back may not give back so much: in one refund, or in the day with what they gave back before.</summary>
    OverLimit = 7,
}

/// <summary>A refund as it is kept: the n-th of its payment.</summary>
public sealed record RefundRow(
    PaymentId PaymentId, int Number, RefundId EntryId, MemberId MemberId, StoreId StoreId, long AtMs, Yen AmountYen, Yen Yen,
    PointAmount Points, PointAmount PointsTakenBack, string? Reason)
{
    /// <summary>What the yen lack: it stands for points that the payment had earned and that were spent already.</summary>
    public Yen Withheld => AmountYen - Yen - Points.WorthInPayments;

    public static DetailTable<RefundRow> Table { get; } = new DetailTable<RefundRow>("refund")
        .Uuid("payment_id", r => r.PaymentId)
        .Integer("number", r => r.Number)
        .Uuid("entry_id", r => r.EntryId)
        .Uuid("member_id", r => r.MemberId)
        .Uuid("store_id", r => r.StoreId)
        .Bigint("at_ms", r => r.AtMs)
        .Yen("amount_yen", r => r.AmountYen)
        .Yen("yen", r => r.Yen)
        .Points("points", r => r.Points)
        .Points("points_taken_back", r => r.PointsTakenBack)
        .Text("reason", r => r.Reason);
}

/// <summary>
/// A store gives back all or part of a payment. Yen and points go back in the proportion in which they came, points to the lots
/// they came from, and what the refunded yen had earned is taken back (<c>docs/decisions/0004</c>).
/// </summary>
public sealed class Refund(Database db, GeneralLedger ledger, Programme programme, TimeProvider clock, PointUses uses)
{
    const int LongestReason = 200;

    /// <summary>Whether gifts are taken back. The simulation turns it off to see that somebody notices.</summary>
    internal bool TakesGiftsBack { get; set; } = true;

    /// <summary>Whether gifts are known that are pending. The simulation turns it off to see that somebody notices.</summary>
    internal bool SeesPending { get; set; } = true;

    /// <summary>What became of the refund that was asked for with this key; null while nothing is known of it.</summary>
    public Task<Answer<Refunded, RefundRefusal>?> FindOutcome(Guid caller, string key, CancellationToken ct = default) =>
        StoredAnswer.FindOutcome<Refunded, RefundRefusal>(db, caller, key, WalletJson.Default.Refunded, ct);

    public async Task<Answer<Refunded, RefundRefusal>> Run(RefundRequest request, CancellationToken ct = default)
    {
        if (!Movement.IsAmount(request.Amount.Value)) return RefundRefusal.InvalidAmount;
        if (!NoteText.IsFine(request.Reason, LongestReason)) return RefundRefusal.InvalidRequest;
        for (var seen = -1L; ;)
        {
            ct.ThrowIfCancellationRequested();
            if (await Load(request, ct) is not { } past) return RefundRefusal.NotFound;
            if (past.Refunded.Refunds <= seen)
                throw new InvalidOperationException(
                    $"{request.PaymentId} was refunded more often than its refunds say: run verify.");
            seen = past.Refunded.Refunds;
            var now = clock.Now();
            try
            {
                var id = Id.New<RefundId>(now, past.Payment.MemberId);
                return await uses.With(known => ledger.Post(new RefundDraft(request, past, id, now, programme, known), ct), ct);
            }
            catch (AnotherCameFirstException)
            {
                // A refund of the same payment was posted since we looked: there is one more now, or somebody changed the books.
            }
        }
    }

    /// <summary>
    /// What has happened to the payment so far. It never changes but by further refunds, which the fact of its n-th refund excludes.
    /// </summary>
    internal sealed record Past(PaymentRow Payment, IReadOnlyList<Leg> Legs, RefundTotal Refunded)
    {
        public int Next => checked((int)Refunded.Refunds + 1);
        public SingleUse NextRefund => new(SingleUseKind.RefundOf, Payment.EntryId, Next);

        /// <summary>What it got from campaigns, and by which rules.</summary>
        public IReadOnlyList<(CampaignAward Award, CampaignTerms Terms)> Awards { get; init; } = [];

        public SingleUse Corrected => new(SingleUseKind.EntryCorrected, Payment.EntryId);

        /// <summary>What was paid in yen and not given back so far.</summary>
        public Yen YenKept => Payment.Yen - Refunded.OfYenPart;

        /// <summary>Once it was released it is in its lot.</summary>
        public static bool IsPending(CampaignAward award, AccountState state) =>
            award.PendingUntil is not null && !state.Happened(award.Release);

        /// <summary>What the part that is given back now has pending, by day.</summary>
        public List<PendingPart> PendingOf(AccountState state, Yen yenKept) =>
        [..
            from award in Awards
            where IsPending(award.Award, state)
            group award.Award.KeptOf(YenKept, award.Terms) - award.Award.KeptOf(yenKept, award.Terms)
                by award.Award.PendingUntil!.Value into day
            where day.Any(points => points > PointAmount.Zero)
            select new PendingPart(day.Key, day.Sum(points => points)),
        ];
    }

    async Task<Past?> Load(RefundRequest request, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var payment = await Payments.Find(connection, request.PaymentId);
        if (payment is null || !request.Stores.Contains(payment.StoreId))
            return null;
        var refunded = await Payments.RefundedOf(connection, payment.EntryId);
        return new Past(payment, await Statement.Legs(connection, db.Catalogue, payment.MemberId, payment.EntryId), refunded)
        {
            Awards = [.. (await CampaignAward.Of(connection, payment.EntryId))
                .Where(a => SeesPending || a.Award.PendingUntil is null)
                .Select(a => TakesGiftsBack ? a
                    : a with { Terms = a.Terms with { Gift = new GiftRule(GiftKind.Fixed, a.Award.Points.Value) } })],
        };
    }

    /// <summary>What of the payment and its member stands against it, whoever gives it back.</summary>
    internal static RefundRefusal Hindered(Yen amount, PaymentRow payment, RefundTotal refunded, bool isCorrected, bool isAway,
        bool hasLeft, JapanDay today, Programme programme)
    {
        var paidOn = JapanDay.Of(DateTimeOffset.FromUnixTimeMilliseconds(payment.AtMs));

        if (amount > payment.AmountYen - refunded.AmountYen) return RefundRefusal.NotRefundable;
        // Operators have set right what the payment took: giving it back as well would give it back twice.
        if (isCorrected) return RefundRefusal.NotRefundable;
        // Its month was taken away: what it took, and from where, is not known here.
        if (isAway) return RefundRefusal.NotRefundable;
        if (today.Date.DayNumber - paidOn.Date.DayNumber > programme.Payments.RefundDays) return RefundRefusal.NotRefundable;
        return hasLeft ? RefundRefusal.MemberLeft : RefundRefusal.None;
    }

    internal static Decision<Refunded, RefundRefusal> Decide(
        RefundRequest request, Past past, AccountState state, RefundId id, DateTimeOffset now, Programme programme,
        PointUseTable uses)
    {
        var payment = past.Payment;
        var today = JapanDay.Of(now);

        if (state.Happened(past.NextRefund)) throw new AnotherCameFirstException();
        var member = state.Of(payment.MemberId);
        if (Hindered(request.Amount, payment, past.Refunded, state.Happened(past.Corrected), past.Legs.Count == 0, member.HasLeft, today,
            programme) is not RefundRefusal.None and var hindered)
            return hindered;
        if (request.Cap is { } cap && !cap.Allows(request.Amount, state.Of(cap.Who).SpendingLimit(LimitKind.StaffRefund), today))
            return RefundRefusal.OverLimit;

        // From here nothing may fail.
        var refundedAfter = past.Refunded.AmountYen + request.Amount;
        var share = new Rate(payment.Points.Value, payment.AmountYen.Value);
        var points = new PointAmount(share.Of(refundedAfter.Value, Rounding.Down)) - past.Refunded.Points;
        var yen = request.Amount - points.WorthInPayments;
        var yenKept = payment.Yen - (refundedAfter - (past.Refunded.Points + points).WorthInPayments);
        var leftToTakeBack = payment.PointsEarned - past.Refunded.PointsTakenBack;
        var byPaying = payment.PointsEarned - past.Awards.Sum(a => a.Award.Points);
        var earnedByKept = PointAmount.Min(byPaying, Earn.ByPaying(yenKept, programme.Points))
            + past.Awards.Sum(a => a.Award.KeptOf(yenKept, a.Terms));
        var takeBack = PointAmount.Max(PointAmount.Zero, PointAmount.Min(leftToTakeBack - earnedByKept, leftToTakeBack));

        // What is pending of this part goes first, and whole: nobody can have spent it, and what is left is what will be released.
        var pending = past.PendingOf(state, yenKept);
        var ofPending = pending.Sum(p => p.Points);
        takeBack = PointAmount.Max(takeBack, ofPending);

        var taken = TakeBack(member, past, state, today, yenKept, takeBack - ofPending, uses);
        var missing = Yen.Min(yen, (takeBack - ofPending - taken.Sum(t => t.Points)).WorthInPayments);
        // What neither the lots nor these yen can give is still owed by the payment's next refund.
        takeBack = ofPending + taken.Sum(t => t.Points) + missing.AsPoints;
        var legs = Legs(past, today, yen - missing, points, taken, pending);
        legs.Add(Leg.Of(payment.StoreId, AccountType.Payable, -request.Amount));
        if (points.WorthInPayments + missing is var funded && funded > Yen.Zero)
            legs.Add(Leg.Of(Chart.Operator, AccountType.PointFunding, funded));

        return new Decision<Refunded, RefundRefusal>(
            new Refunded(id, payment.EntryId, payment.StoreId, request.Amount, yen - missing, points, takeBack, now))
        {
            Entry = new Entry(id, EntryKind.Refund, now, request.Initiator, legs) { Store = payment.StoreId, Corrects = payment.EntryId },
            SingleUses = [past.NextRefund],
            Uses = request.Cap is { Who: var who } ? [new LimitUse(who, LimitKind.StaffRefund, request.Amount.Value, today)] : [],
            Details =
            [
                RefundRow.Table.Row(new RefundRow(payment.EntryId, past.Next, id, payment.MemberId, payment.StoreId,
                    now.ToUnixTimeMilliseconds(), request.Amount, yen - missing, points, takeBack, request.Reason)),
            ],
            Topics = [Topics.OfStore(payment.StoreId), Topics.OfMember(payment.MemberId)],
        };
    }

    /// <summary>
    /// Earned points are taken from the lots they went to, then from the others that can be spent at the store, and so are worth as much;
    /// what was spent already is withheld from the yen.
    /// </summary>
    static List<LotPart> TakeBack(OwnerState member, Past past, AccountState state, JapanDay today, Yen yenKept, PointAmount points,
        PointUseTable uses)
    {
        var left = Lots.Of(member).Where(p => p.Lot.LivesOn(today)).ToDictionary(p => p.Lot, p => p.Points);
        var taken = new Dictionary<Lot, PointAmount>();
        foreach (var (lot, most) in EarnedInto(past, state, yenKept))
            Take(lot, most);
        foreach (var part in Lots.Usable(member, today, SpendingPlace.Store(past.Payment.StoreId), uses))
            Take(part.Lot, part.Points);
        return [.. taken.Select(t => new LotPart(t.Key, t.Value))];

        void Take(Lot lot, PointAmount most)
        {
            var part = PointAmount.Min(points, PointAmount.Min(most, left.GetValueOrDefault(lot)));
            if (part == PointAmount.Zero)
                return;
            left[lot] -= part;
            taken[lot] = taken.GetValueOrDefault(lot) + part;
            points -= part;
        }
    }

    /// <summary>What the part that is given back now had earned by each campaign, then by paying, with the lots it went to.</summary>
    static IEnumerable<LotPart> EarnedInto(Past past, AccountState state, Yen yenKept)
    {
        foreach (var (award, terms) in past.Awards)
            if (!Past.IsPending(award, state) && award.LotOf(terms) is { } lot)
                yield return new LotPart(lot, award.KeptOf(past.YenKept, terms) - award.KeptOf(yenKept, terms));
        if (past.Legs.Where(l => l.Amount > 0).Select(Lot.Of).FirstOrDefault(lot => lot is not null) is { } byPaying)
            yield return new LotPart(byPaying, past.Payment.PointsEarned);
    }

    static List<Leg> Legs(Past past, JapanDay today, Yen yen, PointAmount points, List<LotPart> taken, List<PendingPart> pending)
    {
        var member = past.Payment.MemberId;
        var legs = new List<Leg>();

        // What was taken last goes back first: money before prepaid, the lot that lives longest before the others.
        var yenBefore = past.Refunded.Yen;
        var yenParts = past.Legs.Where(l => WalletModule.Spendable.Contains(l.AccountType) && l.Amount < 0).Reverse()
            .Select(l => (l.AccountType, -l.Amount));
        foreach (var (accountType, amount) in Allocation.Of(yenParts, yenBefore.Value, (yenBefore + yen).Value))
            legs.Add(Leg.Of(member, accountType, new Yen(amount)));

        var (liability, lapsed) = (PointAmount.Zero, PointAmount.Zero);
        var lotParts = past.Legs.Where(l => Lot.Of(l) is not null && l.Amount < 0).Reverse().Select(l => (Lot.Of(l)!.Value, -l.Amount));
        foreach (var (lot, amount) in Allocation.Of(lotParts, past.Refunded.Points.Value, (past.Refunded.Points + points).Value))
            if (lot.LivesOn(today))
                legs.Add(lot.LegOf(member, new PointAmount(amount)));
            else
                lapsed += new PointAmount(amount);
        if (lapsed > PointAmount.Zero)
            legs.Add(Leg.Of(Chart.Operator, AccountType.Breakage, lapsed));
        liability -= points;
        foreach (var part in pending)
        {
            legs.Add(new Leg(member, AccountType.PendingPoints, part.From.Number, -part.Points.Value));
            liability += part.Points;
        }
        foreach (var part in taken)
        {
            legs.Add(part.Lot.LegOf(member, -part.Points));
            liability += part.Points;
        }
        if (liability != PointAmount.Zero)
            legs.Add(Leg.Of(Chart.Operator, AccountType.PointLiability, liability));
        return legs;
    }

    sealed class RefundDraft(RefundRequest request, Past past, RefundId id, DateTimeOffset now, Programme programme, PointUseTable uses)
        : Draft<Refunded, RefundRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [past.Payment.MemberId];
        public override IReadOnlyList<Guid> Counters { get; } = request.Cap is { } cap ? [cap.Who] : [];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys => request.IdempotencyKeys;
        public override IReadOnlyList<SingleUse> SingleUses { get; } =
        [
            past.NextRefund, past.Corrected, .. past.Awards.Where(a => a.Award.PendingUntil is not null).Select(a => a.Award.Release),
        ];

        public override JsonTypeInfo<Refunded> Json => WalletJson.Default.Refunded;
        public override RefundRefusal Reused(IdempotencyKey key) => RefundRefusal.KeyReused;

        public override Decision<Refunded, RefundRefusal> Decide(AccountState state) =>
            Refund.Decide(request, past, state, id, now, programme, uses);
    }

    /// <summary>The payment was refunded once more between loading and deciding: load again.</summary>
    sealed class AnotherCameFirstException : Exception;
}
