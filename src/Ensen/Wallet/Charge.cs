using System.Data.Common;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>A charge as asked for; <paramref name="Payer"/> is the member whose wallet is charged.</summary>
public sealed record ChargeRequest(Payer Payer, ChargeSource Source, Yen Amount, OnceKey Once);

/// <summary>
/// A charge that was taken on. Requested: the outcome is not known yet, and nobody has to ask again for it to become known.
/// <paramref name="Amount"/> is what arrived once it is completed, what was asked before. <paramref name="Reason"/> says why it failed.
/// </summary>
public sealed record Charged(Guid ChargeId, ChargeState State, long Amount, long Balance, string? Reason, AtmNumbers? Atm);

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
}

/// <summary>
/// A member charges the wallet. What the caps allow is reserved and the order to the outside is written in one transaction; then the order
/// is carried out at once, by this node if it lives, by another one if not, and its outcome is booked exactly once.
/// </summary>
public sealed class Charge(Database db, Outbox outbox, Outside outside, Programme programme, TimeProvider clock)
{
    /// <summary>How long a member waits before "checking" is the answer. The work itself goes on.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public async Task<Answer<Charged, ChargeRefusal>> Run(ChargeRequest request, CancellationToken ct = default)
    {
        var bounds = request.Source.Bounds(programme.Charges);
        if (!Movement.IsAmount(request.Amount.Value) || request.Amount.Value < bounds.Least || request.Amount.Value % bounds.Step != 0)
            return ChargeRefusal.InvalidAmount;
        if (await db.Transact(tx => TakeOn(tx, request), ct) is not { } taken)
            return await Repeat(request.Once, ct);
        if (taken.Refusal != ChargeRefusal.None)
            return taken.Refusal;
        await CarryOut(taken.Id);
        return await Remember(request.Once, taken.Id, ct);
    }

    /// <summary>Null: the key was taken before, and nothing was written.</summary>
    async Task<TakenOn?> TakeOn(DbTransaction tx, ChargeRequest request)
    {
        var now = clock.GetUtcNow();
        if (!await OnceKeys.Take(tx, request.Once, now))
            return null;
        var today = BusinessDay.Of(now);
        var pending = await Charges.AddPending(tx, request.Payer.MemberId, 0);
        var allowance = await Allowances.Hold(tx, request.Payer.MemberId, request.Source.Allowance());
        var standing = new ChargeStanding(
            await Allowances.IsFrozen(tx, request.Payer.MemberId),
            allowance.Left(request.Source.Bounds(programme.Charges).Caps(), today),
            await Accounts.YenOf(tx.Connection!, request.Payer.MemberId, tx) + new Yen(pending),
            outside.Has(request.Source.Gateway()));
        var refusal = Decide(request, standing, programme);
        if (refusal != ChargeRefusal.None)
        {
            await OnceKeys.Answer(tx, request.Once.Caller, request.Once.Key,
                RememberedAnswer.Write<Charged, ChargeRefusal>(refusal, WalletJson.Default.Charged));
            return new TakenOn(Guid.Empty, refusal);
        }

        // From here nothing may fail.
        await Allowances.Reserve(tx, allowance, request.Amount.Value, today);
        var book = request.Payer.Verified && request.Source != ChargeSource.Card ? Book.Money : Book.Prepaid;
        var id = await Place(tx, request.Payer.MemberId, request.Once.Key, request.Source, book, request.Amount, today.Number, now);
        return new TakenOn(id, ChargeRefusal.None);
    }

    /// <summary>The checks, in the order of the refusals.</summary>
    internal static ChargeRefusal Decide(ChargeRequest request, ChargeStanding standing, Programme programme)
    {
        if (request.Source == ChargeSource.Bank && !request.Payer.Verified) return ChargeRefusal.NotVerified;
        if (standing.Frozen) return ChargeRefusal.Frozen;
        if (!standing.Left.Allows(request.Amount.Value)) return ChargeRefusal.OverLimit;
        var cap = request.Payer.Verified ? programme.BalanceCap : programme.BalanceCapUnverified;
        if ((standing.HeldAndPending + request.Amount).Value > cap) return ChargeRefusal.OverLimit;
        if (!standing.SetUp) return ChargeRefusal.NotAvailable;
        return ChargeRefusal.None;
    }

