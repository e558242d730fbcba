using System.Data.Common;
using System.Text.Json.Serialization.Metadata;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>A charge as asked for; <paramref name="Payer"/> is the member whose wallet is charged.</summary>
public sealed record ChargeRequest(Payer Payer, ChargeSource Source, Yen Amount, IdempotencyKey IdempotencyKeys)
{
    /// <summary>In the transaction that takes it on; what it throws, whoever asked hears, and nothing was charged.</summary>
    internal Func<DbTransaction, Task>? Alongside { get; init; }
}

/// <summary>
/// A charge that was taken on. Requested: the outcome is not known yet, and nobody has to ask again for it to become known.
/// <paramref name="Amount"/> is what arrived once it is completed, what was asked before. <paramref name="Reason"/> says why it failed.
/// </summary>
[StoredAs("charged")]
public sealed record Charged(ChargeId ChargeId, ChargeState State, Yen Amount, Yen Balance, string? Reason, AtmNumbers? Atm);

/// <summary>What the member types at the ATM, until when.</summary>
public sealed record AtmNumbers(string CompanyNumber, string CustomerNumber, DateTimeOffset Until);

/// <summary>Why a charge was not taken on; the names are the contract's codes.</summary>
public enum ChargeRefusal
{
    None = 0,
    InvalidAmount = 1,
    KeyReused = 2,
    NotVerified = 3,
    Frozen = 4,
    OverLimit = 5,

    /// <summary>No gateway to this source is set up here.</summary>
    NotAvailable = 6,

    /// <summary>By bank: none of the member's accounts is linked.</summary>
    NoBankAccount = 7,

    /// <summary>The member has left the programme since they asked.</summary>
    MemberLeft = 8,
}

