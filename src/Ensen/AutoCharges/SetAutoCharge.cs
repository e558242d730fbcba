using System.Data.Common;
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
public sealed class SetAutoCharge(
    Database db, StepUp stepUp, ExternalGateways outside, Outbox outbox, Programme programme, TimeProvider clock)
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
            await db.Transact(async tx =>
            {
                if (await AutoChargeRows.TurnOff(tx, member, now.ToUnixTimeMilliseconds()))
                    await Tell(tx, member, NoticeKind.AutoChargeOff, null, now);
            }, ct);
            outbox.Wake();
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
            var wasOn = await AutoChargeRows.Find(tx.Connection!, member, tx) is { State: AutoChargeState.On };
            if (await AutoChargeRows.Set(tx, member, AutoChargeState.On, terms,
                isBelow ? null : await AutoChargeRows.Paid(tx.Connection!, member, tx), now.ToUnixTimeMilliseconds()))
                await Tell(tx, member, wasOn ? NoticeKind.AutoChargeChanged : NoticeKind.AutoChargeSet, terms, now);
            return true;
        }, ct);
        outbox.Wake();
        return isProven ? await Read(member, ct) : SetAutoChargeRefusal.StepUpRequired;
    }

    /// <summary>Whoever is not the member and did it is found out by this: it is told of each change.</summary>
    async Task Tell(DbTransaction tx, MemberId id, NoticeKind what, AutoChargeTerms? terms, DateTimeOffset now)
    {
        if (await MemberDirectory.Read(tx.Connection!, id, tx) is { HasLeft: false } member
            && Notice.Of(what, member, at: now) is { } notice)
            await (notice with
            {
                Account = await BankAccounts.Of(tx.Connection!, id, tx) is [var first, ..] ? first.Told : "",
                Terms = terms is null ? null : new NoticedTerms(terms.Below.Value, terms.Amount.Value, terms.PerMonth.Value),
            }).Add(outbox, tx, Id.New(now));
    }

    /// <summary>Which of the amounts are none that can be, by their names in the contract.</summary>
    public static IReadOnlyList<string> Faults(AutoChargeTerms terms, Programme programme)
    {
        var bounds = programme.Charges.Bank;
        var faults = new List<string>();
        if (terms.Below.Value <= 0 || terms.Below.Value > programme.BalanceCap)
            faults.Add("below");
        if (terms.Amount.Value < bounds.Least || terms.Amount.Value > bounds.Most || terms.Amount.Value % bounds.Step != 0)
            faults.Add("amount");
        if (!Movement.IsAmount(terms.PerMonth.Value) || terms.PerMonth < terms.Amount)
            faults.Add("perMonth");
        return faults;
    }

    /// <summary>The checks before the proof is taken, in the order of the refusals.</summary>
    internal static SetAutoChargeRefusal Decide(
        SetAutoChargeRequest request, bool isFrozen, bool isSetUp, bool isLinked, Programme programme)
    {
        if (Faults(request.Terms!, programme).Count > 0) return SetAutoChargeRefusal.InvalidAmount;
        if (!request.Payer.Verified) return SetAutoChargeRefusal.NotVerified;
        if (isFrozen) return SetAutoChargeRefusal.Frozen;
        if (!isSetUp) return SetAutoChargeRefusal.NotAvailable;
        return isLinked ? SetAutoChargeRefusal.None : SetAutoChargeRefusal.NoBankAccount;
    }
}
