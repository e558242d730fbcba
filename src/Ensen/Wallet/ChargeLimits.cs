using Ensen.Banking;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>The cap that stops a charge first: of one charge, of the source's day, or of the balance.</summary>
public enum ChargeCap
{
    Once = 1,
    Today = 2,
    Balance = 3,
}

/// <summary>
/// What may be charged from one source now, yen: <paramref name="Most"/> is the least of the source's cap, what is left of its day and what
/// the balance cap leaves, so 0 means not today; <paramref name="Binds"/> says which of them it is. Not <paramref name="Open"/>: the
/// identity has to be verified first. Not <paramref name="SetUp"/>: this installation has no gateway to the source.
/// </summary>
public sealed record ChargeLimit(ChargeSource Source, bool SetUp, bool Open, long Least, long Most, long Step, ChargeCap Binds)
{
    /// <summary>False: none of the member's bank accounts is linked.</summary>
    public bool Linked { get; init; } = true;
}

/// <summary>
/// Reads what a member may charge, for the page that asks for an amount. The caps are decided when the charge is taken on.
/// </summary>
public sealed class ChargeLimits(Database db, ExternalGateways outside, Programme programme, TimeProvider clock)
{
    public async Task<IReadOnlyList<ChargeLimit>> Of(Payer member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var today = JapanDay.Of(clock.GetUtcNow());
        var cap = member.BalanceCap(programme);
        var room = cap - await Accounts.Sum(connection, member.MemberId,
            WalletModule.Spendable) - (await SpendingLimits.Find(connection, member.MemberId, LimitKind.Arriving)).DayUsed;
        var isLinked = await BankAccounts.ForCharges(connection, member.MemberId) is not null;
        var limits = new List<ChargeLimit>(3);
        foreach (var source in Enum.GetValues<ChargeSource>())
        {
            var bounds = source.Bounds(programme.Charges);
            var left = (await SpendingLimits.Find(connection, member.MemberId, source.SpendingLimit())).Left(bounds.Caps(), today);
            var most = Math.Max(0, Math.Min(Math.Min(left.PerMovement, left.Today), room)) / bounds.Step * bounds.Step;
            var binds = room < Math.Min(left.PerMovement, left.Today) ? ChargeCap.Balance
                : left.Today < left.PerMovement ? ChargeCap.Today
                : ChargeCap.Once;
            limits.Add(new ChargeLimit(
                source, outside.Has(source.Gateway()), member.Verified || source != ChargeSource.Bank, bounds.Least,
                most < bounds.Least ? 0 : most, bounds.Step, binds)
            { Linked = isLinked || source != ChargeSource.Bank });
        }
        return limits;
    }
}
