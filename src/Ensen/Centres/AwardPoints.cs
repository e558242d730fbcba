using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Centres;

/// <summary>Points for a purchase of <paramref name="Amount"/> at a centre, under the centre's own number of its receipt.</summary>
/// <param name="Code">What the customer showed.</param>
public sealed record AwardRequest(
    CentreId CentreId, PointTillId TillId, string Code, Yen Amount, string Receipt, IReadOnlyList<IdempotencyKey> IdempotencyKeys)
{
    /// <summary>Nobody stands and waits for it: a line of a till's file.</summary>
    public bool IsPatient { get; init; }
}

/// <summary>
/// Points that were given. <paramref name="Balance"/>: what the member can use then; null where the till saw a card's number, which tells
/// nothing of its owner.
/// </summary>
[StoredAs("points-awarded")]
public sealed record Awarded(string Receipt, PointAmount Points, PointAmount? Balance, DateTimeOffset At)
{
    /// <summary>
    /// The receipt's cancellation, where it was cancelled: the award is the same, and gives nothing any more. Looked up and never stored,
    /// for it happens after the award.
    /// </summary>
    [JsonIgnore]
    public CancellationRow? Cancelled { get; init; }
}

/// <summary>Why no points were given; the names are the contract's codes.</summary>
public enum AwardRefusal
{
    None = 0,
    InvalidAmount = 1,
    InvalidRequest = 2,
    InvalidCode = 3,
    CodeExpired = 4,
    TooManyRequests = 5,
    KeyReused = 6,

    /// <summary>The receipt was booked with another amount, for somebody else, or as a spending.</summary>
    OrderConflict = 7,
    MemberLeft = 8,

    /// <summary>A one-time code of a wallet that is frozen: somebody else may hold the phone.</summary>
    Frozen = 9,
}

