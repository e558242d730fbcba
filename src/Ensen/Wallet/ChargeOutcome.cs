using System.Data.Common;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>A charge came to its end; <paramref name="First"/> is false for those who find it ended already.</summary>
public sealed record ChargeSettled(Guid ChargeId, bool First);

/// <summary>How a charge ends: booked, or given up and its cap given back. Either happens once, whoever tries and however often.</summary>
public sealed class ChargeOutcome(Database db, GeneralLedger ledger, Programme programme, TimeProvider clock)
{
    /// <summary>Books what arrived. More than was asked goes to the member as far as the caps allow, and the rest to suspense.</summary>
    public async Task Complete(ChargeRow charge, Yen arrived, CancellationToken ct)
    {
        var room = arrived.Value <= charge.ReservedYen ? charge.ReservedYen : await Widen(charge, arrived, ct);
        var now = clock.GetUtcNow();
        await ledger.Post(new Settlement(charge, Yen.Min(arrived, new Yen(room)), arrived, Id.New(now), now), ct);
    }

    /// <summary>Ends it without money; what it kept free is free again.</summary>
    public async Task Fail(ChargeRow charge, string reason, CancellationToken ct)
    {
        await db.Transact(async tx =>
        {
            await Charges.AddPending(tx, charge.MemberId, 0);
            var reserved = await tx.Connection!.QuerySingleOrDefaultAsync<long?>(
                """
                update charge
                set state = @failed, reason = @reason, ended_ms = @now
                where id = @Id and state = @requested
                returning reserved_yen
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
            if (reserved is { } free)
                await Release(tx, charge, free, credited: 0);
        }, ct);
        db.Signals.Raise(News.OfMember(charge.MemberId));
    }

    /// <summary>Notes above what was asked: reserves as many of them as today's cap and the balance cap still allow. Returns what is reserved then.</summary>
    Task<long> Widen(ChargeRow charge, Yen arrived, CancellationToken ct) => db.Transact(async tx =>
    {
        var pending = await Charges.AddPending(tx, charge.MemberId, 0);
        var current = await Charges.Find(tx.Connection!, charge.Id, tx) ?? charge;
        if (current.State != ChargeState.Requested || arrived.Value <= current.ReservedYen)
            return current.ReservedYen;
        var bounds = charge.Source.Bounds(programme.Charges);
        var today = BusinessDay.FromNumber(charge.CountsOn);
        var allowance = await Allowances.Hold(tx, charge.MemberId, charge.Source.Allowance());
        var held = await Accounts.YenOf(tx.Connection!, charge.MemberId, tx);
        var cap = charge.Book == Book.Money ? programme.BalanceCap : programme.BalanceCapUnverified;
        long[] limits =
        [
            arrived.Value - current.ReservedYen,
            bounds.Most - current.ReservedYen,
            allowance.Left(bounds.Caps(), today).Today,
            cap - held.Value - pending,
        ];
        var more = Math.Max(0, limits.Min() / bounds.Step * bounds.Step);
        await Allowances.Reserve(tx, allowance, more, today);
        await Charges.AddPending(tx, charge.MemberId, more);
        await tx.Connection!.ExecuteAsync(
            "update charge set reserved_yen = reserved_yen + @more where id = @Id", new { charge.Id, more }, tx);
        return current.ReservedYen + more;
    }, ct);

    static async Task Release(DbTransaction tx, ChargeRow charge, long reserved, long credited)
    {
        await Charges.AddPending(tx, charge.MemberId, -reserved);
        if (charge.Counted(reserved - credited) is { } unused)
            await Allowances.GiveBack(tx, unused);
    }

    sealed class Settlement(ChargeRow charge, Yen credited, Yen arrived, Guid entryId, DateTimeOffset now) : Draft<ChargeSettled, ChargeRefusal>
    {
        readonly Fact _settled = new(FactKind.ChargeSettled, charge.Id);

        public override Guid Id => entryId;
        public override IReadOnlyList<Guid> Owners { get; } = [charge.MemberId];
        public override IReadOnlyList<Fact> Facts => [_settled];
        public override bool IsPatient => true;
        public override JsonTypeInfo<ChargeSettled> Json => WalletJson.Default.ChargeSettled;
        public override ChargeRefusal Reused(OnceKey key) => ChargeRefusal.KeyReused;

        public override Decision<ChargeSettled, ChargeRefusal> Decide(Standing standing)
        {
            if (standing.Happened(_settled))
                return new Decision<ChargeSettled, ChargeRefusal>(new ChargeSettled(charge.Id, First: false));

            // From here nothing may fail.
            var legs = new List<Leg>(3)
            {
                Leg.Of(charge.MemberId, charge.Book, credited),
                Leg.Of(Chart.Operator, charge.Source.Clearing(), -arrived),
            };
            if (arrived > credited)
                legs.Add(Leg.Of(Chart.Operator, Book.Suspense, arrived - credited));
            return new Decision<ChargeSettled, ChargeRefusal>(new ChargeSettled(charge.Id, First: true))
            {
                Entry = new Entry(entryId, EntryKind.Charge, now, charge.MemberId, legs),
                Facts = [_settled],
                News = [News.OfMember(charge.MemberId)],
            };
        }

        /// <summary>Beside the entry, in its transaction: the charge's own row ends, and what it kept free is free again.</summary>
        public override Func<DbTransaction, CancellationToken, Task> Alongside => async (tx, _) =>
        {
            await Charges.AddPending(tx, charge.MemberId, 0);
            var reserved = await tx.Connection!.QuerySingleOrDefaultAsync<long?>(
                """
                update charge
                set state = @completed, credited_yen = @credited, suspense_yen = @suspense, entry_id = @entryId, ended_ms = @at
                where id = @Id and state = @requested
                returning reserved_yen
                """,
                new
                {
                    charge.Id,
                    credited = credited.Value,
                    suspense = (arrived - credited).Value,
                    entryId,
                    at = now.ToUnixTimeMilliseconds(),
                    completed = (short)ChargeState.Completed,
                    requested = (short)ChargeState.Requested,
                },
                tx);
            if (reserved is not { } free)
                throw new InvalidOperationException($"Charge {charge.Id} arrived after it had failed: somebody has to look.");
            await Release(tx, charge, free, credited.Value);
        };
    }
}
