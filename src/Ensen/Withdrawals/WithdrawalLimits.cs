using Ensen.Banking;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Withdrawals;

/// <summary>What a member can withdraw now, and what holds the rest.</summary>
/// <param name="Most">Of one withdrawal, yen.</param>
/// <param name="Prepaid">What can only be spent.</param>
/// <param name="Account">Where it goes: the account that was linked last.</param>
public sealed record Withdrawable(
    Yen Most, Yen Money, Yen Prepaid, LimitLeft Left, bool Frozen, LowCapsInForce? LowCaps, IReadOnlyList<BankAccount> Accounts,
    bool IsSetUp);

/// <summary>
/// The caps of withdrawals: the programme's, the member's own on what leaves by paying, and for a while the low ones of a new device, under
/// which all that leaves counts together. A minor's are no lower: the money stays theirs.
/// </summary>
public sealed class WithdrawalLimits(Database db, Balances balances, ExternalGateways outside, Programme programme, TimeProvider clock)
{
    internal static LimitLeft Left(OwnerState member, DateTimeOffset now, Programme programme)
    {
        var today = JapanDay.Of(now);
        return Outgoing.Left(
            member, Own(member.SpendingLimit(LimitKind.Withdrawal), member.SpendingLimit(LimitKind.Pay), now, programme), today, programme);
    }

    static LimitLeft Own(SpendingLimit withdrawn, SpendingLimit paid, DateTimeOffset now, Programme programme)
    {
        var (rules, own) = (programme.Withdrawals, paid.At(now));
        return withdrawn.Left(new Caps(
            Math.Min(rules.PerWithdrawal, own.PerMovement ?? long.MaxValue),
            Math.Min(rules.PerDay, own.PerDay ?? long.MaxValue),
            Math.Min(rules.PerMonth, own.PerMonth ?? long.MaxValue)), JapanDay.Of(now));
    }

    /// <summary>The same as a page shows it before anything is asked.</summary>
    public async Task<Withdrawable> Of(Payer member, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        var wallet = await balances.Of(member, ct);
        await using var connection = await db.Connect(ct);
        var used = new Dictionary<LimitKind, SpendingLimit>();
        foreach (var kind in Outgoing.Kinds)
            used[kind] = await SpendingLimits.Find(connection, member.MemberId, kind);
        var left = Own(used[LimitKind.Withdrawal], used[LimitKind.Pay], now, programme);
        if (wallet.LowCaps is not null)
            left = Outgoing.Lowered(left, used.Values, JapanDay.Of(now), programme.Payments.Low);
        var most = Math.Min(Math.Min(left.PerMovement, left.Today), Math.Min(left.ThisMonth, wallet.Money.Value));
        return new Withdrawable(
            new Yen(Math.Max(0, most)), wallet.Money, wallet.Prepaid, left, wallet.Frozen, wallet.LowCaps,
            await BankAccounts.Of(connection, member.MemberId), outside.Has(Gateway.Bank));
    }
}