    /// <summary>Writes the charge, what it keeps free, and the order to the outside.</summary>
    internal async Task<Guid> Place(
        DbTransaction tx, Guid memberId, string? onceKey, ChargeSource source, Book book, Yen amount, int countsOn, DateTimeOffset now)
    {
        var id = Id.New(now);
        await Charges.AddPending(tx, memberId, amount.Value);
        await Charges.Insert(tx, new ChargeRow(
            id, memberId, onceKey, source, book, ChargeState.Requested, amount.Value, amount.Value, countsOn, 0, 0, null, null,
            now.ToUnixTimeMilliseconds(), null));
        await outbox.Add(tx, id, ChargeWork.Kind, "");
        return id;
    }

    /// <summary>Carries the order out now, for as long as a member likes to wait; what takes longer goes on without the member.</summary>
    internal async Task CarryOut(Guid id)
    {
        var work = outbox.RunNow(id, CancellationToken.None);
        await Task.WhenAny(work, Task.Delay(Patience, clock));
    }

    /// <summary>Where the charge stands now, in the words of an answer.</summary>
    public async Task<Charged> Read(Guid id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var charge = await Charges.Find(connection, id) ?? throw new InvalidOperationException($"There is no charge {id}.");
        var ticket = charge is { Source: ChargeSource.Atm, State: ChargeState.Requested } ? await outside.Atm.Ask(id, ct) : null;
        return new Charged(
            id, charge.State, charge.State == ChargeState.Completed ? charge.CreditedYen : charge.AskedYen,
            (await Accounts.YenOf(connection, charge.MemberId)).Value, charge.Reason,
            ticket is null ? null : new AtmNumbers(ticket.CompanyNumber, ticket.CustomerNumber, ticket.Until));
    }

    /// <summary>The first answer to be remembered is the answer for everybody who asks with this key.</summary>
    async Task<Answer<Charged, ChargeRefusal>> Remember(OnceKey key, Guid id, CancellationToken ct)
    {
        Answer<Charged, ChargeRefusal> answer = await Read(id, ct);
        var mine = RememberedAnswer.Write(answer, WalletJson.Default.Charged);
        var kept = await db.Transact(tx => OnceKeys.AnswerFirst(tx, key.Caller, key.Key, mine), ct);
        return kept == mine ? answer : RememberedAnswer.Read<Charged, ChargeRefusal>(kept, WalletJson.Default.Charged);
    }

    /// <summary>The same key again. While the first request is under way this one waits with it; if its node died, this one answers in its place.</summary>
    async Task<Answer<Charged, ChargeRefusal>> Repeat(OnceKey key, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            await using (var connection = await db.Connect(ct))
            {
                var found = await OnceKeys.Find(connection, key) ?? throw new InvalidOperationException("A once-only key was forgotten.");
                if (!key.IsSameRequest(found))
                    return ChargeRefusal.KeyReused;
                if (found.Answer is not null)
                    return RememberedAnswer.Read<Charged, ChargeRefusal>(found.Answer, WalletJson.Default.Charged);
                // Key and charge were written together: one without the other is nothing to wait for.
                var charge = await Charges.Find(connection, key) ?? throw new InvalidOperationException("A once-only key names a charge that is gone: run verify.");
                if (charge.State != ChargeState.Requested || clock.GetElapsedTime(started) > Patience)
                    return (await Remember(key, charge.Id, ct)).AsReplay();
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), clock, ct);
        }
    }

    sealed record TakenOn(Guid Id, ChargeRefusal Refusal);
}

/// <summary>What the decision about a charge looks at: what the cap of its source leaves, what is held or on its way already, and whether there is a gateway.</summary>
readonly record struct ChargeStanding(bool Frozen, AllowanceLeft Left, Yen HeldAndPending, bool SetUp);
