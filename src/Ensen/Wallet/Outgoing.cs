using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Wallet;

/// <summary>
/// What may leave a wallet: under low caps a payment, a transfer and a withdrawal are one thing, and count together, so that none is a way
/// around the others.
/// </summary>
static class Outgoing
{
    /// <summary>What counts together.</summary>
    public static IReadOnlyList<LimitKind> Kinds { get; } = [LimitKind.Pay, LimitKind.Transfer, LimitKind.Withdrawal];

    /// <summary>What the sort of movement itself leaves, under the low caps if the member has them.</summary>
    public static LimitLeft Left(OwnerState member, LimitLeft own, JapanDay today, Programme programme) =>
        member.IsUnder(RestrictionKind.LowCaps)
            ? Lowered(own, Kinds.Select(member.SpendingLimit), today, programme.Payments.Low)
            : own;

    /// <inheritdoc cref="Left"/>
    /// <param name="used">What went by each of the <see cref="Kinds"/>.</param>
    public static LimitLeft Lowered(LimitLeft own, IEnumerable<SpendingLimit> used, JapanDay today, LowCapRules low) => new(
        Math.Min(own.PerMovement, low.PerPayment),
        Math.Min(own.Today, Math.Max(0, low.PerDay - used.Sum(u => u.UsedOn(today)))),
        own.ThisMonth);
}
