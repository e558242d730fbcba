using System.Text.Json.Serialization.Metadata;
using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>
/// Who pays; <paramref name="Verified"/>: the identity was verified, so the higher caps hold and money can be used.
/// <paramref name="IsMinor"/>: verified as somebody who is not of age, whose caps are lower.
/// </summary>
public readonly record struct Payer(MemberId MemberId, bool Verified, bool IsMinor = false)
{
    public static Payer Of(Member member, DateTimeOffset now) => new(member.Id, member.Verified, member.IsMinor(now));

    /// <summary>The programme's caps on this member's payments.</summary>
    public Caps Caps(Programme programme) => programme.Payments.CapsOf(Verified, IsMinor);

    /// <summary>Most that the member's wallet may hold, yen.</summary>
    public long BalanceCap(Programme programme) =>
        !Verified ? programme.BalanceCapUnverified : IsMinor ? programme.BalanceCapMinor : programme.BalanceCap;

    /// <summary>The programme's caps on this member's transfers.</summary>
    public Caps TransferCaps(Programme programme)
    {
        var (rules, minor) = (programme.Transfers, programme.Payments.Minor);
        var all = new Caps(rules.PerTransfer, rules.PerDay, rules.PerMonth);
        return !IsMinor ? all : new Caps(Math.Min(all.PerPayment, minor.PerPayment), Math.Min(all.PerDay, minor.PerDay),
            Math.Min(all.PerMonth, minor.PerMonth));
    }
}

/// <summary>Who is paid, and what campaigns ask about a store: what it deals in and where it is.</summary>
public readonly record struct Payee(StoreId StoreId, string StoreName, string Category = "", string Area = "")
{
    public static Payee Of(Store store) => new(store.Id, store.Name, store.Category, store.Area);
}

/// <summary>
/// A payment as asked for: <paramref name="Amount"/> yen in all, of which <paramref name="Points"/> are paid with points.
/// </summary>
/// <param name="PointsAreMost">The points are "at most so many": as many as there are and the amount takes. Otherwise exactly so
/// many.</param>
/// <param name="Spends">Single uses that this payment uses up: the shown code, the touch.</param>
/// <param name="IdempotencyKeys">The keys under which it is one payment, however often it is asked for.</param>
/// <param name="Till">The till that showed the code; null where the till asks itself, or none took part.</param>
/// <param name="OrderId">The store's own number for the sale, where the code told it or the till: it is paid once.</param>
public sealed record PayRequest(
    Payer Payer, Payee Payee, Yen Amount, PointAmount Points, PayWay Way, Initiator Initiator,
    IReadOnlyList<IdempotencyKey> IdempotencyKeys, IReadOnlyList<SingleUse> Spends, string? OrderId = null, bool PointsAreMost = false,
    TillId? Till = null);

/// <summary>A payment that was made. Yen and points as in <see cref="PaymentRow"/>.</summary>
[StoredAs("paid")]
public sealed record Paid(
    PaymentId PaymentId, MemberId MemberId, StoreId StoreId, string StoreName, Yen Amount, Yen Yen, PointAmount Points,
    PointAmount PointsEarned, DateTimeOffset PaidAt)
{
    [JsonIgnore]
    public string ReceiptNumber => Wallet.ReceiptNumber.Of(PaymentId);
}

/// <summary>Why a payment was not made; the names are the contract's codes.</summary>
public enum PayRefusal
{
    None = 0,
    InvalidAmount = 1,
    InvalidCode = 2,
    NotFound = 3,
    CodeExpired = 4,
    TagRevoked = 5,
    Forbidden = 6,
    KeyReused = 7,
    OrderConflict = 8,
    Frozen = 9,
    CodeUsed = 10,
    OverLimit = 11,
    InsufficientPoints = 12,
    InsufficientBalance = 13,
    TooManyRequests = 14,

    /// <summary>The member has left the programme since they were asked for.</summary>
    MemberLeft = 15,
}