/// <summary>
/// A member charges the wallet. In one step of the ledger's the caps are decided, what is on its way is counted, and the order to the
/// outside is written; then the order is carried out at once, by this node if it lives, by another one if not, and its outcome is booked
/// exactly once.
/// </summary>
public sealed class Charge(Database db, GeneralLedger ledger, Outbox outbox, ExternalGateways outside, Programme programme,
    TimeProvider clock)
{
    /// <summary>How long a member waits before "checking" is the answer. The work itself goes on.</summary>
    internal TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>A repeat looks so often, each twentieth of a second, for the outcome before it carries the order out.</summary>
    const int LooksAtTheFirst = 10;

    public async Task<Answer<Charged, ChargeRefusal>> Run(ChargeRequest request, CancellationToken ct = default)
    {
        var bounds = request.Source.Bounds(programme.Charges);
        if (!Movement.IsAmount(request.Amount.Value) || request.Amount.Value < bounds.Least || request.Amount.Value % bounds.Step != 0)
            return ChargeRefusal.InvalidAmount;
        return await Run(request, isGift: false, ct);
    }

    /// <param name="isGift">The sandbox's: outside the caps of charging, not outside the balance cap.</param>
    internal async Task<Answer<Charged, ChargeRefusal>> Run(ChargeRequest request, bool isGift, CancellationToken ct)
    {
        var now = clock.Now();
        var taken = await ledger.Post(
            new TakingOn(request, isGift, outside.Has(request.Source.Gateway()), await IsLinked(request, isGift, ct),
                Id.New<ChargeId>(now, request.Payer.MemberId), now, programme, outbox), ct);
        if (taken is { Accepted: true, Replayed: true } && taken.Value.ChargeId == default)
            return await Repeat(request.IdempotencyKeys, ct);
        if (!taken.Accepted || taken.Replayed)
            return taken;
        await CarryOut(taken.Value.ChargeId);
        return await Remember(request.IdempotencyKeys, taken.Value.ChargeId, ct);
    }

    /// <summary>What became of the charge that was asked for with this key; null while nothing is known of it.</summary>
    public async Task<Answer<Charged, ChargeRefusal>?> FindOutcome(Guid caller, string key, CancellationToken ct = default)
    {
        await using (var connection = await db.Connect(ct))
            if (await Charges.Find(connection, IdempotencyKey.Of(caller, key)) is { } charge)
                return await Read(charge.Id, ct);
        return await StoredAnswer.FindOutcome<Charged, ChargeRefusal>(db, caller, key, WalletJson.Default.Charged, ct);
    }

    /// <summary>The checks, in the order of the refusals.</summary>
    internal static ChargeRefusal Decide(ChargeRequest request, bool isGift, ChargeStanding state, Programme programme)
    {
        var cap = request.Payer.BalanceCap(programme);
        if (state.HasLeft) return ChargeRefusal.MemberLeft;
        if (isGift) return (state.HeldAndArriving + request.Amount).Value > cap ? ChargeRefusal.OverLimit : ChargeRefusal.None;
        if (request.Source == ChargeSource.Bank && !request.Payer.Verified) return ChargeRefusal.NotVerified;
        if (state.Frozen) return ChargeRefusal.Frozen;
        if (!state.Left.Allows(request.Amount.Value)) return ChargeRefusal.OverLimit;
        if ((state.HeldAndArriving + request.Amount).Value > cap) return ChargeRefusal.OverLimit;
        if (!state.SetUp) return ChargeRefusal.NotAvailable;
        if (!state.Linked) return ChargeRefusal.NoBankAccount;
        return ChargeRefusal.None;
    }

    /// <summary>
    /// Whether there is something to take from. A link that is removed a moment later is found missing when the order is carried out.
    /// </summary>
    async Task<bool> IsLinked(ChargeRequest request, bool isGift, CancellationToken ct)
    {
        if (isGift || request.Source != ChargeSource.Bank)
            return true;
        await using var connection = await db.Connect(ct);
        return await BankAccounts.ForCharges(connection, request.Payer.MemberId) is not null;
    }

    /// <summary>Carries the order out now, for as long as a member likes to wait; what takes longer goes on without the member.</summary>
    async Task CarryOut(ChargeId id)
    {
        var work = outbox.RunNow(id, CancellationToken.None);
        await Task.WhenAny(work, Task.Delay(Patience, clock));
    }

    /// <summary>Where the charge stands now, in the words of an answer.</summary>
    public async Task<Charged> Read(ChargeId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var charge = await Charges.Find(connection, id) ?? throw new InvalidOperationException($"There is no charge {id}.");
        var ticket = charge is { Source: ChargeSource.Atm, State: ChargeState.Requested } ? await outside.Atm.Ask(id, ct) : null;
        return new Charged(
            id, charge.State, charge.State == ChargeState.Completed ? charge.CreditedYen : charge.AskedYen,
            new Yen(await Accounts.Sum(connection, charge.MemberId, WalletModule.Spendable)), charge.Reason,
            ticket is null ? null : new AtmNumbers(ticket.CompanyNumber, ticket.CustomerNumber, ticket.Until));
    }

    /// <summary>The first answer to be remembered is the answer for everybody who asks with this key.</summary>
    async Task<Answer<Charged, ChargeRefusal>> Remember(IdempotencyKey key, ChargeId id, CancellationToken ct)
    {
        Answer<Charged, ChargeRefusal> answer = await Read(id, ct);
        var mine = StoredAnswer.Write(answer, WalletJson.Default.Charged);
        var kept = await db.Transact(tx => IdempotencyKeys.AnswerFirst(tx, key.Caller, key.Key, mine), ct);
        return kept == mine ? answer : StoredAnswer.Read<Charged, ChargeRefusal>(kept, WalletJson.Default.Charged);
    }

    /// <summary>
    /// The same key again. While the first request is under way this one waits with it; if its node died, this one answers in its place.
    /// </summary>
    async Task<Answer<Charged, ChargeRefusal>> Repeat(IdempotencyKey key, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        for (var looks = 1; ; looks++)
        {
            await using (var connection = await db.Connect(ct))
            {
                var found = await IdempotencyKeys.Find(connection, key)
                    ?? throw new InvalidOperationException("An idempotency key was forgotten.");
                if (!key.IsSameRequest(found))
                    return ChargeRefusal.KeyReused;
                if (found.Answer is not null)
                    return StoredAnswer.Read<Charged, ChargeRefusal>(found.Answer, WalletJson.Default.Charged);
                // Key and charge were written together: one without the other is nothing to wait for.
                var charge = await Charges.Find(connection, key)
                    ?? throw new InvalidOperationException("An idempotency key names a charge that is gone: run verify.");
                if (charge.State != ChargeState.Requested || clock.GetElapsedTime(started) > Patience)
                    return (await Remember(key, charge.Id, ct)).AsReplay();
                // Not at once: whoever takes the order from a first request that lives leaves it with nothing to answer.
                if (looks == LooksAtTheFirst)
                    await CarryOut(charge.Id);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), clock, ct);
        }
    }

    sealed class TakingOn(
        ChargeRequest request, bool isGift, bool isSetUp, bool isLinked, ChargeId id, DateTimeOffset now, Programme programme,
        Outbox outbox)
            : Draft<Charged, ChargeRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [request.Payer.MemberId];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys { get; } = [request.IdempotencyKeys];
        public override bool IsAlone => true;
        public override Charged UnderWay { get; } = new(default, ChargeState.Requested, request.Amount, Yen.Zero, null, null);
        public override JsonTypeInfo<Charged> Json => WalletJson.Default.Charged;
        public override ChargeRefusal Reused(IdempotencyKey key) => ChargeRefusal.KeyReused;

        public override Decision<Charged, ChargeRefusal> Decide(AccountState state)
        {
            var member = state.Of(request.Payer.MemberId);
            var (source, amount, today) = (request.Source, request.Amount, JapanDay.Of(now));
            var refusal = Charge.Decide(request, isGift, new ChargeStanding(
                member.IsFrozen,
                member.SpendingLimit(source.SpendingLimit()).Left(source.Bounds(programme.Charges).Caps(), today),
                new Yen(member.Total(Unit.Yen) + member.Arriving),
                isSetUp, isLinked, member.HasLeft), programme);
            if (refusal != ChargeRefusal.None) return refusal;

            // From here nothing may fail.
            var accountType = request.Payer.Verified && source != ChargeSource.Card ? AccountType.Money : AccountType.Prepaid;
            LimitUse[] kept = isGift ? [] : [new LimitUse(member.Owner, source.SpendingLimit(), amount.Value, today)];
            var row = new ChargeRow(
                id, request.Payer.MemberId, request.IdempotencyKeys.Key, source, accountType.Number, ChargeState.Requested, amount,
                amount, isGift ? 0 : today.Number, Yen.Zero, Yen.Zero, null, null, now.ToUnixTimeMilliseconds(), null);
            return new Decision<Charged, ChargeRefusal>(
                new Charged(id, ChargeState.Requested, amount, new Yen(member.Total(Unit.Yen)), null, null))
            {
                Uses = [.. kept, LimitUse.OnTheWay(member.Owner, amount.Value)],
                Alongside = async (tx, _) =>
                {
                    if (request.Alongside is { } alongside)
                        await alongside(tx);
                    await Charges.Insert(tx, row);
                    await outbox.Add(tx, id, ChargeWork.Kind, "");
                },
            };
        }
    }
}

/// <summary>
/// What the decision about a charge looks at: what the cap of its source leaves, what is held or on its way already, whether the source
/// is set up, whether the member has linked an account to it, and whether the member has left.
/// </summary>
readonly record struct ChargeStanding(bool Frozen, LimitLeft Left, Yen HeldAndArriving, bool SetUp, bool Linked = true,
    bool HasLeft = false);
