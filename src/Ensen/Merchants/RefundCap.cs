using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Merchants;

/// <summary>
/// Who of a merchant's staff gives something back, and how much they may by their role: at most in one refund, and in a day. What was set
/// for themselves stands in their limit (<see cref="LimitKind"/>) and holds in its place.
/// </summary>
public sealed record RefundCap(Guid Who, Yen PerRefund, Yen PerDay)
{
    /// <param name="limit">What they gave back so far, and their own caps, as the ledger's writer has them.</param>
    public bool Allows(Yen amount, SpendingLimit limit, JapanDay today) =>
        Left(limit, today) is var left && amount <= left.PerRefund && amount <= left.Left;

    /// <summary>What holds for them, and what of the day's they have not given back yet.</summary>
    /// <inheritdoc cref="Allows" path="/param"/>
    public (Yen PerRefund, Yen PerDay, Yen Left) Left(SpendingLimit limit, JapanDay today)
    {
        var perDay = new Yen(limit.PerDay ?? PerDay.Value);
        return (Yen.Min(perDay, new Yen(limit.PerMovement ?? PerRefund.Value)), perDay,
            Yen.Max(Yen.Zero, perDay - new Yen(limit.UsedOn(today))));
    }
}