/// <summary>A point till gives points for a purchase: once for a receipt, however often it asks.</summary>
public sealed class AwardPoints(
    Database db, GeneralLedger ledger, ReadShown read, PointReceipts receipts, Programme programme, PointUses uses,
    RunningCampaigns campaigns, MemberDirectory members, TimeProvider clock)
{
    public async Task<Answer<Awarded, AwardRefusal>> Run(AwardRequest request, CancellationToken ct = default)
    {
        if (!Movement.IsAmount(request.Amount.Value)) return AwardRefusal.InvalidAmount;
        if (!CentreReceipt.IsFine(request.Receipt) || CentreReceipt.EndsIn(request.Receipt, request.Code, programme.Codes.Prefix))
            return AwardRefusal.InvalidRequest;
        if (await StoredAnswer.Find<Awarded, AwardRefusal>(db, request.IdempotencyKeys, CentresJson.Default.Awarded,
            _ => AwardRefusal.KeyReused, ct) is { } stored)
            return stored;
        return await receipts.Once(request.CentreId, request.Receipt, earlier => SameAs(earlier, request, ct), () => Post(request, ct), ct);
    }

    async Task<Answer<Awarded, AwardRefusal>> Post(AwardRequest request, CancellationToken ct)
    {
        // Not asked before what was booked under an earlier bound is told again.
        if (request.Amount.Value > programme.Points.CentreMostYen) return AwardRefusal.InvalidAmount;
        var shown = await read.Run(request.TillId, request.Code, ct);
        return shown.Value is { } who ? await Post(request, who, ct) : Refused(shown.Refusal);
    }

    /// <summary>
    /// Books a line of a till's file, whose customer was found when the file was taken, and says why it brings no points where it brings
    /// none: it is too small, its member has left since, or the till booked the receipt itself, and otherwise or to cancel it.
    /// </summary>
    internal async Task<PointFileFault> Book(AwardRequest request, Shown who, CancellationToken ct)
    {
        try
        {
            return await Post(request, who, ct) is not { Value: { } done } ? PointFileFault.InvalidCode
                : done.Points == PointAmount.Zero ? PointFileFault.NoPoint : PointFileFault.None;
        }
        catch (AnotherCameFirstException)
        {
            return await receipts.Find(request.CentreId, request.Receipt, ct) is not { Award: { } award } found
                || award.AmountYen != request.Amount || award.MemberId != who.MemberId ? PointFileFault.DuplicateReceipt
                : found.Cancellation is null ? PointFileFault.None : PointFileFault.Cancelled;
        }
    }

    internal async Task<Answer<Awarded, AwardRefusal>> Post(AwardRequest request, Shown who, CancellationToken ct)
    {
        var now = clock.Now();
        var id = Id.New<EntryId>(now, who.MemberId);
        var running = await Running(request, who.MemberId, now, ct);
        return await uses.With(known => ledger.Post(new AwardDraft(request, who, id, now, programme, known, running), ct), ct);
    }

    async Task<IReadOnlyList<Campaign>> Running(AwardRequest request, MemberId member, DateTimeOffset now, CancellationToken ct)
    {
        // Whoever is verified is asked only where some campaign gives at point tills at all.
        if (!(await campaigns.Open(ct)).Any(c => c.Terms.Channels.Contains(Channel.PointTill)))
            return [];
        var verified = await members.Find(member, ct) is { Verified: true };
        return await campaigns.For(CampaignPayment.AtCentre(verified, now), request.Amount, ct);
    }

    async Task<Answer<Awarded, AwardRefusal>> SameAs(PointReceipt earlier, AwardRequest request, CancellationToken ct)
    {
        if (earlier.Award is not { } award || award.AmountYen != request.Amount
            || !await read.IsSame(award.MemberId, request.Code, ct))
            return AwardRefusal.OrderConflict;
        Answer<Awarded, AwardRefusal> answer = Told(award) with { Cancelled = earlier.Cancellation };
        return answer.AsReplay();
    }

    internal static Awarded Told(AwardRow row) => new(row.Receipt, row.Points,
        row.Via == ShownVia.PointCard ? null : row.BalanceAfter, DateTimeOffset.FromUnixTimeMilliseconds(row.AtMs));

    static AwardRefusal Refused(ReadShownRefusal refusal) => refusal switch
    {
        ReadShownRefusal.CodeExpired => AwardRefusal.CodeExpired,
        ReadShownRefusal.TooManyRequests => AwardRefusal.TooManyRequests,
        _ => AwardRefusal.InvalidCode,
    };

    /// <summary>The decision: checks in the order of the refusals, then a line, then what is posted.</summary>
    internal static Decision<Awarded, AwardRefusal> Decide(
        AwardRequest request, Shown shown, AccountState state, EntryId id, DateTimeOffset now, Programme programme,
        PointUseTable uses, IReadOnlyList<Campaign> campaigns)
    {
        var member = state.Of(shown.MemberId);
        var today = JapanDay.Of(now);
        var booked = PointReceipt.Booked(request.CentreId, request.Receipt);

        if (state.Happened(booked)) throw new AnotherCameFirstException();
        if (member.HasLeft) return AwardRefusal.MemberLeft;
        if (shown.Via == ShownVia.ShownCode && member.IsFrozen) return AwardRefusal.Frozen;

        // From here nothing may fail.
        var place = SpendingPlace.Store(request.CentreId);
        var earned = Earn.AtCentres(request.Amount, programme.Points);
        var gifts = CampaignGifts.Of(campaigns, state, shown.MemberId, request.Amount, today);
        var points = earned + gifts.Sum(g => g.Points);
        var usable = earned + gifts.Where(g => g.Lot is { } lot && uses.Allows(lot, place)).Sum(g => g.Points);
        var row = new AwardRow(id, request.CentreId, request.TillId, shown.MemberId, request.Receipt, now.ToUnixTimeMilliseconds(),
            request.Amount, points,
            Lots.Total(Lots.Usable(member, today, place, uses)) + usable, shown.Via);
        // A purchase below what earns a point moves nothing, and there is nothing to book.
        if (points == PointAmount.Zero) return new Decision<Awarded, AwardRefusal>(Told(row));
        return new Decision<Awarded, AwardRefusal>(Told(row))
        {
            Entry = new Entry(id, EntryKind.PointAward, now, Initiator.PointTill(request.TillId),
                Legs(shown.MemberId, new LotPart(Lot.Basic(Earn.LastDay(today)), earned), gifts)),
            Uses = [.. CampaignGifts.UsesOf(gifts, shown.MemberId, today)],
            SingleUses = [booked],
            Details = [AwardRow.Table.Row(row), .. CampaignGifts.RowsOf(gifts, id, shown.MemberId, now)],
            Topics = [Topics.OfMember(shown.MemberId)],
        };
    }

    static List<Leg> Legs(MemberId member, LotPart earned, IReadOnlyList<CampaignGift> gifts)
    {
        var legs = new List<Leg>();
        if (earned.Points > PointAmount.Zero)
        {
            legs.Add(earned.Lot.LegOf(member, earned.Points));
            legs.Add(Leg.Of(Chart.Operator, AccountType.PointLiability, -earned.Points));
        }
        legs.AddRange(CampaignGifts.LegsOf(gifts, member));
        return legs;
    }

    sealed class AwardDraft(AwardRequest request, Shown shown, EntryId id, DateTimeOffset now, Programme programme, PointUseTable uses,
        IReadOnlyList<Campaign> campaigns)
        : Draft<Awarded, AwardRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [shown.MemberId];
        public override IReadOnlyList<Guid> Counters { get; } = [.. CampaignGifts.SharesOf(campaigns, shown.MemberId)];
        public override IReadOnlyList<Guid> Pools { get; } = [.. campaigns.Select(c => c.Id.Value)];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys => request.IdempotencyKeys;
        public override IReadOnlyList<SingleUse> SingleUses { get; } = [PointReceipt.Booked(request.CentreId, request.Receipt)];
        public override bool IsPatient => request.IsPatient;
        public override JsonTypeInfo<Awarded> Json => CentresJson.Default.Awarded;
        public override AwardRefusal Reused(IdempotencyKey key) => AwardRefusal.KeyReused;

        public override Decision<Awarded, AwardRefusal> Decide(AccountState state) =>
            AwardPoints.Decide(request, shown, state, id, now, programme, uses, campaigns);
    }
}

/// <summary>Somebody booked the same receipt between looking and deciding: look again.</summary>
sealed class AnotherCameFirstException : Exception;
