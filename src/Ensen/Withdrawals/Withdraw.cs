using System.Data.Common;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ensen.Access;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Withdrawals;

/// <summary>Money that a member wants on a bank account of their own.</summary>
/// <param name="Account">Which of those that are linked; null for the one linked last.</param>
/// <param name="Proof">Who asks, and the proof of it if there is one.</param>
/// <param name="MustProve">Nothing else shows that it is the member: no key of a browser signed, and no program asks.</param>
public sealed record WithdrawRequest(
    Payer Payer, Yen Amount, BankAccountId? Account, StepUpProof Proof, bool MustProve, IReadOnlyList<IdempotencyKey> IdempotencyKeys);

/// <summary>A withdrawal that was taken on; <paramref name="Balance"/> is the member's then, money and prepaid.</summary>
[StoredAs("withdrawal-begun")]
public sealed record WithdrawalBegun(WithdrawalId WithdrawalId, Yen Amount, Yen Balance, DateTimeOffset At);

/// <summary>Why nothing is withdrawn; the names are the contract's codes.</summary>
public enum WithdrawRefusal
{
    None = 0,
    InvalidAmount = 1,
    KeyReused = 2,

    /// <summary>The member has left since they asked.</summary>
    MemberLeft = 3,
    NotVerified = 4,
    Frozen = 5,

    /// <summary>No bank is set up here.</summary>
    NotAvailable = 6,

    /// <summary>None of the member's accounts is linked, or not the one that was named.</summary>
    NoBankAccount = 7,
    OverLimit = 8,

    /// <summary>There is less money; prepaid value cannot be withdrawn.</summary>
    InsufficientBalance = 9,

    /// <summary>The member has to prove who they are: for an account that was linked a short time ago, always.</summary>
    StepUpRequired = 10,
}

