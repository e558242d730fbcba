using System.Data.Common;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>A charge came to its end; <paramref name="First"/> is false for those who find it ended already.</summary>
[StoredAs("charge-settled")]
public sealed record ChargeSettled(ChargeId ChargeId, bool First);

/// <summary>How a charge ends: booked, or given up and its cap given back. Either happens once, whoever tries and however often.</summary>
public sealed class ChargeOutcome(Database db, GeneralLedger ledger, Programme programme, TimeProvider clock)
{
    /// <summary>
    /// Books what arrived. More than was asked goes to the member as far as the caps allow, and the rest to suspense. What arrives for a
    /// charge that was given up goes to suspense whole: its member was told that nothing came, and somebody has to look. So does what
    /// arrives for a member who has left.
    /// </summary>
    public async Task Complete(ChargeRow charge, Yen arrived, CancellationToken ct)
    {
        for (var current = charge; current.EntryId is null;)
            try
            {
                var now = clock.Now();
                await ledger.Post(new Settlement(current, arrived, Id.New<EntryId>(now, current.MemberId), now, programme), ct);
                return;
            }
            catch (EndedMeanwhileException)
            {
                // It ends once, so this comes round once.
                await using var connection = await db.Connect(ct);
                current = await Charges.Find(connection, charge.Id) ?? throw new InvalidOperationException($"Charge {charge.Id} is gone.");
            }
    }

    /// <summary>Ends it without money; what it kept free is free again.</summary>
    public async Task Fail(ChargeRow charge, string reason, CancellationToken ct)
    {
        await db.Transact(async tx =>
        {
            // The limits first, as the ledger's batches do.
            var counted = charge.Plural(-charge.ReservedYen) is { } use
                ? (await SpendingLimits.Hold(tx, use.Owner, use.Kind)).Use(use.Amount, use.Day)
                : null;
            var onTheWay = LimitUse.OnTheWay(charge.MemberId, -charge.ReservedYen.Value);
            var arriving = (await SpendingLimits.Hold(tx, onTheWay.Owner, onTheWay.Kind)).Use(onTheWay.Amount, onTheWay.Day);
            var ended = await tx.Connection!.ExecuteAsync(
                """
                update charge
                set state = @failed, reason = @reason, ended_ms = @now
                where id = @Id and state = @requested
                """,
                new
                {
                    charge.Id,
                    reason,
                    now = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                    failed = (short)ChargeState.Failed,
                    requested = (short)ChargeState.Requested,
                },
                tx);
            if (ended == 0)
                return;
            foreach (var limit in new[] { counted, arriving })
                if (limit is not null && !await SpendingLimits.Keep(tx, limit))
                    throw new InvalidOperationException($"The {limit.Kind} limit of {limit.Owner} is not held by this transaction.");
        }, ct);
        db.Notifications.Raise(Topics.OfMember(charge.MemberId));
    }

    sealed class Settlement(ChargeRow charge, Yen arrived, EntryId entryId, DateTimeOffset now, Programme programme)
        : Draft<ChargeSettled, ChargeRefusal>
    {
        readonly SingleUse _settled = new(SingleUseKind.ChargeSettled, charge.Id);

        bool IsLate => charge.State == ChargeState.Failed;

        public override Guid Id => entryId;
        public override IReadOnlyList<Guid> Owners { get; } = [charge.MemberId];
        public override IReadOnlyList<SingleUse> SingleUses => [_settled];
        public override bool IsPatient => true;
        public override bool IsAlone => true;
        public override JsonTypeInfo<ChargeSettled> Json => WalletJson.Default.ChargeSettled;
        public override ChargeRefusal Reused(IdempotencyKey key) => ChargeRefusal.KeyReused;

        public override Decision<ChargeSettled, ChargeRefusal> Decide(AccountState state)
        {
            if (state.Happened(_settled))
                return new Decision<ChargeSettled, ChargeRefusal>(new ChargeSettled(charge.Id, First: false));

            // From here nothing may fail.
            var member = state.Of(charge.MemberId);
            var credited = IsLate || member.HasLeft ? Yen.Zero : Yen.Min(arrived, charge.ReservedYen + Above(member));
            var legs = new List<Leg>(3);
            if (credited > Yen.Zero)
                legs.Add(Leg.Of(charge.MemberId, charge.Credits, credited));
            legs.Add(Leg.Of(Chart.Operator, charge.Source.Clearing(), -arrived));
            if (arrived > credited)
                legs.Add(Leg.Of(Chart.Operator, AccountType.Suspense, arrived - credited));
            LimitUse[] counted = charge.Plural(credited - charge.ReservedYen) is { } use ? [use] : [];
            return new Decision<ChargeSettled, ChargeRefusal>(new ChargeSettled(charge.Id, First: true))
            {
                Entry = new Entry(entryId, EntryKind.Charge, now, Initiator.Member(charge.MemberId), legs)
                { AttachedHash = GiveReceipt.RequestOf(charge.Id) },
                SingleUses = [_settled],
                Uses = IsLate ? [] : [.. counted, LimitUse.OnTheWay(charge.MemberId, -charge.ReservedYen.Value)],
                Topics = [Topics.OfMember(charge.MemberId)],
                Alongside = (tx, _) => End(tx, credited),
            };
        }

        /// <summary>How much of what lies above what was asked the caps still allow: more notes than were announced.</summary>
        Yen Above(OwnerState member)
        {
            if (arrived <= charge.ReservedYen || charge.CountsOn == 0)
                return Yen.Zero;
            var bounds = charge.Source.Bounds(programme.Charges);
            var cap = charge.Credits == AccountType.Money ? programme.BalanceCap : programme.BalanceCapUnverified;
            long[] limits =
            [
                (arrived - charge.ReservedYen).Value,
                bounds.Most - charge.ReservedYen.Value,
                member.SpendingLimit(charge.Source.SpendingLimit()).Left(bounds.Caps(), JapanDay.FromNumber(charge.CountsOn)).Today,
                cap - member.Total(Unit.Yen) - member.Arriving,
            ];
            return new Yen(Math.Max(0, limits.Min() / bounds.Step * bounds.Step));
        }

        /// <summary>
        /// Beside the entry, in its transaction: the charge's own row ends. One that was given up stays so, and names where its money is.
        /// </summary>
        async Task End(DbTransaction tx, Yen credited)
        {
            var ended = await tx.Connection!.ExecuteAsync(
                """
                update charge
                set state = @state, credited_yen = @credited, suspense_yen = @suspense, entry_id = @entryId, ended_ms = @at
                where id = @Id and state = @before and entry_id is null
                """,
                new
                {
                    charge.Id,
                    before = (short)charge.State,
                    state = (short)(IsLate ? ChargeState.Failed : ChargeState.Completed),
                    credited = credited.Value,
                    suspense = (arrived - credited).Value,
                    entryId,
                    at = now.ToUnixTimeMilliseconds(),
                },
                tx);
            if (ended == 0)
                throw new EndedMeanwhileException(charge.Id);
        }
    }

    /// <summary>The charge's row is not as it was read: somebody else ended it.</summary>
    sealed class EndedMeanwhileException(ChargeId id) : Exception($"Charge {id} ended meanwhile.");
}
