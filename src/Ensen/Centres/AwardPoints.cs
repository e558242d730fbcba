using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Ledger;
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
public sealed record Awarded(string Receipt, PointAmount Points, PointAmount? Balance, DateTimeOffset At);

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
    TimeProvider clock)
{
    public async Task<Answer<Awarded, AwardRefusal>> Run(AwardRequest request, CancellationToken ct = default)
    {
        if (!Movement.IsAmount(request.Amount.Value)) return AwardRefusal.InvalidAmount;
        if (!Order.IsFine(request.Receipt)) return AwardRefusal.InvalidRequest;
        if (await StoredAnswer.Find<Awarded, AwardRefusal>(db, request.IdempotencyKeys, CentresJson.Default.Awarded,
            _ => AwardRefusal.KeyReused, ct) is { } stored)
            return stored;
        return await receipts.Once(request.CentreId, request.Receipt, earlier => SameAs(earlier, request, ct), () => Post(request, ct), ct);
    }

    async Task<Answer<Awarded, AwardRefusal>> Post(AwardRequest request, CancellationToken ct)
    {
        var shown = await read.Run(request.TillId, request.Code, ct);
        return shown.Value is { } who ? await Post(request, who, ct) : Refused(shown.Refusal);
    }

    Task<Answer<Awarded, AwardRefusal>> Post(AwardRequest request, Shown who, CancellationToken ct)
    {
        var now = clock.Now();
        var id = Id.New<EntryId>(now, who.MemberId);
        return uses.With(known => ledger.Post(new AwardDraft(request, who, id, now, programme, known), ct), ct);
    }

    /// <summary>Books a line of a till's file, whose customer was found when the file was taken.</summary>
    internal async Task<Answer<Awarded, AwardRefusal>> Book(AwardRequest request, Shown who, CancellationToken ct)
    {
        try
        {
            return await Post(request, who, ct);
        }
        catch (AnotherCameFirstException)
        {
            return await receipts.Find(request.CentreId, request.Receipt, ct) is { Award: { } award }
                && award.AmountYen == request.Amount && award.MemberId == who.MemberId ? Told(award) : AwardRefusal.OrderConflict;
        }
    }

    async Task<Answer<Awarded, AwardRefusal>> SameAs(PointReceipt earlier, AwardRequest request, CancellationToken ct)
    {
        if (earlier.Award is not { } award || award.AmountYen != request.Amount
            || !await read.IsSame(award.MemberId, request.Code, ct))
            return AwardRefusal.OrderConflict;
        Answer<Awarded, AwardRefusal> answer = Told(award);
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
        PointUseTable uses)
    {
        var member = state.Of(shown.MemberId);
        var today = JapanDay.Of(now);
        var booked = PointReceipt.Booked(request.CentreId, request.Receipt);

        if (state.Happened(booked)) throw new AnotherCameFirstException();
        if (member.HasLeft) return AwardRefusal.MemberLeft;
        if (shown.Via == ShownVia.ShownCode && member.IsFrozen) return AwardRefusal.Frozen;

        // From here nothing may fail.
        var points = Earn.AtCentres(request.Amount, programme.Points);
        var row = new AwardRow(id, request.CentreId, request.TillId, shown.MemberId, request.Receipt, now.ToUnixTimeMilliseconds(),
            request.Amount, points,
            Lots.Total(Lots.Usable(member, today, SpendingPlace.Store(request.CentreId), uses)) + points, shown.Via);
        // A purchase below what earns a point moves nothing, and there is nothing to book.
        if (points == PointAmount.Zero) return new Decision<Awarded, AwardRefusal>(Told(row));
        return new Decision<Awarded, AwardRefusal>(Told(row))
        {
            Entry = new Entry(id, EntryKind.PointAward, now, Initiator.PointTill(request.TillId),
            [
                Lot.Basic(Earn.LastDay(today)).LegOf(shown.MemberId, points),
                Leg.Of(Chart.Operator, AccountType.PointLiability, -points),
            ]),
            SingleUses = [booked],
            Details = [AwardRow.Table.Row(row)],
            Topics = [Topics.OfMember(shown.MemberId)],
        };
    }

    sealed class AwardDraft(
        AwardRequest request, Shown shown, EntryId id, DateTimeOffset now, Programme programme, PointUseTable uses)
        : Draft<Awarded, AwardRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [shown.MemberId];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys => request.IdempotencyKeys;
        public override IReadOnlyList<SingleUse> SingleUses { get; } = [PointReceipt.Booked(request.CentreId, request.Receipt)];
        public override bool IsPatient => request.IsPatient;
        public override JsonTypeInfo<Awarded> Json => CentresJson.Default.Awarded;
        public override AwardRefusal Reused(IdempotencyKey key) => AwardRefusal.KeyReused;

        public override Decision<Awarded, AwardRefusal> Decide(AccountState state) =>
            AwardPoints.Decide(request, shown, state, id, now, programme, uses);
    }
}

/// <summary>Somebody booked the same receipt between looking and deciding: look again.</summary>
sealed class AnotherCameFirstException : Exception;
