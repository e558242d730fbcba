using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Codes;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Centres;

/// <summary>Points that a customer wants to spend at a centre, under the centre's own number of its receipt.</summary>
public sealed record SpendRequest(
    CentreId CentreId, PointTillId TillId, string Code, PointAmount Points, string Receipt,
    IReadOnlyList<IdempotencyKey> IdempotencyKeys);

/// <summary>Points that were spent; <paramref name="Balance"/>: what the member can use then.</summary>
[StoredAs("points-spent")]
public sealed record Spent(string Receipt, PointAmount Points, PointAmount Balance, DateTimeOffset At)
{
    /// <inheritdoc cref="Awarded.Cancelled"/>
    [JsonIgnore]
    public CancellationRow? Cancelled { get; init; }
}

/// <summary>Why no points were spent; the names are the contract's codes.</summary>
public enum SpendRefusal
{
    None = 0,
    InvalidAmount = 1,
    InvalidRequest = 2,
    InvalidCode = 3,
    CodeExpired = 4,
    TooManyRequests = 5,

    /// <summary>A number that only earns: the member's own, or that of a point card.</summary>
    NotEligible = 6,
    KeyReused = 7,

    /// <summary>The receipt was booked with other points, for somebody else, or as an award.</summary>
    OrderConflict = 8,
    MemberLeft = 9,
    Frozen = 10,
    CodeUsed = 11,

    /// <summary>Before the caps: whoever lacks the points is not helped by a higher cap.</summary>
    InsufficientPoints = 12,

    /// <summary>A point spent is a yen paid, and counts in the caps of payments as one.</summary>
    OverLimit = 13,
}

