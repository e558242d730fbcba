using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Transit;

/// <summary>Points that a card did not get are back; <paramref name="First"/> is false for those who find it so.</summary>
[StoredAs("transit-returned")]
public sealed record TransitReturned(TransitChargeId ChargeId, bool First);

/// <summary>
/// The order to put points on a card, and the enquiry for as long as its outcome is unknown. It can be run any number of times at once: the
/// company acts once by the charge's id, and it ends once.
/// </summary>
public sealed class TransitChargeWork(Database db, GeneralLedger ledger, ExternalGateways outside, TimeProvider clock)
{
    public const string Kind = "transit-charge";

    /// <summary>
    /// Listens to the company's call-backs from now on, and returns what one of the outbox's items takes. Called once, at start.
    /// </summary>
    public Func<OutboxItem, CancellationToken, Task<OutboxResult>> Start()
    {
        outside.Transit.WhenNews((id, ct) => Run(new TransitChargeId(id), firstTime: false, ct));
        return (item, ct) => Run(new TransitChargeId(item.Id), firstTime: item.Attempts == 1, ct);
    }

    async Task<OutboxResult> Run(TransitChargeId id, bool firstTime, CancellationToken ct)
    {
        TransitChargeRow? charge;
        await using (var connection = await db.Connect(ct))
            charge = await TransitCharges.Find(connection, id);
        if (charge is not { State: TransitChargeState.Requested })
            return OutboxResult.Done;
        var reply = firstTime ? Reply.Unseen : await outside.Transit.Ask(id, ct);
        if (reply.Kind == ReplyKind.Unseen)
            reply = await outside.Transit.Charge(new TransitLoad(id, charge.Token, charge.Points.WorthInPayments), ct);
        if (!reply.Known)
            return OutboxResult.Later;
        if (reply.Kind == ReplyKind.Accepted)
        {
            await db.Transact(tx => TransitCharges.End(tx, id, TransitChargeState.Completed, null, null, clock.GetUtcNow()), ct);
            db.Notifications.Raise(Topics.OfMember(charge.Member));
        }
        else
            await GiveBack(charge, reply.Reason ?? "refused", ct);
        return OutboxResult.Done;
    }

    async Task GiveBack(TransitChargeRow charge, string reason, CancellationToken ct)
    {
        IReadOnlyList<Leg> taken;
        await using (var connection = await db.Connect(ct))
            taken = await Statement.Legs(connection, db.Catalogue, charge.Member, charge.EntryId);
        var now = clock.Now();
        await ledger.Post(new GivingBack(charge, taken, reason, Id.New<EntryId>(now, charge.Member), now), ct);
    }

    /// <summary>Each point goes back to its own lot; those of a lot that has lapsed meanwhile lapse at once.</summary>
    internal sealed class GivingBack(TransitChargeRow charge, IReadOnlyList<Leg> taken, string reason, EntryId id, DateTimeOffset now)
        : Draft<TransitReturned, ChargeTransitCardRefusal>
    {
        readonly SingleUse _returned = new(SingleUseKind.TransitChargeReturned, charge.Id);

        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [charge.Member];
        public override IReadOnlyList<SingleUse> SingleUses => [_returned];
        public override bool IsPatient => true;
        public override bool IsAlone => true;
        public override JsonTypeInfo<TransitReturned> Json => TransitJson.Default.TransitReturned;
        public override ChargeTransitCardRefusal Reused(IdempotencyKey key) => ChargeTransitCardRefusal.KeyReused;

        public override Decision<TransitReturned, ChargeTransitCardRefusal> Decide(AccountState state)
        {
            if (state.Happened(_returned))
                return new Decision<TransitReturned, ChargeTransitCardRefusal>(new TransitReturned(charge.Id, First: false));

            // From here nothing may fail.
            var (today, legs, lapsed) = (JapanDay.Of(now), new List<Leg>(), 0L);
            foreach (var leg in taken)
                if (leg.Term == 0 || leg.Term >= today.Number)
                    legs.Add(leg with { Amount = -leg.Amount });
                else
                    lapsed -= leg.Amount;
            if (lapsed > 0)
                legs.Add(Leg.Of(Chart.Operator, AccountType.Breakage, new PointAmount(lapsed)));
            legs.Add(Leg.Of(Chart.Operator, AccountType.PointLiability, -charge.Points));
            legs.Add(Leg.Of(Chart.Operator, AccountType.PointFunding, charge.Points.WorthInPayments));
            legs.Add(Leg.Of(Chart.Operator, AccountType.TransitClearing, -charge.Points.WorthInPayments));
            return new Decision<TransitReturned, ChargeTransitCardRefusal>(new TransitReturned(charge.Id, First: true))
            {
                Entry = new Entry(id, EntryKind.TransitReturn, now, Initiator.Member(charge.Member), legs) { Corrects = charge.EntryId },
                SingleUses = [_returned],
                Topics = [Topics.OfMember(charge.Member)],
                Alongside = async (tx, _) =>
                {
                    if (!await TransitCharges.End(tx, charge.Id, TransitChargeState.Failed, reason, id, now))
                        throw new InvalidOperationException($"Charge {charge.Id} ended otherwise meanwhile.");
                },
            };
        }
    }
}