/// <summary>
/// A member takes money to a bank account of their own: never prepaid value, never points. It leaves the wallet at once and lies aside;
/// after the commit the bank is asked, by this node if it lives, by another one if not, and what it says ends the withdrawal once.
/// </summary>
public sealed class Withdraw(
    Database db, GeneralLedger ledger, Outbox outbox, StepUp stepUp, ExternalGateways outside, Programme programme, TimeProvider clock)
{
    /// <summary>How long a member waits for the bank before "under way" is the answer. The work itself goes on.</summary>
    internal TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(4);

    public async Task<Answer<WithdrawalBegun, WithdrawRefusal>> Run(WithdrawRequest request, CancellationToken ct = default)
    {
        if (!Movement.IsAmount(request.Amount.Value)) return WithdrawRefusal.InvalidAmount;
        var now = clock.Now();
        var account = await AccountOf(request, ct);
        var standing = new WithdrawalStanding(
            account, outside.Has(Gateway.Bank), request.MustProve || account is not null && IsFresh(account, now),
            await stepUp.Stands(request.Proof, Spending.Withdrawals, ct));
        var id = Id.New<WithdrawalId>(now, request.Payer.MemberId);
        try
        {
            var answer = await ledger.Post(new WithdrawDraft(this, request, standing, id, now), ct);
            if (answer is { Accepted: true, Replayed: false })
                await Task.WhenAny(outbox.RunNow(id, CancellationToken.None), Task.Delay(Patience, clock, ct));
            return answer;
        }
        catch (ProofUsedException)
        {
            return WithdrawRefusal.StepUpRequired;
        }
    }

    /// <summary>What became of the withdrawal that was asked for with this key; null while nothing is known of it.</summary>
    public Task<Answer<WithdrawalBegun, WithdrawRefusal>?> FindOutcome(Guid caller, string key, CancellationToken ct = default) =>
        StoredAnswer.FindOutcome<WithdrawalBegun, WithdrawRefusal>(db, caller, key, WithdrawalsJson.Default.WithdrawalBegun, ct);

    /// <summary>
    /// Whoever has taken a session over links an account first and empties the wallet into it next: for a while a proof is asked for each
    /// withdrawal to an account that is new here.
    /// </summary>
    public bool IsFresh(BankAccount account, DateTimeOffset now) =>
        now < Instant.OfMilliseconds(account.LinkedMs).AddHours(programme.Withdrawals.NewAccountHours);

    async Task<BankAccount?> AccountOf(WithdrawRequest request, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var linked = await BankAccounts.Of(connection, request.Payer.MemberId);
        return request.Account is { } named ? linked.FirstOrDefault(a => a.Id == named) : linked is [var last, ..] ? last : null;
    }

    /// <summary>The checks, in the order of the refusals.</summary>
    internal static WithdrawRefusal Decide(
        WithdrawRequest request, WithdrawalStanding standing, OwnerState member, DateTimeOffset now, Programme programme)
    {
        var today = JapanDay.Of(now);

        if (member.HasLeft) return WithdrawRefusal.MemberLeft;
        if (!request.Payer.Verified) return WithdrawRefusal.NotVerified;
        if (member.IsFrozen) return WithdrawRefusal.Frozen;
        if (!standing.IsSetUp) return WithdrawRefusal.NotAvailable;
        if (standing.Account is null) return WithdrawRefusal.NoBankAccount;
        if (!WithdrawalLimits.Left(member, now, programme).Allows(request.Amount.Value)) return WithdrawRefusal.OverLimit;
        if (member.Balance(AccountType.Money) < request.Amount.Value) return WithdrawRefusal.InsufficientBalance;
        return standing.NeedsProof && !standing.IsProven ? WithdrawRefusal.StepUpRequired : WithdrawRefusal.None;
    }

    /// <summary>In the entry's transaction: the proof is used up, the bank will be asked, and the member is told.</summary>
    async Task Commit(DbTransaction tx, WithdrawRequest request, WithdrawalStanding standing, WithdrawalHold hold, DateTimeOffset now)
    {
        if (standing.NeedsProof && !await stepUp.Take(tx, request.Proof, Spending.Withdrawals))
            throw new ProofUsedException();
        await hold.Ask(tx);
        if (await MemberDirectory.Read(tx.Connection!, request.Payer.MemberId, tx) is { } told
            && Notice.Of(NoticeKind.WithdrawalAsked, told, at: now) is { } notice)
            await (notice with { Account = standing.Account!.Told, Yen = request.Amount.Value }).Add(outbox, tx, Id.New(now));
    }

    sealed class WithdrawDraft(Withdraw verb, WithdrawRequest request, WithdrawalStanding standing, WithdrawalId id, DateTimeOffset now)
        : Draft<WithdrawalBegun, WithdrawRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [request.Payer.MemberId, id];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys => request.IdempotencyKeys;
        public override bool IsAlone => true;
        public override JsonTypeInfo<WithdrawalBegun> Json => WithdrawalsJson.Default.WithdrawalBegun;
        public override WithdrawRefusal Reused(IdempotencyKey key) => WithdrawRefusal.KeyReused;

        public override Decision<WithdrawalBegun, WithdrawRefusal> Decide(AccountState state)
        {
            var member = state.Of(request.Payer.MemberId);
            if (Withdraw.Decide(request, standing, member, now, verb.Programme) is not WithdrawRefusal.None and var refusal)
                // A proof is brought under the same key, and a bank account, too.
                return new Decision<WithdrawalBegun, WithdrawRefusal>(refusal) { IsForNow = refusal == WithdrawRefusal.StepUpRequired };

            // From here nothing may fail.
            var hold = new WithdrawalHold(standing.Account!, request.Amount, id, now, verb.Outbox);
            return new Decision<WithdrawalBegun, WithdrawRefusal>(
                new WithdrawalBegun(id, request.Amount, new Yen(member.Total(Unit.Yen)) - request.Amount, now))
            {
                Entry = new Entry(id, EntryKind.Withdrawal, now, Initiator.Member(request.Payer.MemberId), hold.Legs),
                Uses = [new LimitUse(request.Payer.MemberId, LimitKind.Withdrawal, request.Amount.Value, JapanDay.Of(now)), hold.Room],
                Details = [hold.Detail],
                Topics = [Topics.OfMember(request.Payer.MemberId)],
                Alongside = (tx, _) => verb.Commit(tx, request, standing, hold, now),
            };
        }
    }

    Programme Programme => programme;
    Outbox Outbox => outbox;

    /// <summary>Another act of the same session was first, and used the proof up.</summary>
    sealed class ProofUsedException : Exception;
}

/// <summary>What a withdrawal is decided by besides the member's accounts.</summary>
sealed record WithdrawalStanding(BankAccount? Account, bool IsSetUp, bool NeedsProof, bool IsProven);

[JsonSerializable(typeof(WithdrawalBegun))]
[JsonSerializable(typeof(WithdrawalEnded))]
sealed partial class WithdrawalsJson : JsonSerializerContext;