/// <summary>
/// A member spends points at a centre, by a one-time code and nothing else. The centre is owed a yen a point, which the points cost the
/// programme (<c>docs/decisions/0034</c>).
/// </summary>
public sealed class SpendPoints(
    Database db, GeneralLedger ledger, ReadShown read, PointReceipts receipts, MemberDirectory directory, Programme programme,
    PointUses uses, TimeProvider clock)
{
    public async Task<Answer<Spent, SpendRefusal>> Run(SpendRequest request, CancellationToken ct = default)
    {
        if (!Movement.IsAmount(request.Points.Value)) return SpendRefusal.InvalidAmount;
        if (!CentreReceipt.IsFine(request.Receipt) || CentreReceipt.EndsIn(request.Receipt, request.Code, programme.Codes.Prefix))
            return SpendRefusal.InvalidRequest;
        if (await StoredAnswer.Find<Spent, SpendRefusal>(db, request.IdempotencyKeys, CentresJson.Default.Spent,
            _ => SpendRefusal.KeyReused, ct) is { } stored)
            return stored;
        return await receipts.Once(request.CentreId, request.Receipt, earlier => SameAs(earlier, request, ct), () => Post(request, ct), ct);
    }

    async Task<Answer<Spent, SpendRefusal>> Post(SpendRequest request, CancellationToken ct)
    {
        var shown = await read.Run(request.TillId, request.Code, ct);
        if (shown.Value is not { } who) return Refused(shown.Refusal);
        if (who.Code is not { } code) return SpendRefusal.NotEligible;
        if (await directory.Find(code.MemberId, ct) is not { } member) return SpendRefusal.CodeExpired;
        var now = clock.Now();
        var (payer, id) = (Payer.Of(member, now), Id.New<EntryId>(now, code.MemberId));
        return await uses.With(known => ledger.Post(new SpendDraft(request, payer, code, id, now, programme, known), ct), ct);
    }

    async Task<Answer<Spent, SpendRefusal>> SameAs(PointReceipt earlier, SpendRequest request, CancellationToken ct)
    {
        if (earlier.Spending is not { } spending || spending.Points != request.Points
            || !await read.IsSame(spending.MemberId, request.Code, ct))
            return SpendRefusal.OrderConflict;
        Answer<Spent, SpendRefusal> answer = Told(spending) with { Cancelled = earlier.Cancellation };
        return answer.AsReplay();
    }

    static Spent Told(SpendingRow row) =>
        new(row.Receipt, row.Points, row.BalanceAfter, DateTimeOffset.FromUnixTimeMilliseconds(row.AtMs));

    static SpendRefusal Refused(ReadShownRefusal refusal) => refusal switch
    {
        ReadShownRefusal.CodeExpired => SpendRefusal.CodeExpired,
        ReadShownRefusal.TooManyRequests => SpendRefusal.TooManyRequests,
        _ => SpendRefusal.InvalidCode,
    };

    /// <summary>The decision: checks in the order of the refusals, then a line, then what is posted.</summary>
    internal static Decision<Spent, SpendRefusal> Decide(
        SpendRequest request, Payer payer, ShownCodeRow code, AccountState state, EntryId id, DateTimeOffset now, Programme programme,
        PointUseTable uses)
    {
        var member = state.Of(payer.MemberId);
        var today = JapanDay.Of(now);
        var (booked, used) = (PointReceipt.Booked(request.CentreId, request.Receipt), new SingleUse(SingleUseKind.CodeUsed, code.Id));

        if (state.Happened(booked)) throw new AnotherCameFirstException();
        if (member.HasLeft) return SpendRefusal.MemberLeft;
        if (member.IsFrozen) return SpendRefusal.Frozen;
        if (state.Happened(used)) return SpendRefusal.CodeUsed;
        var usable = Lots.Usable(member, today, SpendingPlace.Store(request.CentreId), uses);
        if (Lots.Take(usable, request.Points) is not { } taken) return SpendRefusal.InsufficientPoints;
        var caps = payer.Caps(programme);
        if (!Outgoing.Left(member, member.SpendingLimit(LimitKind.Pay).At(now).Left(caps, today), today, programme)
            .Allows(request.Points.Value))
            return SpendRefusal.OverLimit;

        // From here nothing may fail.
        var row = new SpendingRow(id, request.CentreId, request.TillId, payer.MemberId, request.Receipt, now.ToUnixTimeMilliseconds(),
            request.Points, Lots.Total(usable) - request.Points);
        return new Decision<Spent, SpendRefusal>(Told(row))
        {
            Entry = new Entry(id, EntryKind.PointSpending, now, Initiator.PointTill(request.TillId),
            [
                Leg.Of(request.CentreId, AccountType.CentrePayable, request.Points.WorthInPayments),
                Leg.Of(Chart.Operator, AccountType.PointFunding, -request.Points.WorthInPayments),
                .. taken.Select(part => part.Lot.LegOf(payer.MemberId, -part.Points)),
                Leg.Of(Chart.Operator, AccountType.PointLiability, request.Points),
            ]),
            Uses = [new LimitUse(payer.MemberId, LimitKind.Pay, request.Points.Value, today)],
            SingleUses = [booked, used],
            Details = [SpendingRow.Table.Row(row)],
            Topics = [Topics.OfMember(payer.MemberId)],
        };
    }

    sealed class SpendDraft(SpendRequest request, Payer payer, ShownCodeRow code, EntryId id, DateTimeOffset now, Programme programme,
        PointUseTable uses)
        : Draft<Spent, SpendRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [payer.MemberId];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys => request.IdempotencyKeys;
        public override IReadOnlyList<SingleUse> SingleUses { get; } =
            [PointReceipt.Booked(request.CentreId, request.Receipt), new SingleUse(SingleUseKind.CodeUsed, code.Id)];
        public override JsonTypeInfo<Spent> Json => CentresJson.Default.Spent;
        public override SpendRefusal Reused(IdempotencyKey key) => SpendRefusal.KeyReused;

        public override Decision<Spent, SpendRefusal> Decide(AccountState state) =>
            SpendPoints.Decide(request, payer, code, state, id, now, programme, uses);
    }
}
