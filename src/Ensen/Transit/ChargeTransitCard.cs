using System.Text.Json.Serialization.Metadata;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Transit;

/// <summary>Points that a member wants on a linked card: charge-only ones first, then basic ones, soonest to lapse first.</summary>
public sealed record ChargeTransitCardRequest(MemberId Member, TransitCardId Card, PointAmount Points, IdempotencyKey Key);

/// <summary>Points that were taken on for a card, and where that stands.</summary>
[StoredAs("transit-charged")]
public sealed record TransitCharged(TransitChargeId ChargeId, TransitChargeState State, PointAmount Points, string? Reason);

/// <summary>Why no points go to a card; the names are the contract's codes.</summary>
public enum ChargeTransitCardRefusal
{
    None = 0,
    InvalidAmount = 1,
    KeyReused = 2,

    /// <summary>The member has no such card.</summary>
    NotFound = 3,

    /// <summary>Its registration lapsed.</summary>
    Lapsed = 4,

    /// <summary>No transit company is set up here.</summary>
    NotAvailable = 5,
    MemberLeft = 6,
    Frozen = 7,
    InsufficientPoints = 8,
}

/// <summary>
/// Puts points on a transit card, a yen each. In one step of the ledger's they leave their lots and the order to the company is written;
/// then it
/// is carried out at once, by this node if it lives, by another one if not. Whatever the company answers, and however often: the value is
/// on
/// the card once, or the points are back in their lots.
/// </summary>
public sealed class ChargeTransitCard(
    Database db, GeneralLedger ledger, Outbox outbox, ExternalGateways outside, Programme programme, TimeProvider clock)
{
    /// <summary>What a challenge says that is to put points on a card.</summary>
    public static StepUpPurpose Purpose { get; } = new("transit", lasts: true);

    /// <summary>How long a member waits before "checking" is the answer. The work itself goes on.</summary>
    internal TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(4);

    public async Task<Answer<TransitCharged, ChargeTransitCardRefusal>> Run(ChargeTransitCardRequest request,
        CancellationToken ct = default)
    {
        if (request.Points.Value <= 0 || request.Points.Value > programme.Transit.MostPerCharge)
            return ChargeTransitCardRefusal.InvalidAmount;
        TransitCard? card;
        await using (var connection = await db.Connect(ct))
            card = await TransitCards.Links.Find(connection, request.Card);
        // What is not the member's own is not found, and no key of theirs remembers that they asked.
        if (card?.Member != request.Member)
            return ChargeTransitCardRefusal.NotFound;
        var now = clock.Now();
        var id = Id.New<TransitChargeId>(now, request.Member);
        var taken = await ledger.Post(new TakingOn(request, card, outside.Has(Gateway.Transit), id, Id.New<EntryId>(now,
            request.Member), now, outbox), ct);
        if (!taken.Accepted)
            return taken;
        if (!taken.Replayed)
            await Task.WhenAny(outbox.RunNow(id, CancellationToken.None), Task.Delay(Patience, clock, ct));
        Answer<TransitCharged, ChargeTransitCardRefusal> answer = await Read(taken.Value.ChargeId, ct);
        return taken.Replayed ? answer.AsReplay() : answer;
    }

    /// <summary>Where it stands now.</summary>
    async Task<TransitCharged> Read(TransitChargeId id, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var row = await TransitCharges.Find(connection, id) ?? throw new InvalidOperationException($"There is no charge {id}.");
        return new TransitCharged(id, row.State, row.Points, row.Reason);
    }

    /// <summary>The checks, in the order of the refusals.</summary>
    internal static ChargeTransitCardRefusal Decide(ChargeTransitCardRequest request, TransitCard? card, bool isSetUp,
        OwnerState member, JapanDay today)
    {
        if (card?.Member != request.Member || card is { RemovedMs: not null, Lapsed: false }) return ChargeTransitCardRefusal.NotFound;
        if (card.Lapsed) return ChargeTransitCardRefusal.Lapsed;
        if (!isSetUp) return ChargeTransitCardRefusal.NotAvailable;
        if (member.HasLeft) return ChargeTransitCardRefusal.MemberLeft;
        if (member.IsFrozen) return ChargeTransitCardRefusal.Frozen;
        return Take(member, request.Points, today) is null ? ChargeTransitCardRefusal.InsufficientPoints : ChargeTransitCardRefusal.None;
    }

    /// <summary>The legs that take the points, charge-only ones first; null when there are not enough.</summary>
    static List<Leg>? Take(OwnerState member, PointAmount points, JapanDay today)
    {
        var (legs, missing) = (new List<Leg>(), points.Value);
        var lots = member.ByTerm(AccountType.ChargeOnlyPoints).Select(l => (AccountType.ChargeOnlyPoints, l))
            .Concat(member.ByTerm(AccountType.Points).Where(l => l.Term >= today.Number).Select(l => (AccountType.Points, l)));
        foreach (var (type, lot) in lots)
        {
            var part = Math.Min(missing, lot.Balance);
            if (part > 0)
                legs.Add(new Leg(member.Owner, type, lot.Term, -part));
            missing -= part;
        }
        return missing == 0 ? legs : null;
    }

    sealed class TakingOn(
        ChargeTransitCardRequest request, TransitCard? card, bool isSetUp, TransitChargeId id, EntryId entryId, DateTimeOffset now,
            Outbox outbox)
        : Draft<TransitCharged, ChargeTransitCardRefusal>
    {
        public override Guid Id => entryId;
        public override IReadOnlyList<Guid> Owners { get; } = [request.Member];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys { get; } = [request.Key];
        public override bool IsAlone => true;
        public override JsonTypeInfo<TransitCharged> Json => TransitJson.Default.TransitCharged;
        public override ChargeTransitCardRefusal Reused(IdempotencyKey key) => ChargeTransitCardRefusal.KeyReused;

        public override Decision<TransitCharged, ChargeTransitCardRefusal> Decide(AccountState state)
        {
            var (member, points) = (state.Of(request.Member), request.Points);
            if (ChargeTransitCard.Decide(request, card, isSetUp, member, JapanDay.Of(now))
                is not ChargeTransitCardRefusal.None and var refusal)
                return refusal;

            // From here nothing may fail.
            var legs = Take(member, points, JapanDay.Of(now))!;
            legs.Add(Leg.Of(Chart.Operator, AccountType.PointLiability, points));
            legs.Add(Leg.Of(Chart.Operator, AccountType.PointFunding, -points.WorthInPayments));
            legs.Add(Leg.Of(Chart.Operator, AccountType.TransitClearing, points.WorthInPayments));
            var row = new TransitChargeRow(id, request.Member, card!.Id, card.Token, points, TransitChargeState.Requested, null,
                entryId, null,
                now.ToUnixTimeMilliseconds(), null);
            return new Decision<TransitCharged, ChargeTransitCardRefusal>(new TransitCharged(id, TransitChargeState.Requested,
                points, null))
            {
                Entry = new Entry(entryId, EntryKind.TransitCharge, now, Initiator.Member(request.Member), legs),
                Topics = [Topics.OfMember(request.Member)],
                Alongside = async (tx, _) =>
                {
                    await TransitCharges.Insert(tx, row);
                    await outbox.Add(tx, id, TransitChargeWork.Kind, "");
                },
            };
        }
    }
}
