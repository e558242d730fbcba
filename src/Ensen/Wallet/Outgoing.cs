using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Wallet;

/// <summary>
/// What may leave a wallet: under low caps a payment and a transfer are one thing, and count together, so that neither is a way around
/// the other.
/// </summary>
static class Outgoing
{
    /// <summary>What the sort of movement itself leaves, under the low caps if the member has them.</summary>
    public static LimitLeft Left(OwnerState member, LimitLeft own, JapanDay today, Programme programme) =>
        member.IsUnder(RestrictionKind.LowCaps)
            ? Lowered(own, member.SpendingLimit(LimitKind.Pay), member.SpendingLimit(LimitKind.Transfer), today, programme.Payments.Low)
            : own;

    /// <inheritdoc cref="Left"/>
    public static LimitLeft Lowered(LimitLeft own, SpendingLimit paid, SpendingLimit sent, JapanDay today, LowCapRules low) => new(
        Math.Min(own.PerMovement, low.PerPayment),
        Math.Min(own.Today, Math.Max(0, low.PerDay - paid.UsedOn(today) - sent.UsedOn(today))),
        own.ThisMonth);
}
