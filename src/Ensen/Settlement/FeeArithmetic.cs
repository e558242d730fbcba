using Ensen.Basics;

namespace Ensen.Settlement;

/// <summary>
/// The published rule, in whole numbers only. The fee is so much of what a merchant took in a settlement less what it gave back, rounded
/// down; where more was given back than taken the fee goes back, and the remainder stays with the merchant as well. The tax is of the
/// statement's fee, rounded once, towards nothing.
/// </summary>
public sealed record FeeArithmetic(Yen Base, Yen Fee, Yen Tax)
{
    public static FeeArithmetic Of(Yen taken, Rate feeRate, Rate taxRate)
    {
        var fee = taken < Yen.Zero ? -feeRate.Of(-taken.Value, Rounding.Up) : feeRate.Of(taken.Value, Rounding.Down);
        var tax = fee < 0 ? -taxRate.Of(-fee, Rounding.Down) : taxRate.Of(fee, Rounding.Down);
        return new FeeArithmetic(taken, new Yen(fee), new Yen(tax));
    }

    /// <summary>What is left of it for the merchant.</summary>
    public Yen Left => Base - Fee - Tax;
}
