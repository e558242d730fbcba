using Ensen.Access;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.AutoCharges;

/// <summary>What a member wants of auto-charge; <paramref name="Terms"/> null: it is off.</summary>
public sealed record SetAutoChargeRequest(Payer Payer, AutoChargeTerms? Terms, StepUpProof Proof);

/// <summary>How it stands; what stands there while it is off is what it was on with last.</summary>
/// <param name="Account">What charges take from; null when none is linked.</param>
public sealed record AutoChargeSeen(AutoCharge? Setting, Yen UsedThisMonth, BankAccount? Account);

/// <summary>Why it stays as it was, in the order it is checked; the names are the contract's codes.</summary>
public enum SetAutoChargeRefusal
{
    None = 0,

    /// <summary>Below which amount, how much, or how much a month: none that can be.</summary>
    InvalidAmount = 1,
    NotVerified = 2,
    Frozen = 3,

    /// <summary>No bank is set up here.</summary>
    NotAvailable = 4,
    NoBankAccount = 5,

    /// <summary>It is turned on or changed: the member proves who they are. Turning it off takes no proof.</summary>
    StepUpRequired = 6,
}

/// <summary>
/// A member lets the wallet be charged from their bank account by itself when it holds less than they say, or stops that. It is off until
/// somebody turns it on.
/// </summary>
public sealed class SetAutoCharge(Database db, StepUp stepUp, ExternalGateways outside, Programme programme, TimeProvider clock)
{
    /// <summary>What a challenge says that is to turn it on.</summary>
    public static StepUpPurpose Purpose { get; } = new("auto-charge", lasts: true);

    public async Task<AutoChargeSeen> Read(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var setting = await AutoChargeRows.Find(connection, member);
        return new AutoChargeSeen(setting, setting?.UsedIn(JapanDay.Of(clock.GetUtcNow()).Month) ?? Yen.Zero,
            await BankAccounts.ForCharges(connection, member));
    }

    public async Task<Answer<AutoChargeSeen, SetAutoChargeRefusal>> Run(SetAutoChargeRequest request, CancellationToken ct = default)
    {
        var (member, now) = (request.Payer.MemberId, clock.Now());
        if (request.Terms is not { } terms)
        {
            await db.Transact(tx => AutoChargeRows.TurnOff(tx, member, now.ToUnixTimeMilliseconds()), ct);
            return await Read(member, ct);
        }
        bool isFrozen, isLinked;
        await using (var connection = await db.Connect(ct))
        {
            isFrozen = await Restrictions.Holds(connection, member, RestrictionKind.Frozen, now);
            isLinked = await BankAccounts.ForCharges(connection, member) is not null;
        }
        if (Decide(request, isFrozen, outside.Has(Gateway.Bank), isLinked, programme)
            is not SetAutoChargeRefusal.None and var refusal)
            return refusal;
        var isProven = await db.Transact(async tx =>
        {
            if (!await stepUp.Take(tx, request.Proof, Purpose))
                return false;
            var isBelow = await Accounts.Sum(tx.Connection!, member, WalletModule.Spendable, tx) < terms.Below.Value;
            await AutoChargeRows.Set(tx, member, AutoChargeState.On, terms,
                isBelow ? null : await AutoChargeRows.Paid(tx.Connection!, member, tx), now.ToUnixTimeMilliseconds());
            return true;
        }, ct);
        return isProven ? await Read(member, ct) : SetAutoChargeRefusal.StepUpRequired;
    }

    /// <summary>The checks before the proof is taken, in the order of the refusals.</summary>
    internal static SetAutoChargeRefusal Decide(
        SetAutoChargeRequest request, bool isFrozen, bool isSetUp, bool isLinked, Programme programme)
    {
        if (!IsFine(request.Terms!, programme)) return SetAutoChargeRefusal.InvalidAmount;
        if (!request.Payer.Verified) return SetAutoChargeRefusal.NotVerified;
        if (isFrozen) return SetAutoChargeRefusal.Frozen;
        if (!isSetUp) return SetAutoChargeRefusal.NotAvailable;
        return isLinked ? SetAutoChargeRefusal.None : SetAutoChargeRefusal.NoBankAccount;
    }

    static bool IsFine(AutoChargeTerms terms, Programme programme)
    {
        var bounds = programme.Charges.Bank;
        return terms.Below.Value is > 0 && terms.Below.Value <= programme.BalanceCap
            && terms.Amount.Value >= bounds.Least && terms.Amount.Value <= bounds.Most && terms.Amount.Value % bounds.Step == 0
            && Movement.IsAmount(terms.PerMonth.Value) && terms.PerMonth >= terms.Amount;
    }
}