/// <summary>A member pays a store: the one path that all three ways lead to.</summary>
public sealed class Pay(Database db, GeneralLedger ledger, Programme programme, TimeProvider clock, PointUses uses,
    RunningCampaigns campaigns)
{
    /// <summary>
    /// The answer that a repeat of a request is given, before its code or tag is looked at again: by then it is used, or has lapsed.
    /// Null when none of the keys was seen.
    /// </summary>
    public Task<Answer<Paid, PayRefusal>?> FindStoredAnswer(IReadOnlyList<IdempotencyKey> keys, CancellationToken ct = default) =>
        StoredAnswer.Find<Paid, PayRefusal>(db, keys, WalletJson.Default.Paid, Reused, ct);

    /// <summary>What became of the request with this key, whatever it asked for; null while nothing is known of it.</summary>
    public Task<Answer<Paid, PayRefusal>?> FindOutcome(Guid caller, string key, CancellationToken ct = default) =>
        StoredAnswer.FindOutcome<Paid, PayRefusal>(db, caller, key, WalletJson.Default.Paid, ct);

    public async Task<Answer<Paid, PayRefusal>> Run(PayRequest request, CancellationToken ct = default)
    {
        if (!Movement.IsAmount(request.Amount.Value) || request.Points.Value < 0
            || (request.Points > request.Amount.AsPoints && !request.PointsAreMost))
            return PayRefusal.InvalidAmount;
        var now = clock.Now();
        var id = Id.New<PaymentId>(now, request.Payer.MemberId);
        var payment = new CampaignPayment(
            request.Payer.Verified, request.Payee.StoreId, request.Payee.Category, request.Payee.Area, Channels.Of(request.Way), now);
        var running = await campaigns.For(payment, request.Amount, ct);
        return await uses.With(known => ledger.Post(new PaymentDraft(request, id, now, programme, known, running), ct), ct);
    }

    static TillId? TillOf(PayRequest request) =>
        request.Initiator is { Kind: InitiatorKind.Till, Id: var till } ? new TillId(till) : request.Till;

    /// <summary>The decision: checks in the order of the refusals, then a line, then what is posted.</summary>
    internal static Decision<Paid, PayRefusal> Decide(PayRequest request, AccountState state, PaymentId id, DateTimeOffset now,
        Programme programme, PointUseTable uses, IReadOnlyList<Campaign> campaigns)
    {
        var (payer, payee) = (request.Payer, request.Payee);
        var member = state.Of(payer.MemberId);
        var today = JapanDay.Of(now);
        var caps = payer.Caps(programme);

        if (Order(request) is { } order && state.Happened(order.Paid))
            return state.Happened(order.ForThatMuch) ? PayRefusal.CodeUsed : PayRefusal.OrderConflict;
        if (member.HasLeft) return PayRefusal.MemberLeft;
        if (member.IsFrozen) return PayRefusal.Frozen;
        foreach (var use in request.Spends)
            if (state.Happened(use))
                return PayRefusal.CodeUsed;
        if (!Outgoing.Left(member, member.SpendingLimit(LimitKind.Pay).At(now).Left(caps, today), today, programme)
            .Allows(request.Amount.Value))
            return PayRefusal.OverLimit;
        var usable = request.Points == PointAmount.Zero ? [] : Lots.Usable(member, today, SpendingPlace.Store(payee.StoreId), uses);
        if (request.PointsAreMost)
        {
            var most = PointAmount.Min(request.Amount.AsPoints, Lots.Total(usable));
            request = request with { Points = PointAmount.Min(request.Points, most) };
        }
        if (Lots.Take(usable, request.Points) is not { } spent) return PayRefusal.InsufficientPoints;
        var yen = request.Amount - request.Points.WorthInPayments;
        var prepaid = Yen.Min(yen, new Yen(member.Balance(AccountType.Prepaid)));
        var money = yen - prepaid;
        if (money.Value > (payer.Verified ? member.Balance(AccountType.Money) : 0)) return PayRefusal.InsufficientBalance;

        // From here nothing may fail.
        var earned = Earn.ByPaying(yen, programme.Points);
        var gifts = CampaignGifts.Of(campaigns, state, payer.MemberId, yen, today);
        var earnedInAll = earned + gifts.Sum(g => g.Points);
        return new Decision<Paid, PayRefusal>(new Paid(
            id, payer.MemberId, payee.StoreId, payee.StoreName, request.Amount, yen, request.Points, earnedInAll, now))
        {
            Entry = new Entry(id, EntryKind.Payment, now, request.Initiator,
                Legs(request, spent, prepaid, money, new LotPart(Lot.Basic(Earn.LastDay(today)), earned), gifts))
            {
                Store = payee.StoreId,
            },
            Uses =
            [
                new LimitUse(payer.MemberId, LimitKind.Pay, request.Amount.Value, today),
                .. CampaignGifts.UsesOf(gifts, payer.MemberId, today),
            ],
            SingleUses = SingleUses(request),
            Details =
            [
                PaymentRow.Table.Row(new PaymentRow(id, payer.MemberId, payee.StoreId, now.ToUnixTimeMilliseconds(),
                    request.Amount, request.Points, earnedInAll, request.Way, TillOf(request), request.OrderId)),
                .. CampaignGifts.RowsOf(gifts, id, payer.MemberId, now),
            ],
            Topics = [Topics.OfStore(payee.StoreId), Topics.OfMember(payer.MemberId)],
        };
    }

    static (SingleUse Paid, SingleUse ForThatMuch)? Order(PayRequest request) =>
        request.OrderId is { } order ? Wallet.Order.SingleUses(request.Payee.StoreId, order, request.Amount.Value) : null;

    static IReadOnlyList<SingleUse> SingleUses(PayRequest request) =>
        Order(request) is { } order ? [.. request.Spends, order.Paid, order.ForThatMuch] : request.Spends;

    static List<Leg> Legs(PayRequest request, IReadOnlyList<LotPart> spent, Yen prepaid, Yen money, LotPart earned,
        IReadOnlyList<CampaignGift> gifts)
    {
        var member = request.Payer.MemberId;
        var legs = new List<Leg>(8);
        if (prepaid > Yen.Zero)
            legs.Add(Leg.Of(member, AccountType.Prepaid, -prepaid));
        if (money > Yen.Zero)
            legs.Add(Leg.Of(member, AccountType.Money, -money));
        legs.Add(Leg.Of(request.Payee.StoreId, AccountType.Payable, request.Amount));
        if (request.Points > PointAmount.Zero)
        {
            legs.Add(Leg.Of(Chart.Operator, AccountType.PointFunding, -request.Points.WorthInPayments));
            foreach (var lot in spent)
                legs.Add(lot.Lot.LegOf(member, -lot.Points));
            legs.Add(Leg.Of(Chart.Operator, AccountType.PointLiability, request.Points));
        }
        if (earned.Points > PointAmount.Zero)
        {
            legs.Add(earned.Lot.LegOf(member, earned.Points));
            legs.Add(Leg.Of(Chart.Operator, AccountType.PointLiability, -earned.Points));
        }
        legs.AddRange(CampaignGifts.LegsOf(gifts, member));
        return legs;
    }

    static PayRefusal Reused(IdempotencyKey key) => key.KeepsRefusals ? PayRefusal.KeyReused : PayRefusal.OrderConflict;

    sealed class PaymentDraft(
        PayRequest request, PaymentId id, DateTimeOffset now, Programme programme, PointUseTable uses, IReadOnlyList<Campaign> campaigns)
        : Draft<Paid, PayRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [request.Payer.MemberId];
        public override IReadOnlyList<Guid> Counters { get; } = [.. CampaignGifts.SharesOf(campaigns, request.Payer.MemberId)];
        public override IReadOnlyList<Guid> Pools { get; } = [.. campaigns.Select(c => c.Id.Value)];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys => request.IdempotencyKeys;
        public override IReadOnlyList<SingleUse> SingleUses { get; } = Pay.SingleUses(request);
        public override JsonTypeInfo<Paid> Json => WalletJson.Default.Paid;

        public override Decision<Paid, PayRefusal> Decide(AccountState state) =>
            Pay.Decide(request, state, id, now, programme, uses, campaigns);

        public override PayRefusal Reused(IdempotencyKey key) => Pay.Reused(key);
    }
}
